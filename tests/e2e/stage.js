// What the browser tests stand on: the real server, a line that can be cut, a server that says whatever a test wants, pages of
// another origin, and Chromium. Every port is a free one.
'use strict';
const assert = require('assert');
const fs = require('fs');
const http = require('http');
const net = require('net');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');
const { chromium } = require('playwright-core');
const WebSocket = require('ws');

const WEB = path.join(__dirname, '../../bot/web');
const TYPES = { '.js': 'text/javascript', '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.svg': 'image/svg+xml' };
process.setMaxListeners(0);
const pause = (time) => new Promise((done) => { setTimeout(done, time); });

/** The real server on a database of its own. Killed with SIGKILL, started again on the same port. */
class Server {
  constructor(binary, { flags = [], environment = {}, address = '127.0.0.1' } = {}) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pandu-e2e-'));
    Object.assign(this, { binary, flags, environment, address, origins: [], port: 0 });
  }

  async start() {
    const flags = ['--listen', `${this.address}:${this.port}`, '--db', `${this.folder}/pandu.db`, '--turn-burst', '100000', '--turns-per-minute', '1000000',
      '--conversation-burst', '100000', '--conversations-per-minute', '1000000', '--connections-per-address', '10000', ...this.flags];
    if (this.origins.length) flags.push('--origins', this.origins.join());
    this.process = spawn(this.binary, ['serve', ...flags], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.environment } });
    process.once('exit', () => this.process.kill('SIGKILL')); // also after a failed test
    let said = '';
    await new Promise((done, fail) => {
      this.process.stderr.on('data', (data) => { said += data; });
      this.process.stdout.on('data', (data) => {
        said += data;
        this.said = said;
        const found = /listens at http:\/\/[\w.]+:(\d+)/.exec(said);
        if (found) done(this.port = Number(found[1]));
      });
      this.process.on('exit', () => fail(new Error(`the server did not start: ${said}`)));
    });
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  async kill() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.removeAllListeners('exit');
    const gone = new Promise((done) => { this.process.on('exit', done); });
    this.process.kill('SIGKILL');
    await gone;
  }

  async end() {
    await this.kill();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** The conversation as it is stored: all events from the first. */
  replay(conv) {
    return new Promise((done, fail) => {
      const socket = new WebSocket(`ws://127.0.0.1:${this.port}/ws`, 'pandu.v1');
      const events = [];
      let next = Infinity;
      const finish = () => { if (events.length && events.at(-1).seq >= next - 1) { socket.close(); done(events); } };
      socket.on('error', fail);
      socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', v: 1, client: 'test', conv, last: 0 })));
      socket.on('message', (data) => {
        const message = JSON.parse(data);
        if (message.type === 'welcome') {
          if (!message.resume) fail(new Error('the server does not know the conversation'));
          next = message.next;
        } else if (message.type === 'event') events.push(message);
        finish();
      });
      setTimeout(() => fail(new Error(`the replay has ${events.length} events, not ${next - 1}`)), 10000).unref();
    });
  }
}

/** A line to a port that can be cut (reset), frozen (open, but nothing gets through), refused, and mended. */
class Line {
  async open(port) {
    this.target = port;
    this.pairs = new Set();
    this.state = 'good';
    this.server = net.createServer((near) => this.join(near));
    await new Promise((done) => { this.server.listen(0, '127.0.0.1', done); });
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  join(near) {
    if (this.state === 'refused') {
      near.destroy();
      return;
    }
    const far = net.connect(this.target, '127.0.0.1');
    const pair = { near, far, frozen: false };
    this.pairs.add(pair);
    const end = () => { near.destroy(); far.destroy(); this.pairs.delete(pair); };
    for (const [from, to] of [[near, far], [far, near]]) {
      from.on('data', (data) => { if (!pair.frozen) to.write(data); });
      from.on('close', end);
      from.on('error', end);
    }
  }

  cut() { for (const { near } of this.pairs) near.resetAndDestroy(); }

  /** As when a phone leaves the cell: the connections stay and are dead. */
  freeze() { for (const pair of this.pairs) pair.frozen = true; }

  close() { this.cut(); this.server.close(); }
}

/** Pages and the widget's files from one origin; optionally a WebSocket that says what the test wants: talk(socket, message). */
async function host(pages, { policy, talk } = {}) {
  const server = http.createServer((request, response) => {
    const name = request.url.split('?')[0];
    const file = path.join(WEB, name);
    const body = pages[name] ?? (/^\/widget(\/\w+)?\.js$/.test(name) && fs.existsSync(file) ? fs.readFileSync(file) : null);
    const headers = { 'Content-Type': pages[name] ? TYPES['.html'] : TYPES[path.extname(name)] || 'text/plain', 'Access-Control-Allow-Origin': '*' };
    if (policy && pages[name]) headers['Content-Security-Policy'] = policy;
    response.writeHead(body === null ? 404 : 200, headers).end(body ?? 'not found');
  });
  if (talk) {
    new WebSocket.Server({ server, path: '/ws', handleProtocols: () => 'pandu.v1' }).on('connection', (socket) => {
      socket.on('message', (data) => talk(socket, JSON.parse(data), (message) => socket.send(JSON.stringify(message))));
    });
  }
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => { server.closeAllConnections(); server.close(); } };
}

/** A page with one widget; errors of the page are errors of the test. */
async function open(context, url) {
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.stack));
  await page.goto(url);
  return page;
}
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
  }, null, { timeout, polling: 50 });
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
/** The page shows what is stored; answers it. */
async function same(page, server) {
  const want = expected(await server.replay(await token(page)));
  for (let tries = 0; tries < 40 && (await shown(page)).join('\n') !== want.join('\n'); tries++) await pause(100);
  assert.deepStrictEqual(await shown(page), want);
  return want;
}

const launch = (options) => chromium.launch({ ...options, executablePath: '/usr/bin/chromium', args: ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const DESK = { viewport: { width: 1280, height: 800 } };

module.exports = { Server, Line, host, launch, pause, open, chat, within, begin, type, settled, shown, token, same, PHONE, DESK, WEB };
