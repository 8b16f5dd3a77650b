// The widget in Chromium against the real server: node widget.js BINARY [long | NAME...]. Each scenario makes its own server or line.
'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const { Server, Line, host, launch, pause, PHONE, DESK, WEB } = require('./stage.js');

const [binary, ...wanted] = process.argv.slice(2);
const isLong = wanted[0] === 'long';
const firstSeed = Number(process.env.SEED || 1);
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
let browser;

/** A page with one widget; errors of the page are errors of the test. */
async function open(context, url) {
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.stack));
  await page.goto(url);
  return page;
}
const BARE = '<!doctype html><html lang="id"><meta name="viewport" content="width=device-width"><title>Halaman</title><script type="module" src="/widget.js"></script><main><h1>Halaman</h1></main><pandu-chat></pandu-chat></html>';
const chat = (page) => page.locator('pandu-chat').first();
const within = (page, selector) => chat(page).locator(selector);
const begin = (page) => within(page, '.launcher').click();
async function type(page, text) {
  await within(page, 'textarea').fill(text);
  await within(page, 'textarea').press('Enter');
}
/** All that was said is acknowledged and answered. */
async function settled(page, timeout = 40000) {
  await page.waitForFunction(() => {
    const root = document.querySelector('pandu-chat').shadowRoot;
    const rows = [...root.querySelectorAll('ol > li')];
    return rows.length && rows.every((row) => !row.dataset.state || row.dataset.state === 'sent') && rows.at(-1).classList.contains('theirs');
  }, null, { timeout });
}
const shown = (page) => page.evaluate(() => [...document.querySelector('pandu-chat').shadowRoot.querySelectorAll('ol > li:not(.note)')]
  .map((row) => `${row.className.split(' ')[0]}: ${row.querySelector('.bubble p, p.bubble').textContent}`));
const token = (page) => page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(':conv'))?.[1]);

/** What a conversation has to look like. */
function expected(events) {
  const labels = new Map();
  return events.filter((event) => event.kind !== 'system').map((event) => {
    for (const choice of event.choices || []) labels.set(choice.payload, choice.label);
    if (event.kind === 'visitor') return `mine: ${event.text ?? labels.get(event.choice)}`;
    return `theirs: ${event.progress ? event.text.replace(/^\(\d+ \S+ \d+\) /, '') : event.text}`;
  });
}
async function same(page, server) {
  const want = expected(await server.replay(await token(page)));
  for (let tries = 0; tries < 20 && (await shown(page)).join('\n') !== want.join('\n'); tries++) await pause(200);
  assert.deepStrictEqual(await shown(page), want);
  return want;
}

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
    for (let answers = 1; answers <= 8; answers++) {
      await page.waitForFunction((n) => document.querySelector('pandu-chat').shadowRoot.querySelectorAll('.mine').length >= n, answers);
      await settled(page);
      if (await within(page, '.theirs').last().locator('progress').count() === 0) break;
      assert((await active()).includes('choice'), `the focus is at ${await active()}`);
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
    assert.strictEqual(await again.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(':o:')).length), 0);
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

  async schedules() {
    const count = Number(process.env.SCHEDULES || (isLong ? 40 : 3));
    const server = await new Server(binary).start();
    const line = await new Line().open(server.port);
    server.origins = [line.url];
    await server.kill();
    await server.start();
    for (let seed = firstSeed; seed < firstSeed + count; seed++) await schedule(server, line, seed);
    console.log(`    ${count} schedules, the first with seed ${firstSeed}`);
    line.close();
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
    await within(page, '.human').first().waitFor();
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
    await within(page, '.more').click();
    await within(page, '.menu button').nth(3).click();
    await within(page, '.menu button').nth(1).click();
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
    const fake = await host({ '/': BARE }, { talk: (socket, message, say) => { if (message.type === 'hello') say({ type: 'nak', code: 'version', why: 'this server speaks 2' }); } });
    const context = await browser.newContext(DESK);
    const page = await open(context, `${fake.url}/`);
    await begin(page);
    await page.waitForFunction(() => /Muat ulang/.test(document.querySelector('pandu-chat').shadowRoot.querySelector('.status').textContent));
    await context.close();
    fake.close();
  },

  async accessible() {
    const server = await new Server(binary).start();
    for (const [options, scheme] of [[DESK, 'light'], [PHONE, 'dark'], ...(isLong ? [[DESK, 'dark'], [PHONE, 'light']] : [])]) {
      const context = await browser.newContext({ ...options, colorScheme: scheme, bypassCSP: true, reducedMotion: 'reduce' });
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
      await context.close();
    }
    await server.end();
  },
};

/** One random order of writing, cutting, freezing, killing, reloading, closing, in two tabs; then everything must be there once. */
async function schedule(server, line, seed) {
  let state = seed * 2654435761 % 4294967296;
  const random = (n) => { state = (state * 1664525 + 1013904223) % 4294967296; return Math.floor(state / 4294967296 * n); };
  const context = await browser.newContext(DESK);
  const tabs = [await open(context, `${line.url}/phone.html`), await open(context, `${line.url}/phone.html`)];
  const said = [[], []];
  const what = [];
  for (let step = 0; step < 14; step++) {
    const tab = random(2);
    const action = random(10);
    what.push(`${tab}:${action}`);
    if (action < 5) {
      const text = `s${seed} t${tab} n${said[tab].length + 1}`;
      await tabs[tab].waitForFunction(() => document.querySelector('pandu-chat').shadowRoot);
      await tabs[tab].evaluate((words) => document.querySelector('pandu-chat').send(words), text);
      said[tab].push(text);
    } else if (action === 5) line.cut();
    else if (action === 6) { line.freeze(); await tabs[tab].evaluate(() => dispatchEvent(new Event('online'))); }
    else if (action === 7) { await tabs[tab].reload(); await tabs[tab].waitForFunction(() => document.querySelector('pandu-chat')?.shadowRoot); }
    else if (action === 8 && random(3) === 0) { await server.kill(); await pause(random(300)); await server.start(); }
    else if (action === 9) { await tabs[tab].close(); tabs[tab] = await open(context, `${line.url}/phone.html`); }
    await pause(random(120));
  }
  try {
    if (said[0].length + said[1].length > 0) {
      for (const page of tabs) await settled(page);
      const want = await same(tabs[0], server);
      await same(tabs[1], server);
      for (const tab of [0, 1]) assert.deepStrictEqual(want.filter((text) => text.startsWith(`mine: s${seed} t${tab} `)), said[tab].map((text) => `mine: ${text}`));
    }
    for (const page of tabs) assert.deepStrictEqual(page.problems, []);
  } catch (error) {
    const views = await Promise.all(tabs.map((page) => shown(page)));
    const states = await Promise.all(tabs.map((page) => page.evaluate(() => {
      const { chat } = document.querySelector('pandu-chat');
      return [chat.connection.state, chat.ready, chat.busy, chat.claimed, chat.conv, chat.outbox.entries, Object.entries(localStorage)];
    })));
    error.message = `${JSON.stringify([views, states], null, 1)} schedule ${seed} (${what.join(' ')}; said ${JSON.stringify(said)}): ${error.message}`;
    throw error;
  }
  await context.close();
}

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
