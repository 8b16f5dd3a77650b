// The widget in Chromium against the real server: node widget.js BINARY [long | NAME...]. Each scenario makes its own server or line.
'use strict';
const assert = require('assert');
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const { Server, Line, host, launch, pause, open, chat, within, begin, type, settled, shown, token, same, PHONE, DESK, WEB } = require('./stage.js');

const [binary, ...wanted] = process.argv.slice(2);
const isLong = wanted[0] === 'long';
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
let browser;

const BARE = '<!doctype html><html lang="id"><meta name="viewport" content="width=device-width"><title>Halaman</title><script type="module" src="/widget.js"></script><main><h1>Halaman</h1></main><pandu-chat></pandu-chat></html>';
/** An entry of the menu, and an answer to what it asks. */
async function choose(page, entry, answer) {
  await within(page, '.more').click();
  await within(page, '.menu button').nth(entry).click();
  if (answer !== undefined) await within(page, '.menu button').nth(answer).click();
}

/** A server that greets and answers every message with these events. */
function answering(events, pages = { '/': BARE }, welcome = {}) {
  let seq = 0;
  return host(pages, {
    talk: (socket, message, say) => {
      if (message.type === 'hello') {
        seq = 0;
        say({ type: 'welcome', v: 1, conv: 'abc', resume: false, next: 1, language: 'id', greeting: [{ reply: 'x', text: 'Halo!', choices: [] }], limits: { text: 4096, id: 96 }, ...welcome });
      } else if (message.type === 'msg' && message.text === 'gagal') setTimeout(() => say({ type: 'nak', id: message.id, code: 'bad' }), 200); // the page was drawn by then
      else if (message.type === 'msg' && message.text === 'putus') socket.close(1008);
      else if (message.type === 'msg') {
        say({ type: 'ack', id: message.id, seq: ++seq, dup: false });
        for (const event of events) say({ type: 'event', seq: ++seq, at: Date.now(), re: message.id, ...(event.kind ? {} : { kind: 'bot', reply: 'x', text: '', choices: [] }), ...event });
      }
    },
  });
}
const SMALL = { viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true };
const SIX = ['Realistis', 'Investigatif', 'Artistik', 'Sosial', 'Kewirausahaan', 'Konvensional'].map((label, i) => ({ label, percent: 30 + 12.5 * i }));

