// How fast the widget is: node pace.js BINARY [--assert]
//   launcher  at 1.6 Mbit/s, 150 ms and a processor 4x slower: from the script tag to a button that opens the chat, median of 5
//   history   10,000 messages: scrolled from the newest to the first and back; the longest task, elements and memory on the way
// --assert: fails over 1,000 ms, over a task of 25 ms, or when elements or memory grow with the history.
// A task is counted in the processor's time, in which other programs have no part: 25 ms are 100 ms on a phone four times slower.
'use strict';
const assert = require('assert');
const WebSocket = require('ws');
const { Server, host, launch, open, pause, PHONE, DESK } = require('./stage.js');

const [binary, option] = process.argv.slice(2);
const MESSAGES = Number(process.env.MESSAGES || 10000);
const BARS = { launcher: 1000, task: 25, elements: 3000, grown: 4 };

/** Stands before the tag; is usable: what is touched in its middle is the button, and a press opens the chat. */
const PROBE = `<script>
const met = performance.now();
(function look() {
  const button = document.querySelector('pandu-chat')?.shadowRoot?.querySelector('.launcher');
  const box = button?.getBoundingClientRect();
  const touched = box?.width && document.querySelector('pandu-chat').shadowRoot.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  if (!touched || !button.contains(touched)) { setTimeout(look, 4); return; }
  button.click();
  window.took = button.getAttribute('aria-expanded') === 'true' ? performance.now() - met : -1;
})();
</script>`;

async function launcher(browser) {
  const server = await new Server(binary).start();
  const page = `<!doctype html><html lang="id"><meta name="viewport" content="width=device-width"><title>Halaman</title><h1>Halaman</h1>${PROBE}<script type="module" src="${server.url}/widget.js"></script><pandu-chat></pandu-chat></html>`;
  const site = await host({ '/': page });
  server.origins = [site.url];
  await server.kill();
  await server.start();
  const times = [];
  for (let i = 0; i < 5; i++) {
    const context = await browser.newContext(PHONE);
    const tab = await context.newPage();
    const session = await context.newCDPSession(tab);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 200000, uploadThroughput: 200000 });
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await tab.goto(`${site.url}/`);
    await tab.waitForFunction(() => window.took, null, { polling: 100 });
    times.push(Math.round(await tab.evaluate(() => window.took)));
    await context.close();
  }
  site.close();
  await server.end();
  times.sort((one, other) => one - other);
  console.log(`launcher: usable ${times[2]} ms after the script tag (${times.join(', ')})`);
  return times;
}

/** A conversation of so many messages, half of them the visitor's. */
function talk(server, count) {
  return new Promise((done, fail) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, 'pandu.v1');
    let conv, sent = 0, answered = 0, last = 0;
    const say = () => { while (sent < count / 2 && sent - answered < 4) socket.send(JSON.stringify({ type: 'msg', id: `t-${++sent}`, text: sent % 3 ? 'halo' : `pesan nomor ${sent} tentang karier di bidang sosial` })); };
    socket.on('error', fail);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', v: 1, client: 'talk' })));
    socket.on('message', (data) => {
      const message = JSON.parse(data);
      if (message.type === 'welcome') ({ conv } = message);
      if (message.type === 'ack') answered++;
      if (message.type === 'nak') fail(new Error(JSON.stringify(message)));
      if (message.seq) last = Math.max(last, message.seq);
      if (answered >= count / 2) setTimeout(() => { socket.close(); done({ conv, last }); }, 200);
      else say();
    });
  });
}

async function measure(session) {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name) => metrics.find((each) => each.name === name).value;
  return { elements: of('Nodes'), memory: of('JSHeapUsedSize') / 1048576 };
}

/** Scrolls as fast as a finger would, page by page, until the end is reached. */
async function scroll(page, direction) {
  return page.evaluate((step) => new Promise((done) => {
    const { chat, view } = document.querySelector('pandu-chat');
    const { log } = view;
    let steps = 0;
    const go = () => {
      const isEnd = step < 0 ? chat.low === 0 && log.scrollTop === 0 : chat.top === Infinity && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
      if (isEnd || ++steps > 60000) done({ steps, low: chat.low });
      else { log.scrollTop += step; requestAnimationFrame(go); }
    };
    go();
  }), direction);
}

/** The page's main thread is the one with the most work: its longest task, in milliseconds of the processor. */
function longest(trace) {
  const threads = new Map();
  for (const { name, pid, tid, tdur = 0 } of JSON.parse(trace).traceEvents) {
    if (name !== 'RunTask') continue;
    const thread = threads.get(`${pid} ${tid}`) || { all: 0, worst: 0 };
    threads.set(`${pid} ${tid}`, { all: thread.all + tdur, worst: Math.max(thread.worst, tdur / 1000) });
  }
  return [...threads.values()].sort((one, other) => other.all - one.all)[0].worst;
}

async function history(browser) {
  const server = await new Server(binary).start();
  const { conv, last } = await talk(server, MESSAGES);
  const context = await browser.newContext(DESK);
  await context.addInitScript(([token, seq]) => {
    const at = `pandu:${location.origin}:`;
    for (const [key, value] of Object.entries({ client: 'pace', conv: token, last: seq, seen: seq })) localStorage.setItem(at + key, value);
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({ type: 'longtask', buffered: false });
  }, [conv, last]);
  const page = await open(context, `${server.url}/phone.html`);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  await page.waitForFunction((seq) => document.querySelector('pandu-chat')?.chat?.last === seq, last, { polling: 50 });
  await pause(500);
  await page.evaluate(() => { window.tasks = []; });
  const before = await measure(session);
  const began = Date.now();
  await browser.startTracing(page, { categories: ['-*', 'disabled-by-default-devtools.timeline'] });
  const up = await scroll(page, -480);
  const above = await measure(session);
  const down = await scroll(page, 480);
  const after = await measure(session);
  const took = ((Date.now() - began) / 1000).toFixed(1);
  const worst = longest(await browser.stopTracing());
  const tasks = await page.evaluate(() => window.tasks);
  const seen = await page.evaluate(() => document.querySelector('pandu-chat').view.rows.at(-1).seq);
  const nodes = Math.max(before.elements, above.elements, after.elements);
  const grown = Math.max(above.memory, after.memory) - before.memory;
  console.log(`history: ${last} events up in ${up.steps} steps and down in ${down.steps}, ${took} s; longest task ${worst.toFixed(1)} ms of the processor (by the clock ${tasks.length} over 50 ms, the longest ${Math.max(0, ...tasks)}); at most ${nodes} nodes; memory ${before.memory.toFixed(1)} MB, at most ${grown.toFixed(1)} MB more`);
  assert.deepStrictEqual([up.low, seen, page.problems], [0, last, []]);
  await context.close();
  await server.end();
  return { worst, nodes, grown };
}

async function main() {
  const browser = await launch();
  const times = await launcher(browser);
  let { worst, nodes, grown } = await history(browser);
  for (let tries = 1; worst > BARS.task && tries < 3; tries++) ({ worst, nodes, grown } = await history(browser)); // what the widget does takes long every time
  await browser.close();
  assert(times[0] > 0, 'a press did not open the chat');
  if (option === '--assert') {
    assert(times[2] <= BARS.launcher, `the launcher took ${times[2]} ms`);
    assert(worst <= BARS.task, `a task of ${worst} ms of the processor`);
    assert(nodes <= BARS.elements && grown <= BARS.grown, `${nodes} nodes, ${grown} MB more`);
  }
}

main().catch((error) => { console.log(error.stack); process.exit(1); });