const scenarios = {
  async size() {
    const files = ['widget.js', ...fs.readdirSync(path.join(WEB, 'widget')).map((name) => `widget/${name}`)];
    const total = files.reduce((sum, name) => sum + zlib.gzipSync(fs.readFileSync(path.join(WEB, name)), { level: 9 }).length, 0);
    console.log(`    ${files.length} files, ${total} bytes by gzip, each file by itself`);
    assert(total <= 15 * 1024, `${total} bytes`);
  },

  async taps() {
    const server = await new Server(binary).start();
    const context = await browser.newContext(PHONE);
    const page = await open(context, `${server.url}/`);
    await within(page, '.launcher').tap();
    await within(page, '.choice').nth(1).tap();
    for (let taps = 1; ; taps++) {
      await settled(page);
      const count = await within(page, '.choice').count();
      if (taps > 3 && await within(page, '.theirs').last().locator('progress').count() === 0) break;
      assert(taps < 20 && count > 0);
      await within(page, '.choice').nth(Math.min(3, count - 1)).tap();
      await page.waitForFunction((n) => document.querySelector('pandu-chat').shadowRoot.querySelectorAll('.mine').length > n, taps);
    }
    const drawn = await within(page, 'figure ul').allInnerTexts();
    assert.strictEqual(drawn.length, 1);
    for (const [i, words] of ['ulang', 'tampilkan hasilku lagi'].entries()) {
      await type(page, words);
      await settled(page);
      assert.deepStrictEqual(await within(page, 'figure ul').allInnerTexts(), Array(i + 2).fill(drawn[0]), `told again, and not drawn: ${words}`);
    }
    const want = await same(page, server);
    assert(want.filter((line) => line.startsWith('mine')).length >= 8);
    const size = await within(page, 'textarea').evaluate((element) => getComputedStyle(element).fontSize);
    assert.strictEqual(size, '16px');
    for (const button of await within(page, 'button:visible').all()) {
      const box = await button.boundingBox();
      assert(box.width >= 44 && box.height >= 44, await button.innerText());
    }
    const panel = await within(page, '.panel').boundingBox();
    assert.deepStrictEqual([panel.x, panel.y, panel.width, panel.height], [0, 0, 390, 844]);
    await page.reload();
    await within(page, '.launcher').tap();
    await same(page, server);
    assert.deepStrictEqual(page.problems, []);
    await context.close();
    await server.end();
  },

  async keyboard() {
    const server = await new Server(binary).start();
    const context = await browser.newContext(DESK);
    const page = await open(context, `${server.url}/`);
    const active = () => page.evaluate(() => {
      const inner = document.activeElement.shadowRoot?.activeElement;
      return inner ? `${inner.tagName} ${inner.className} ${inner.textContent}` : document.activeElement.tagName;
    });
    await within(page, '.launcher').waitFor();
    for (let steps = 0; !(await active()).includes('launcher'); steps++) {
      assert(steps < 40, 'the launcher cannot be reached');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await within(page, '.choice').first().waitFor();
    assert((await active()).startsWith('TEXTAREA'));
    await page.keyboard.press('Shift+Tab');
    assert((await active()).includes('choice'), await active());
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    for (let answers = 1; answers <= 12; answers++) {
      await page.waitForFunction((n) => document.querySelector('pandu-chat').shadowRoot.querySelectorAll('.mine').length >= n, answers);
      await settled(page);
      if (await within(page, '.theirs').last().locator('progress').count() === 0) break;
      await page.waitForFunction(() => document.activeElement.shadowRoot.activeElement.className === 'choice', null, { timeout: 3000 });
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    }
    await same(page, server);
    await within(page, 'textarea').focus();
    await page.keyboard.press('Escape');
    assert((await active()).includes('launcher'));
    assert(await within(page, '.panel').isHidden());
    assert.deepStrictEqual(page.problems, []);
    await context.close();
    await server.end();
  },

  async typing() {
    const server = await new Server(binary).start();
    const context = await browser.newContext(DESK);
    const page = await open(context, `${server.url}/`);
    assert.strictEqual(await page.evaluate(() => Object.keys(localStorage).length + document.cookie.length), 0);
    await begin(page);
    await within(page, '.choice').first().waitFor();
    assert.strictEqual(await page.evaluate(() => Object.keys(localStorage).length), 0, 'stored before the first message');
    for (const text of ['aku cocok ga ya kerja di bidang sosial?', '4', '5', 'ga terlalu penting', 'gajinya gimana sih?', '4', 'kembali', 'lewati', '<b>tebal</b> & "kutip"']) {
      await type(page, text);
      await settled(page);
    }
    await same(page, server);
    await page.evaluate(() => { document.querySelector('pandu-chat').language = 'en'; });
    await same(page, server);
    assert.strictEqual(await within(page, 'textarea').getAttribute('placeholder'), 'Write your message');
    assert.deepStrictEqual(page.problems, []);
    await context.close();
    await server.end();
  },

  async killed() {
    const server = await new Server(binary).start();
    const context = await browser.newContext(DESK);
    const page = await open(context, `${server.url}/`);
    await begin(page);
    await type(page, 'halo');
    await settled(page);
    await server.kill();
    for (const text of ['satu', 'dua', 'tiga']) await type(page, text);
    assert((await within(page, '[data-state=queued]').count()) === 3);
    await page.waitForFunction(() => !document.querySelector('pandu-chat').shadowRoot.querySelector('.status').hidden);
    await server.start();
    await settled(page);
    const want = await same(page, server);
    assert.deepStrictEqual(want.filter((line) => line.startsWith('mine')), ['mine: halo', 'mine: satu', 'mine: dua', 'mine: tiga']);
    await server.kill();
    await type(page, 'empat');
    await page.close();
    await server.start();
    const again = await open(context, `${server.url}/`);
    await begin(again);
    await settled(again);
    assert((await same(again, server)).includes('mine: empat'), 'what was unsent when the page was closed is lost');
    await again.waitForFunction(() => !Object.keys(localStorage).some((key) => key.includes(':o:')), null, { timeout: 10000, polling: 50 });
    await context.close();
    await server.end();
  },

  async asleep() {
    const server = await new Server(binary).start();
    const line = await new Line().open(server.port);
    server.origins = [line.url];
    await server.kill();
    await server.start();
    const context = await browser.newContext(PHONE);
    const page = await open(context, `${line.url}/`);
    await begin(page);
    await type(page, 'halo');
    await settled(page);
    line.freeze();
    await type(page, 'masih ada?');
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await settled(page, 15000);
    await same(page, server);
    await context.close();
    line.close();
    await server.end();
  },

  /** The server is away for long, what it knew is gone when it comes back, and nothing more fits into the storage. */
  async adrift() {
    const server = await new Server(binary).start();
    const context = await browser.newContext(DESK);
    await context.addInitScript((times) => {
      const { setTimeout: wait } = window;
      window.setTimeout = (work, time, ...rest) => wait(work, (time || 0) / times, ...rest);
    }, 20);
    const page = await open(context, `${server.url}/`);
    await begin(page);
    await type(page, 'halo');
    await settled(page);
    await server.kill();
    await page.waitForFunction(() => document.querySelector('pandu-chat').chat.connection.failures > 9); // the longest wait
    await type(page, 'satu');
    await page.evaluate(() => {
      for (let size = 1 << 22; size >= 1; size >>= 1) {
        try {
          for (;;) localStorage[`full${Object.keys(localStorage).length}`] = 'x'.repeat(size);
        } catch { /* now a smaller piece */ }
      }
    });
    await type(page, 'dua');
    await server.start();
    await settled(page);
    const want = (await same(page, server)).filter((line) => line.startsWith('mine'));
    assert.deepStrictEqual(want, ['mine: halo', 'mine: satu', 'mine: dua']);
    await server.kill();
    for (const name of fs.readdirSync(server.folder)) fs.rmSync(path.join(server.folder, name));
    await type(page, 'tiga');
    await type(page, 'empat');
    await server.start();
    await settled(page);
    assert.deepStrictEqual((await shown(page)).filter((line) => line.startsWith('mine')), ['mine: tiga', 'mine: empat']);
    assert.deepStrictEqual(page.problems, []);
    await context.close();

    const blocked = await browser.newContext(DESK); // no storage, a clock that goes wrong while the server is dead, a line that is cut
    await blocked.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } });
      const now = Date.now.bind(Date);
      window.away = 0;
      Date.now = () => now() + window.away;
    });
    const line = await new Line().open(server.port);
    server.origins = [line.url];
    await server.kill();
    await server.start();
    const alone = await open(blocked, `${line.url}/phone.html`);
    const said = ['satu', 'dua', 'tiga', 'empat'];
    for (const [i, text] of said.entries()) {
      await alone.evaluate((away) => { window.away = away; }, 86400000 * [0, 1, -1, 365][i]);
      await type(alone, text);
      if (i === 1) await server.kill();
      else line.cut();
    }
    await server.start();
    await settled(alone);
    assert.deepStrictEqual((await shown(alone)).filter((text) => text.startsWith('mine')), said.map((text) => `mine: ${text}`));
    assert.deepStrictEqual(alone.problems, []);
    await blocked.close();
    line.close();
    await server.end();
  },

  async tabs() {
    const server = await new Server(binary).start();
    const context = await browser.newContext(DESK);
    const pages = [await open(context, `${server.url}/`), await open(context, `${server.url}/`)];
    for (const page of pages) await begin(page);
    for (const page of pages) await within(page, '.choice').first().waitFor();
    await Promise.all(pages.map((page, i) => page.evaluate((tab) => {
      for (let n = 1; n <= 5; n++) document.querySelector('pandu-chat').send(`tab ${tab} pesan ${n}`);
    }, i)));
    for (const page of pages) await settled(page);
    const want = await same(pages[0], server);
    await same(pages[1], server);
    for (const tab of [0, 1]) {
      assert.deepStrictEqual(want.filter((text) => text.startsWith(`mine: tab ${tab}`)), [1, 2, 3, 4, 5].map((n) => `mine: tab ${tab} pesan ${n}`));
    }
    for (const page of pages) assert.deepStrictEqual(page.problems, []);
    await context.close();
    await server.end();
  },

  async hostile() {
    const words = ['<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>', 'x'.repeat(3000), '\u202egnp.exe\u202c \u2066a', 'lihat javascript:alert(1) dan https://contoh.example/a?b=1.'];
    const links = [{ label: 'jahat', url: 'javascript:window.hacked=1' }, { label: 'data', url: 'data:text/html,<script>1</script>' }, { label: '\u202emoc', url: 'https://contoh.example/' },
      { label: null, url: 'tel:119' }, { label: 'rusak', url: 'http://[' }];
    let seq = 0;
    const fake = await host({}, {
      talk: (socket, message, say) => {
        if (message.type === 'hello') {
          say({ type: 'welcome', v: 1, conv: 'abc', resume: false, next: 1, language: 'id', greeting: [{ reply: 'x', text: words[0], choices: [{ payload: 'p', id: 'p', label: words[0] }] }], limits: { text: 4096, id: 96 } });
          say({ type: 'later', what: 'unknown' });
        }
        if (message.type === 'msg') {
          say({ type: 'ack', id: message.id, seq: ++seq, dup: false });
          for (const text of words) say({ type: 'event', seq: ++seq, at: Date.now(), kind: 'bot', re: message.id, reply: 'x', text, choices: [{ payload: 'p', id: 'p', label: text }], links, bars: [{ label: text, percent: 1e9 }, { label: 'x', percent: 'NaN' }] });
          say({ type: 'event', seq: ++seq, at: Date.now(), kind: 'counsellor', name: '<i>Bu Ani</i>', text: 'Halo, ini <b>Ani</b>.', choices: [] });
          say({ type: 'event', seq: ++seq, at: Date.now(), kind: 'dance', step: 1 });
          socket.send('no json');
          socket.send('null');
        }
      },
    });
    const policy = `default-src 'none'; script-src ${fake.url}; connect-src ${fake.url} ${fake.url.replace('http', 'ws')}; style-src 'nonce-own'; base-uri 'none'; require-trusted-types-for 'script'`;
    const page2 = `<!doctype html><html lang="id"><title>x</title><style nonce="own">* { all: unset !important; display: inline !important; color: red !important } pandu-chat { opacity: 0.1; filter: blur(9px); font-size: 90px !important; letter-spacing: 2em; visibility: hidden; transform: rotate(9deg) }</style>
      <script type="module" crossorigin src="${fake.url}/widget.js"></script><main><h1>x</h1></main><pandu-chat></pandu-chat></html>`;
    const site = await host({ '/': page2 }, { policy });
    const context = await browser.newContext(DESK);
    const page = await open(context, `${site.url}/`);
    const refused = [];
    page.on('console', (message) => { if (/Content Security Policy|TrustedHTML|Refused/.test(message.text())) refused.push(message.text()); });
    const button = await within(page, '.launcher').boundingBox();
    assert.deepStrictEqual([Math.round(button.width), Math.round(button.height), Math.round(1280 - button.x - button.width)], [60, 60, 20]);
    await begin(page);
    await within(page, '.choice').first().waitFor();
    await type(page, 'halo <b>');
    await within(page, '.name b:has-text("Bu Ani")').waitFor();
    await pause(300);
    const facts = await page.evaluate(() => {
      const root = document.querySelector('pandu-chat').shadowRoot;
      const panel = root.querySelector('.panel');
      return {
        hacked: window.hacked, images: root.querySelectorAll('img,script,iframe,b > i, p b').length,
        addresses: [...root.querySelectorAll('a')].map((a) => a.protocol),
        wide: [...root.querySelectorAll('.log *:not(.hidden):not(svg *)')].filter((each) => each.getBoundingClientRect().right > panel.getBoundingClientRect().right + 1).length,
        turned: root.querySelector('.log').textContent.match(/[\u202a-\u202e\u2066-\u2069]/g),
        color: getComputedStyle(root.querySelector('.theirs .bubble')).color, font: getComputedStyle(root.querySelector('.theirs .bubble')).fontSize,
        who: root.querySelector('.name').textContent,
      };
    });
    assert.strictEqual(facts.hacked, undefined);
    assert.strictEqual(facts.images, 0);
    assert.deepStrictEqual([...new Set(facts.addresses)].sort(), ['https:', 'tel:']);
    assert.strictEqual(facts.wide, 0, 'something sticks out of the panel');
    assert.strictEqual(facts.turned, null);
    assert.deepStrictEqual([facts.color, facts.font], ['rgb(23, 33, 30)', '16px']);
    assert(facts.who.includes('<i>Bu Ani</i>'));
    assert.deepStrictEqual(refused, []);
    assert.deepStrictEqual(page.problems, []);
    await context.close();
    site.close();
    fake.close();
  },

  async places() {
    const server = await new Server(binary).start();
    const site = await host({ '/': BARE.replace('"/widget.js"', `"${server.url}/widget.js"`), '/two': BARE.replace('"/widget.js"', `"${server.url}/widget.js"`).replace('</html>', '<pandu-chat position="left"></pandu-chat></html>') });
    server.origins = [site.url];
    await server.kill();
    await server.start();
    // Storage refused, the clock a day wrong, another origin.
    const blocked = await browser.newContext(DESK);
    await blocked.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } });
      const now = Date.now.bind(Date);
      Date.now = () => now() - 86400000;
    });
    const page = await open(blocked, `${site.url}/`);
    await begin(page);
    await type(page, 'halo');
    await settled(page);
    await type(page, 'aku mau tanya gaji');
    await settled(page);
    const lines = await shown(page);
    assert.deepStrictEqual(lines.filter((line) => line.startsWith('mine')), ['mine: halo', 'mine: aku mau tanya gaji']);
    assert.deepStrictEqual(page.problems, []);
    await blocked.close();
    // A shared phone: nothing stays.
    const context = await browser.newContext(DESK);
    const shared = await open(context, `${site.url}/`);
    await shared.evaluate(() => document.querySelector('pandu-chat').setAttribute('shared', ''));
    await begin(shared);
    await type(shared, 'halo');
    await settled(shared);
    assert.strictEqual(await shared.evaluate(() => Object.keys(localStorage).length), 0);
    // Taken out and put in again, twice on a page.
    const two = await open(context, `${site.url}/two`);
    await begin(two);
    await type(two, 'halo');
    await settled(two);
    await two.evaluate(() => { const [first] = document.querySelectorAll('pandu-chat'); const { parentNode } = first; first.remove(); parentNode.prepend(first); });
    await same(two, server);
    await two.locator('pandu-chat').nth(1).locator('.launcher').click({ force: true });
    await two.locator('pandu-chat').nth(1).locator('.mine').first().waitFor();
    assert.deepStrictEqual(two.problems, []);
    await context.close();
    site.close();
    await server.end();
  },

  async data() {
    const server = await new Server(binary).start();
    const context = await browser.newContext({ ...DESK, acceptDownloads: true });
    const page = await open(context, `${server.url}/`);
    await begin(page);
    await type(page, 'halo, namaku tidak penting');
    await settled(page);
    const conv = await token(page);
    const [file] = await Promise.all([page.waitForEvent('download'), (async () => {
      await within(page, '.more').click();
      await within(page, '.menu button').nth(1).click();
    })()]);
    assert(fs.readFileSync(await file.path(), 'utf8').includes('namaku tidak penting'));
    await choose(page, 3, 0);
    assert(conv === await token(page), 'deleted although it was taken back');
    await choose(page, 3, 1);
    await within(page, '.note').waitFor();
    assert.strictEqual(await page.evaluate(() => Object.keys(localStorage).length), 0);
    const left = await server.replay(conv).catch(() => []);
    assert(!JSON.stringify(left).includes('tidak penting'), 'deleted, and still there');
    await within(page, '.choice').first().waitFor();
    await type(page, 'mulai lagi');
    await settled(page);
    await page.route('https://www.google.com/**', (route) => route.fulfill({ body: 'elsewhere' }));
    await within(page, '.more').click();
    await within(page, '.menu button').nth(4).click();
    await page.waitForURL('https://www.google.com/');
    await page.goto(`${server.url}/`);
    assert.strictEqual(await page.evaluate(() => Object.keys(localStorage).length), 0);
    await context.close();
    await server.end();
  },

  async api() {
    const server = await new Server(binary).start();
    const context = await browser.newContext(DESK);
    const site = await host({ '/': BARE.replace('"/widget.js"', `"${server.url}/widget.js"`) });
    server.origins = [site.url];
    await server.kill();
    await server.start();
    const page = await open(context, `${site.url}/`);
    await page.evaluate(() => {
      window.heard = [];
      for (const name of ['open', 'close', 'message', 'unread']) document.addEventListener(`pandu:${name}`, (event) => window.heard.push([name, event.detail]));
    });
    await page.evaluate(() => document.querySelector('pandu-chat').send('halo'));
    await within(page, '.badge:not([hidden])').waitFor();
    assert(Number(await within(page, '.badge').innerText()) >= 1);
    const heard = await page.evaluate(() => window.heard.map(([name]) => name));
    assert(heard.includes('message') && heard.includes('unread'));
    await page.reload();
    await within(page, '.badge:not([hidden])').waitFor(); // unread survives
    await page.evaluate(() => document.querySelector('pandu-chat').open());
    await within(page, '.badge').waitFor({ state: 'hidden' });
    await page.evaluate(() => document.querySelector('pandu-chat').close());
    await page.reload();
    await pause(800);
    assert(await within(page, '.badge').isHidden(), 'what was read is unread again');
    await context.close();
    site.close();
    await server.end();
  },

  async versions() {
    const server = await new Server(binary).start();
    const line = await new Line().open(server.port);
    const fake = await host({ '/': BARE.replace('<pandu-chat>', `<pandu-chat server="${line.url}">`) }, { talk: (socket, message, say) => { if (message.type === 'hello') say({ type: 'nak', code: 'version', why: 'this server speaks 2' }); } });
    server.origins = [fake.url];
    await server.kill();
    await server.start();
    const context = await browser.newContext(DESK);
    const page = await open(context, `${fake.url}/`);
    await begin(page);
    await type(page, 'halo');
    await settled(page);
    line.target = Number(new URL(fake.url).port); // an upgrade
    line.cut();
    const isTold = () => /Muat ulang/.test(document.querySelector('pandu-chat').shadowRoot.querySelector('.status').textContent);
    await page.waitForFunction(isTold);
    await type(page, 'ditulis di antaranya');
    await page.waitForFunction(isTold);
    line.target = server.port;
    await page.reload();
    await begin(page);
    await settled(page);
    assert.deepStrictEqual((await same(page, server)).filter((text) => text.startsWith('mine')), ['mine: halo', 'mine: ditulis di antaranya']);
    assert.deepStrictEqual(page.problems, []);
    await context.close();
    line.close();
    fake.close();
    await server.end();
  },

  async newer() {
    const fake = await answering([{ text: 'Baru', mood: 'glad', choices: [{ payload: '1:a', id: 'a', label: 'A', colour: 'red' }] }, { kind: 'system', what: 'tomorrow' }, { kind: 'reaction', emoji: 1 },
      { text: 'Aneh', choices: null, bars: 'abc', links: [null, 5, 'x'], progress: 'half' }, { kind: 'counsellor', name: { first: 'Ani' }, text: 'Asing', choices: 'none', bars: [null], links: { label: 'x' } }, { text: 'Lama' }],
    undefined, { v: 7, features: { video: true }, greeting: 'soon', limits: null });
    const context = await browser.newContext(DESK);
    const page = await open(context, `${fake.url}/`);
    await begin(page);
    await type(page, 'halo');
    await settled(page);
    assert.deepStrictEqual(await shown(page), ['mine: halo', 'theirs: Baru', 'theirs: Aneh', 'theirs: Asing', 'theirs: Lama']);
    assert.deepStrictEqual(page.problems, []);
    await context.close();
    fake.close();
  },

  async result() {
    const fake = await answering([{ text: 'Dua nilai.', bars: SIX.slice(0, 2) }, { text: 'Ini hasilmu.', bars: SIX, links: [{ label: 'Lowongan', url: 'https://contoh.example/a' }] },
      { text: 'Nama panjang.', bars: SIX.map(({ percent }, i) => ({ label: `soal bekerja langsung ${i}`, percent })) },
      { text: 'Bagian satu.', bars: SIX.slice(0, 2) }, { text: 'Bagian dua.', keep: 2 }]);
    const context = await browser.newContext({ ...DESK, permissions: ['clipboard-read', 'clipboard-write'] });
    await context.addInitScript(() => { window.print = () => { window.printed = true; }; });
    const page = await open(context, `${fake.url}/`);
    await begin(page);
    await type(page, 'hasil');
    await settled(page);
    const figures = within(page, 'figure');
    assert.strictEqual(await figures.nth(0).locator('.radar').count(), 0, 'two scores are no shape');
    assert.strictEqual(await figures.nth(2).locator('.radar').count(), 0, 'names that find no room in a shape stand at bars');
    const facts = await figures.nth(1).evaluate((figure) => ({
      corners: figure.querySelector('.area').getAttribute('points').split(',').map(Number), labels: [...figure.querySelectorAll('.radar text')].map((text) => text.textContent),
      rows: [...figure.querySelectorAll('li')].map((row) => row.textContent), name: figure.getAttribute('aria-label'),
      outside: [...figure.querySelectorAll('.radar text')].filter((text) => { const [a, b] = [text, figure].map((each) => each.getBoundingClientRect()); return a.left < b.left - 1 || a.right > b.right + 1; }).length,
    }));
    assert.strictEqual(facts.corners.length, 12);
    assert.deepStrictEqual(facts.corners.slice(0, 2), [160, 69]); // 30 %: 21 of 70 above the middle
    assert.deepStrictEqual(facts.labels, ['Realistis', 'Investigatif', 'Artistik', 'Sosial', 'Kewirausahaan', 'Konvensional']);
    assert.deepStrictEqual(facts.rows.slice(0, 2), ['Realistis30%', 'Investigatif42,5%']);
    assert.strictEqual(facts.outside, 0, 'a label sticks out');
    assert.strictEqual(facts.name, 'Hasil');
    const press = (row, nth) => within(page, '.theirs').filter({ hasText: row }).locator('button').nth(nth).click();
    await press('Ini hasilmu.', 0);
    const copied = 'Ini hasilmu.\n\nRealistis: 30%\nInvestigatif: 42,5%\nArtistik: 55%\nSosial: 67,5%\nKewirausahaan: 80%\nKonvensional: 92,5%';
    assert.strictEqual(await page.evaluate(() => navigator.clipboard.readText()), copied);
    const [paper] = await Promise.all([context.waitForEvent('page'), press('Ini hasilmu.', 1)]);
    await paper.waitForFunction(() => window.printed);
    assert.strictEqual(await paper.evaluate(() => document.body.innerText), copied);
    await page.bringToFront();
    await press('Bagian dua.', 0);
    assert.strictEqual(await page.evaluate(() => navigator.clipboard.readText()), 'Bagian satu.\n\nRealistis: 30%\nInvestigatif: 42,5%\n\nBagian dua.');
    assert.strictEqual(await within(page, '.theirs').filter({ hasText: 'Bagian satu.' }).locator('button').count(), 0, 'one result, buttons twice');
    assert.strictEqual(await within(page, '.card').evaluate((card) => `${card.href} ${card.rel} ${card.target}`), 'https://contoh.example/a noreferrer _blank');
    assert.deepStrictEqual(page.problems, []);
    await context.close();
    fake.close();
  },

  /** A result of several messages without bars is copied, printed and sent as one: when it comes, told again, scrolled back to. */
  async kept() {
    const server = await new Server(binary).start();
    const context = await browser.newContext({ ...PHONE, permissions: ['clipboard-read', 'clipboard-write'] });
    await context.addInitScript(() => {
      window.print = () => { window.printed = true; };
      window.sent = [];
      navigator.share = async (what) => {
        window.sent.push(what);
        if (window.sent.length === 2) throw new DOMException('taken back', 'AbortError');
      };
    });
    const page = await open(context, `${server.url}/`);
    await within(page, '.launcher').tap();
    for (const text of ['kak bantuin bikin jawaban STAR buat wawancara besok', 'kepemimpinan', 'aku panitia bazar kampus, seminggu sebelum acara dananya kurang', 'cari sponsor tambahan',
      'aku yang nulis proposal dan presentasi ke pemilik toko', 'dana terkumpul 4 juta dari 6 toko', 'sudah pas']) {
      assert.strictEqual(await within(page, '.theirs [role=group]').count(), 0, 'what is no result is kept');
      await type(page, text);
      await settled(page);
    }
    const want = (await server.replay(await token(page))).slice(-3).map(({ text }) => text).join('\n\n');
    assert.match(want, /^Ini cerita STAR kamu[^]*\n\nAku panitia bazar kampus[^]*Aku yang nulis proposal[^]*4 juta dari 6 toko[^]*\n\nSebelum wawancara/);
    const tools = within(page, '.theirs [role=group]');
    const check = async (way, { title, names }) => {
      await tools.waitFor(); // one, and no second
      assert.deepStrictEqual(await tools.locator('button').allInnerTexts(), names, way);
      for (const tool of await tools.locator('button').all()) {
        await tool.scrollIntoViewIfNeeded();
        const { width, height } = await tool.boundingBox();
        assert(width >= 44 && height >= 44, `${way}: ${width} by ${height}`);
      }
      await page.evaluate(() => navigator.clipboard.writeText(''));
      await tools.locator('button').first().focus();
      await page.keyboard.press('Enter');
      await tools.locator(`button:text-is("✓ ${names[0]}")`).waitFor();
      assert.strictEqual(await page.evaluate(() => navigator.clipboard.readText()), want, way);
      for (let times = 0; times < 2; times++) await tools.locator('button').nth(2).tap();
      assert.deepStrictEqual(await page.evaluate(() => window.sent.splice(0)), Array(2).fill({ title, text: want }), way);
      const [paper] = await Promise.all([context.waitForEvent('page'), tools.locator('button').nth(1).tap()]);
      await paper.waitForFunction(() => window.printed);
      assert.strictEqual(await paper.evaluate(() => document.body.innerText), want, way);
      await paper.close();
      assert.deepStrictEqual(page.problems, [], way);
    };
    const id = { title: 'Hasil', names: ['Salin', 'Cetak', 'Kirim'] };
    const en = { title: 'Result', names: ['Copy', 'Print', 'Send'] };
    await check('as it came', id);
    await page.reload();
    await within(page, '.launcher').tap();
    await check('told again', id);
    await page.evaluate(() => { document.querySelector('pandu-chat').language = 'en'; });
    await check('in English', en);
    await page.evaluate(() => { for (let n = 1; n <= 60; n++) document.querySelector('pandu-chat').send('terima kasih'); });
    await settled(page, 60000);
    await page.reload();
    await within(page, '.launcher').tap();
    await settled(page);
    assert.strictEqual(await tools.count(), 0, 'this is to be scrolled to');
    for (let times = 0; await page.evaluate(() => document.querySelector('pandu-chat').chat.low) > 0; times++) {
      assert(times < 100);
      await within(page, '.log').evaluate((log) => log.scrollTo(0, 0));
      await pause(50);
    }
    await check('scrolled to', id);
    await context.close();

    const plain = await browser.newContext(DESK);
    await plain.addInitScript(() => { delete Navigator.prototype.share; });
    const fake = await answering([{ text: 'Cerita.' }, { text: 'Selesai.', keep: 2 }]);
    const lacking = await open(plain, `${fake.url}/`);
    await begin(lacking);
    await type(lacking, 'hasil');
    await settled(lacking);
    assert.deepStrictEqual(await within(lacking, '.theirs [role=group] button').allInnerTexts(), ['Salin', 'Cetak'], 'what this browser cannot do');
    await plain.close();
    fake.close();
    await server.end();
  },

  /** What is new is read from its beginning: help lines to call, a long result, by keyboard too; what is short is seen whole. */
  async reading() {
    const server = await new Server(binary).start();
    const context = await browser.newContext(SMALL);
    const page = await open(context, `${server.url}/`);
    /** Where the newest answer begins and ends, below the top of the log; and its height. */
    const place = (where) => where.evaluate(() => {
      const { log } = document.querySelector('pandu-chat').view;
      const { top } = log.getBoundingClientRect();
      const first = [...log.querySelectorAll('.mine')].at(-1).nextElementSibling.getBoundingClientRect();
      return { first: Math.round(first.top - top), end: Math.round(log.lastElementChild.getBoundingClientRect().bottom - top), height: log.clientHeight };
    });
    await within(page, '.launcher').tap();
    await type(page, 'aku pengen mati aja');
    await settled(page);
    for (const way of ['live', 'after a reload']) {
      await within(page, '.newer').waitFor();
      const { first, end, height } = await place(page);
      assert(first >= 0 && first < 40 && end > height, `${way}: ${[first, end, height]}`);
      assert.deepStrictEqual(await within(page, '.theirs a[href="tel:112"]').allInnerTexts(), ['telepon 112']);
      await page.reload();
      await within(page, '.theirs a[href="tel:112"]').waitFor({ state: 'attached' });
      await within(page, '.launcher').tap();
    }
    await within(page, '.newer').tap();
    await within(page, '.newer').waitFor({ state: 'hidden' });
    assert.deepStrictEqual(page.problems, []);
    await context.close();
    await server.end();

    const fake = await answering([{ text: 'Ini hasilmu.', bars: SIX, links: [{ label: 'Lowongan', url: 'https://contoh.example/a' }] }, { text: 'Mau lanjut?', choices: [{ payload: '1:a', id: 'a', label: 'Ya' }] }]);
    const desk = await browser.newContext(DESK);
    const long = await open(desk, `${fake.url}/`);
    await begin(long);
    await type(long, 'hasil');
    await within(long, '.newer').waitFor();
    const seen = await place(long);
    assert(seen.first >= 0 && seen.first < 40 && seen.end > seen.height, JSON.stringify(seen));
    await within(long, '.choice').focus();
    await long.keyboard.press('Enter');
    await long.waitForFunction(() => document.querySelector('pandu-chat').shadowRoot.querySelectorAll('figure').length === 2);
    await within(long, '.newer').waitFor();
    assert.strictEqual(await long.evaluate(() => document.querySelector('pandu-chat').shadowRoot.activeElement.className), 'log', 'the focus is out of sight');
    await desk.close();
    fake.close();

    const at = Date.now() - 3 * 86400000;
    const brief = await answering([{ kind: 'counsellor', name: 'Bu Ani', text: 'Dari saya.', at }, { text: 'Dan dari program.', choices: [{ payload: '1:a', id: 'a', label: 'Ya' }] }]);
    const phone = await browser.newContext(SMALL);
    const short = await open(phone, `${brief.url}/`);
    await within(short, '.launcher').tap();
    await type(short, 'halo');
    await within(short, '.choice').waitFor();
    await pause(100);
    const { end, height } = await place(short);
    assert(end <= height, `${end} of ${height}`);
    const small = await within(short, '.theirs > small').allInnerTexts();
    assert.match(small[0], new RegExp(`^Bu Ani · ${new Date(at).getDate()} .*${new Date(at).getFullYear()}`)); // a day that is not today
    assert.match(small[1], /^\d\d\.\d\d$/);
    assert.strictEqual(await within(short, 'header').innerText(), 'P\nPandu\nPemandu otomatis'); // not the human any more
    await type(short, 'panjang '.repeat(60)); // so that it scrolls
    await within(short, '.choice').waitFor();
    await type(short, 'gagal');
    await within(short, '[data-state=failed] button').first().waitFor();
    await pause(100);
    assert(await within(short, '[data-state=failed]').evaluate((row) => row.getBoundingClientRect().bottom <= row.closest('.log').getBoundingClientRect().bottom + 1), 'what to do stands below the edge');
    await phone.close();
    brief.close();
  },

  async ending() {
    const server = await new Server(binary).start();
    const ratings = async () => [...(await (await fetch(`${server.url}/metrics`)).text()).matchAll(/^pandu_ratings_total\{answer="(\w+)"\} (\d+)$/gm)].map(([, answer, count]) => `${answer} ${count}`);
    const context = await browser.newContext(DESK);
    const page = await open(context, `${server.url}/`);
    await page.evaluate(() => { window.heard = []; document.addEventListener('pandu:rating', ({ detail }) => window.heard.push(detail.helped)); });
    const tokens = [];
    for (const answer of [0, 1, 2]) { // yes, no, just end it
      if (answer === 0) await begin(page);
      await type(page, `percakapan ${answer}`);
      await settled(page);
      tokens.push(await token(page));
      await choose(page, 2, 3);
      assert.strictEqual(await token(page), tokens[answer], 'ended although it was taken back');
      await choose(page, 2, answer);
      await page.waitForFunction(() => Object.keys(localStorage).length === 0);
      await within(page, '.note').waitFor();
      await within(page, '.choice').first().waitFor();
    }
    assert.deepStrictEqual(await ratings(), ['not_helped 1', 'helped 1']);
    assert.deepStrictEqual(await page.evaluate(() => window.heard), [true, false]);
    const ends = await Promise.all(tokens.map(async (conv) => (await server.replay(conv)).at(-1)));
    assert.deepStrictEqual(ends.map(({ kind, what }) => what || kind), ['helped', 'not_helped', 'bot'], 'stored with the conversation');
    const own = { headers: { Authorization: `Bearer ${tokens[0]}` } };
    assert((await (await fetch(`${server.url}/export`, own)).text()).includes('"system":"helped"'), 'exported with it');
    await fetch(`${server.url}/conversation`, { ...own, method: 'DELETE' });
    assert(!(await (await fetch(`${server.url}/export`, own)).text()).includes('"helped"'), 'erased with it');
    assert.deepStrictEqual(page.problems, []);
    await context.close();
    await server.end();
  },

  /** The same conversation in two browsers. */
  async erased() {
    const server = await new Server(binary).start();
    const contexts = [await browser.newContext(DESK), await browser.newContext(DESK)];
    const first = await open(contexts[0], `${server.url}/`);
    await begin(first);
    for (const how of ['menu', 'words']) {
      await type(first, `rahasia ${how}`);
      await settled(first);
      const kept = await first.evaluate(() => Object.entries(localStorage));
      const second = await contexts[1].newPage();
      await second.goto(`${server.url}/icon.svg`);
      await second.evaluate((entries) => entries.forEach(([key, value]) => localStorage.setItem(key, value)), kept);
      await second.goto(`${server.url}/`);
      await begin(second);
      await within(second, `.mine:has-text("rahasia ${how}")`).waitFor();
      if (how === 'menu') await choose(first, 3, 1);
      else {
        await type(first, 'hapus semua dataku');
        await settled(first);
        await within(first, '.choice').first().click();
      }
      for (const page of [first, second]) {
        await within(page, '.note').first().waitFor();
        await within(page, '.choice').first().waitFor();
        assert.strictEqual(await within(page, '.mine').count(), 0, `${how}: it is still on the page`);
        assert.strictEqual(await page.evaluate(() => Object.keys(localStorage).length), 0);
      }
      await second.close();
    }
    for (const context of contexts) await context.close();
    await server.end();
  },

  async identity() {
    const secret = 'a-secret-of-the-host-page-of-at-least-32-bytes';
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const sign = (sub, key = secret) => {
      const now = Math.floor(Date.now() / 1000);
      const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, iat: now, exp: now + 300 })}`;
      return `${text}.${crypto.createHmac('sha256', key).update(text).digest('base64url')}`;
    };
    const server = await new Server(binary, { environment: { PANDU_IDENTITY_SECRET: secret } }).start();
    const contexts = [await browser.newContext(DESK), await browser.newContext(DESK)];
    const pages = [];
    for (const context of contexts) {
      const page = await open(context, `${server.url}/`);
      await page.evaluate(() => { window.refused = []; document.addEventListener('pandu:identify', ({ detail }) => window.refused.push(detail.why)); });
      await within(page, '.launcher').waitFor();
      await page.evaluate((given) => document.querySelector('pandu-chat').identify(given), sign('siswa-17'));
      await begin(page);
      pages.push(page);
    }
    await type(pages[0], 'dari laptop');
    await settled(pages[0]);
    await within(pages[1], '.mine:has-text("dari laptop")').waitFor();
    await type(pages[1], 'dari HP');
    await settled(pages[1]);
    await within(pages[0], '.mine:has-text("dari HP")').waitFor();
    assert.deepStrictEqual((await shown(pages[0])).filter((line) => line.startsWith('mine')), ['mine: dari laptop', 'mine: dari HP']);
    assert.strictEqual(await token(pages[0]), undefined, 'the person is known by the site, not by this browser');
    await choose(pages[0], 3, 1);
    for (const page of pages) {
      await within(page, '.note').first().waitFor();
      assert.strictEqual(await within(page, '.mine').count(), 0);
    }
    await type(pages[1], 'lagi');
    for (const page of pages) await settled(page);
    await pages[0].evaluate(() => document.querySelector('pandu-chat').identify(null)); // logged out
    await within(pages[0], '.choice').first().waitFor();
    assert.strictEqual(await within(pages[0], '.mine').count(), 0, 'who comes next sees it');
    await pages[0].evaluate((given) => document.querySelector('pandu-chat').identify(given), sign('siswa-17', 'another key of at least thirty-two bytes'));
    await pages[0].waitForFunction(() => window.refused.length === 1);
    assert.match((await pages[0].evaluate(() => window.refused))[0], /signature/);
    // Refused while something is unsent (here: the site's secret is another one): it arrives with the next token.
    const fresh = 'a newer secret of the host page, at least 32 bytes long';
    await pages[1].evaluate(() => { window.refused = []; });
    server.environment.PANDU_IDENTITY_SECRET = fresh;
    await server.kill();
    await server.start();
    await pages[1].waitForFunction(() => window.refused.length > 0);
    await type(pages[1], 'ditolak dulu');
    await pages[1].waitForFunction(() => window.refused.length > 1);
    await pages[1].evaluate((given) => document.querySelector('pandu-chat').identify(given), sign('siswa-17', fresh));
    await settled(pages[1]);
    assert.deepStrictEqual((await shown(pages[1])).filter((line) => line.startsWith('mine')), ['mine: lagi', 'mine: ditolak dulu']);
    for (const page of pages) assert.deepStrictEqual(page.problems, []);
    for (const context of contexts) await context.close();
    await server.end();
  },

  async languages() {
    const server = await new Server(binary).start();
    const context = await browser.newContext(DESK);
    const page = await open(context, `${server.url}/`);
    await begin(page);
    await within(page, '.choice').first().waitFor();
    await choose(page, 0); // before anything was said: the greeting, and nothing is sent
    await within(page, 'textarea[placeholder="Write your message"]').waitFor();
    await within(page, '.theirs:has-text("Hello! I am")').first().waitFor();
    assert.strictEqual(await page.evaluate(() => Object.keys(localStorage).length), 0);
    await choose(page, 0);
    await within(page, 'textarea[placeholder="Tulis pesanmu"]').waitFor();
    await type(page, 'aku cocok ga ya kerja di bidang sosial?');
    await settled(page);
    await choose(page, 0); // now it is a message, and the open question comes in the other language
    await within(page, '.mine:has-text("English please")').waitFor();
    await settled(page);
    assert.match((await shown(page)).at(-1), /you|your/i);
    assert.strictEqual(await within(page, '.root').getAttribute('lang'), 'en');
    await same(page, server);
    await page.evaluate(() => document.querySelector('pandu-chat').setAttribute('language', 'id'));
    await page.evaluate(() => document.querySelector('pandu-chat').setAttribute('address', 'anda'));
    assert.strictEqual(await within(page, 'textarea').getAttribute('placeholder'), 'Tulis pesan Anda');
    assert.deepStrictEqual(page.problems, []);
    await context.close();
    await server.end();
  },

  /** Left, right, inline, a small screen with a keyboard; nothing moves for those who do not want it; colours of the system's choice. */
  async looks() {
    const fake = await answering([{ text: 'Hasil', bars: SIX, choices: ['a', 'b'].map((id) => ({ payload: `1:${id}`, id, label: id })) }], {
      '/': BARE,
      '/left': BARE.replace('<pandu-chat>', '<pandu-chat position="left">'),
      '/inline': BARE.replace('<pandu-chat>', '<pandu-chat mode="inline" style="height: 500px; width: 600px">'),
    });
    const desk = await browser.newContext({ ...DESK, reducedMotion: 'reduce' });
    const page = await open(desk, `${fake.url}/`);
    await begin(page);
    const box = async (where, selector = '.panel') => within(where, selector).boundingBox();
    const right = await box(page);
    assert.deepStrictEqual([right.width, 1280 - right.x - right.width], [400, 20]);
    await type(page, 'halo');
    await settled(page);
    assert.deepStrictEqual(await page.evaluate(() => [...document.querySelector('pandu-chat').shadowRoot.querySelectorAll('*')].filter((each) => getComputedStyle(each).animationName !== 'none').length), 0, 'something moves');
    const left = await open(desk, `${fake.url}/left`);
    await begin(left);
    assert.strictEqual((await box(left)).x, 20);
    const inline = await open(desk, `${fake.url}/inline`);
    await within(inline, '.theirs').first().waitFor(); // open without a press
    const inner = await box(inline);
    assert.deepStrictEqual([inner.width, inner.height], [600, 500]);
    assert(await within(inline, '.launcher').isHidden());
    await desk.close();

    const phone = await browser.newContext(PHONE);
    const small = await open(phone, `${fake.url}/`);
    await within(small, '.launcher').tap();
    assert.notStrictEqual(await small.evaluate(() => document.querySelector('pandu-chat').shadowRoot.activeElement?.tagName), 'TEXTAREA', 'the keyboard came unasked');
    await small.setViewportSize({ width: 390, height: 844 - 336 }); // as a keyboard leaves it
    await small.waitForFunction(() => document.querySelector('pandu-chat').shadowRoot.querySelector('.panel').getBoundingClientRect().height === visualViewport.height);
    const input = await box(small, 'textarea');
    assert(input.y + input.height <= 844 - 336, 'the keyboard hides the input');
    await phone.close();

    // 1280 by 1024 at 400 %: the whole menu can be scrolled to.
    const zoomed = await browser.newContext({ viewport: { width: 320, height: 256 } });
    const near = await open(zoomed, `${fake.url}/`);
    await begin(near);
    await within(near, '.more').click();
    const list = await box(near, '.menu');
    assert(list.y + list.height <= 256, `the menu ends at ${list.y + list.height}`);
    assert.strictEqual(await within(near, '.menu').evaluate((menu) => getComputedStyle(menu).overflowY), 'auto');
    await zoomed.close();

    // A scale: no word is broken on a narrow screen; labels that would not fit are no scale.
    for (const [labels, isScale] of [[['Tidak sama sekali', 'Tidak terlalu', 'Biasa saja', 'Ya, lumayan', 'Ya, banget'], true], [['Ya', 'Agak', 'Kadang-kadang', 'Bertanggung jawab sepenuhnya', 'Keberlangsungan hidup'], false]]) {
      const scale = await answering([{ text: 'Seberapa?', choices: labels.map((label, i) => ({ payload: `1:${i}`, id: i === 2 ? 'in_between' : `${i}`, label })) }]);
      const narrow = await browser.newContext(SMALL);
      const page2 = await open(narrow, `${scale.url}/`);
      await within(page2, '.launcher').tap();
      await type(page2, 'halo');
      await within(page2, '.choice').nth(4).waitFor();
      const facts = await within(page2, '.choices').evaluate((group) => [...group.children].map((button) => {
        const text = button.firstChild;
        const broken = [...text.data.matchAll(/\S+/g)].filter((word) => {
          const range = document.createRange();
          range.setStart(text, word.index);
          range.setEnd(text, word.index + word[0].length);
          return range.getClientRects().length > 1;
        });
        const { top, right, width, height } = button.getBoundingClientRect();
        return { top, broken: broken.map(String), fits: button.scrollWidth <= button.clientWidth && right <= group.getBoundingClientRect().right + 1 && width >= 44 && height >= 44 };
      }));
      assert.deepStrictEqual(facts.filter(({ broken, fits }) => broken.length || !fits), []);
      assert.strictEqual(new Set(facts.map(({ top }) => top)).size === 1, isScale, 'in one line');
      await narrow.close();
      scale.close();
    }

    for (const colorScheme of ['light', 'dark']) {
      const plain = await browser.newContext({ ...DESK, forcedColors: 'active', colorScheme });
      const forced = await open(plain, `${fake.url}/`);
      await begin(forced);
      await type(forced, 'halo');
      await settled(forced);
      const bare = await forced.evaluate(() => ['.panel', '.theirs .bubble', '.mine .bubble', '.choice', '.send', 'textarea', 'figure li svg', '.theirs .soft', '.menu'].filter((selector) => {
        const style = getComputedStyle(document.querySelector('pandu-chat').shadowRoot.querySelector(selector));
        return parseFloat(style.borderTopWidth) < 1;
      }));
      assert.deepStrictEqual(bare, [], 'no edge in forced colours');
      await plain.close();
    }
    fake.close();
  },

  /** The demo without JavaScript; the printed lines; an address nobody configured; a page that asks for the next day. */
  async sites() {
    const server = await new Server(binary, { address: '0.0.0.0' }).start();
    const bare = await browser.newContext({ ...PHONE, javaScriptEnabled: false });
    for (const name of ['/', '/phone.html']) {
      const page = await bare.newPage();
      await page.goto(`${server.url}${name}`);
      const text = await page.locator('body').innerText();
      assert(/perlu JavaScript/.test(text) && /\(021\) 000-0000/.test(text) && /karier@/.test(text), text);
      if (name === '/') assert(await page.locator('a[href^="tel:"]').first().isVisible() && await page.locator('a[href^="mailto:"]').first().isVisible());
    }
    await bare.close();
    const context = await browser.newContext(DESK);
    const near = await open(context, `http://127.0.0.2:${server.port}/`); // not one of its own names
    await begin(near);
    await type(near, 'dari HP di jaringan yang sama');
    await settled(near);
    await near.evaluate(() => document.querySelector('#sealed').click());
    await near.waitForFunction(() => document.querySelector('#snippet').textContent.includes('sha512'));
    const sums = (await near.locator('#snippet').textContent()).match(/sha512-[\w+/=]+/g);
    assert.strictEqual(sums.length, 2);
    assert(sums.every((sum) => server.said.includes(sum)), 'the page and the program tell other sums');
    assert.deepStrictEqual(near.problems, []);
    await server.kill();
    await server.start();
    const lines = /<script type="importmap">[\s\S]*<\/pandu-chat>/.exec(server.said)[0].replaceAll('http://localhost', 'http://127.0.0.1');
    const wrong = lines.replace(/(chat\.js": "sha512-)./, (all, begin_) => begin_ + (all.endsWith('A') ? 'B' : 'A'));
    const site = await host(Object.fromEntries([['/', lines], ['/wrong', wrong]].map(([name, body]) => [name, `<!doctype html><html lang="id"><title>x</title>${body}</html>`])));
    server.origins = [site.url];
    await server.kill();
    await server.start();
    const sealed = await open(context, `${site.url}/`);
    await begin(sealed);
    await type(sealed, 'halo');
    await settled(sealed);
    const changed = await context.newPage();
    const refused = [];
    changed.on('console', (message) => refused.push(message.text()));
    await changed.goto(`${site.url}/wrong`);
    await pause(500);
    assert.strictEqual(await changed.evaluate(() => customElements.get('pandu-chat')), undefined, 'a changed file ran');
    assert(refused.some((text) => /integrity|digest/i.test(text)), refused.join());
    await context.close();
    site.close();
    await server.end();
  },

  async clocks() {
    const server = await new Server(binary).start();
    for (const day of [-1, 1]) {
      const context = await browser.newContext(DESK);
      await context.addInitScript((away) => {
        const now = Date.now.bind(Date);
        Date.now = () => now() + away * 86400000;
      }, day);
      const pages = [await open(context, `${server.url}/`), await open(context, `${server.url}/`)];
      for (const page of pages) await begin(page);
      await type(pages[0], `hari ${day}`);
      await settled(pages[0]);
      await type(pages[1], 'dari tab lain');
      for (const page of pages) await settled(page);
      await pages[0].reload();
      await begin(pages[0]);
      for (const page of pages) await same(page, server);
      await context.close();
    }
    await server.end();
  },

  /** 600 messages: read back to the first, forward again, and answered from the middle. */
  async history() {
    const server = await new Server(binary).start();
    const context = await browser.newContext(DESK);
    const page = await open(context, `${server.url}/`);
    await begin(page);
    await page.evaluate(() => { for (let n = 1; n <= 300; n++) document.querySelector('pandu-chat').send(`pesan ${n}`); });
    await settled(page, 60000);
    const events = await server.replay(await token(page));
    await page.reload();
    await begin(page);
    await page.waitForFunction((seq) => document.querySelector('pandu-chat').chat.last === seq, events.at(-1).seq);
    const rows = () => page.evaluate(() => document.querySelector('pandu-chat').view.rows.map(({ seq }) => seq));
    const wheel = async (way, isEnd) => {
      await within(page, '.log').hover();
      let [most, times] = [0, 0];
      while (!(await page.evaluate(isEnd)) && times++ < 400) {
        await page.mouse.wheel(0, way);
        await pause(15);
        const now = await rows();
        most = Math.max(most, now.length);
        assert.deepStrictEqual(now, now.map((seq, i) => now[0] + i), 'a gap, a double or a wrong order');
      }
      return most;
    };
    assert((await rows()).length < 200);
    const most = await wheel(-1500, () => { const { chat, view } = document.querySelector('pandu-chat'); return chat.low === 0 && view.log.scrollTop === 0; });
    assert.strictEqual((await rows())[0], 1);
    assert(most <= 161, `${most} messages on the page`);
    assert(await within(page, '.newer').isVisible());
    await wheel(1500, () => { const { chat, view: { log } } = document.querySelector('pandu-chat'); return chat.top === Infinity && log.scrollHeight - log.scrollTop - log.clientHeight < 2; });
    assert.strictEqual((await rows()).at(-1), events.at(-1).seq);
    await wheel(-1500, () => document.querySelector('pandu-chat').chat.low === 0);
    await within(page, '.newer').click(); // straight to the newest
    await page.waitForFunction((seq) => document.querySelector('pandu-chat').view.rows.at(-1)?.seq === seq, events.at(-1).seq);
    await wheel(-1500, () => document.querySelector('pandu-chat').chat.low === 0);
    await type(page, 'dari tengah');
    await settled(page);
    assert((await shown(page)).includes('mine: dari tengah'));
    assert.deepStrictEqual(page.problems, []);
    await context.close();
    await server.end();
  },

  async accessible() {
    const server = await new Server(binary).start();
    const fake = await answering([{ text: 'Hasilmu: https://contoh.example/a', bars: SIX, links: [{ label: 'Lowongan', url: 'https://contoh.example/' }], progress: { at: 2, of: 6 } },
      { kind: 'counsellor', name: 'Bu Ani', text: 'Halo, ini Ani.', choices: ['a', 'b', 'in_between', 'c', 'd'].map((id) => ({ payload: `1:${id}`, id, label: id })) }]);
    for (const [options, scheme] of [[DESK, 'light'], [PHONE, 'dark'], ...(isLong ? [[DESK, 'dark'], [PHONE, 'light']] : [])]) {
      const context = await browser.newContext({ ...options, colorScheme: scheme, bypassCSP: true, reducedMotion: 'reduce' });
      await context.addInitScript(() => { navigator.share = async () => {}; });
      const page = await open(context, `${server.url}/`);
      await page.evaluate(axe);
      const check = async (state) => {
        await pause(250);
        const { violations } = await page.evaluate(() => window.axe.run(document, { exclude: [['iframe']] }));
        const serious = violations.filter((each) => ['serious', 'critical'].includes(each.impact));
        assert.deepStrictEqual(serious.map((each) => `${state} ${scheme}: ${each.id} ${each.nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`), []);
      };
      await check('closed');
      await begin(page);
      await within(page, '.choice').first().waitFor();
      await check('greeting');
      await within(page, '.choice').nth(1).click();
      await settled(page);
      await check('question');
      await within(page, '.more').click();
      await check('menu');
      await within(page, '.menu button').nth(3).click();
      await check('confirmation');
      await page.keyboard.press('Escape');
      await server.kill();
      await type(page, 'satu');
      await pause(1800);
      await check('offline');
      await server.start();
      await settled(page);
      await choose(page, 2);
      await check('rating');
      await within(page, '.menu button').nth(0).click();
      await within(page, '.note').waitFor();
      await check('ended');
      await page.goto(`${fake.url}/`);
      await page.evaluate(axe);
      await begin(page);
      await type(page, 'hasil');
      await within(page, '.name b:has-text("Bu Ani")').waitFor();
      await check('result, counsellor, scale');
      await type(page, 'gagal');
      await within(page, '[data-state=failed]').waitFor();
      await check('failed');
      await type(page, 'putus');
      await within(page, '.status button').waitFor();
      await check('stopped');
      await context.close();
    }
    fake.close();
    await server.end();
  },
};

async function main() {
  browser = await launch();
  const names = isLong || wanted.length === 0 ? Object.keys(scenarios) : wanted;
  let failures = 0;
  for (const name of names) {
    const began = Date.now();
    try {
      await scenarios[name]();
      console.log(`ok      ${name} ${((Date.now() - began) / 1000).toFixed(1)} s`);
    } catch (error) {
      failures++;
      console.log(`FAILED  ${name}: ${error.message}\n${error.stack}`);
    }
  }
  await browser.close();
  console.log(`${names.length - failures} of ${names.length} scenarios passed`);
  process.exit(failures > 0 ? 1 : 0);
}

main();
