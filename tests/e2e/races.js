// Two tabs of one browser in a model of time: the widget's own bot/web/widget/chat.js against a browser whose storage reaches the other
// tab late (each has a copy of its own, as Chromium's processes have), whose locks answer late, whose lines break, and a server that
// is killed. Random orders; the same seed, the same order. Then everything that was said is there once, in its tab's order, on both
// pages and in the one conversation that the storage names.
//   node races.js [COUNT]           SEED=n: the first one; TRACE=1: tell what happens; LATE=ms: how late storage may be; LOCKS=0: none
//   node races.js COUNT broken      the test itself: widgets broken on purpose have to be found out
// A page on plain http has no locks: every fourth order is one of those.
'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const vm = require('vm');

const [many = '2000', isBroken] = process.argv.slice(2);
const firstSeed = Number(process.env.SEED || 1);
const SOURCE = fs.readFileSync(path.join(__dirname, '../../bot/web/widget/chat.js'), 'utf8');
const STEPS = 12;
const QUIET_MS = 150000;
const WRITES_MAX = 16; // of one message: both tabs store it, and that it arrived, and forget it; each twice where they meet
const SLEEP_MS = Number(process.env.SLEEP ?? 1500); // two tabs that meet later may say a word in two conversations (docs/widget.md)

/** Replacements in the widget's own text; each takes one promise away. */
const MUTANTS = {
  'what was acknowledged is not said again where the tabs meet': [["this.mark(entry, state.replace('sent', 'queued'))", 'this.mark(entry, state)']],
  'what was acknowledged is forgotten at once': [["    setTimeout(() => entry.state === 'sent' && this.drop(id), LATE_MS);", '    this.drop(id);']],
  'what arrived is stored whenever the other tab stores it': [['if (entry.conv !== conv)', 'if (id)']],
  'what is unsent is not kept': [['    this.save(entry);\n    this.entries.push', '    this.entries.push']],
  'a replay begins one event too late': [['last: this.last,', 'last: this.last + 1,']],
  'a message sent again is another message': [["{ type: 'msg', id, text, choice }", "{ type: 'msg', id: `${id}-${Math.random()}`, text, choice }"]],
};

const compile = (text) => new vm.Script(`${text.replace(/^export /gm, '')}\n({ Chat, Store });`);

/** Time, and all that waits for it. */
class World {
  constructor(seed) {
    Object.assign(this, { late: Number(process.env.LATE ?? (seed % 3 ? 400 : 60)), state: seed * 2654435761 % 4294967296, now: 1e12, queue: [], count: 0 });
    for (let i = 0; i < 8; i++) this.random();
  }

  random(n = 1) {
    this.state = (this.state * 1664525 + 1013904223) % 4294967296;
    return n === 1 ? this.state / 4294967296 : Math.floor(this.state / 4294967296 * n);
  }

  /** Mostly short, sometimes long. */
  delay(most) { return this.random(4) ? 1 + this.random(3) : this.random(most + 1); }

  note(...words) { if (process.env.TRACE) console.log(this.now - 1e12, ...words); }

  after(time, work) {
    const event = { at: this.now + Math.max(0, time), number: this.count++, work };
    let low = 0;
    let high = this.queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const each = this.queue[middle];
      if (each.at > event.at || (each.at === event.at && each.number > event.number)) low = middle + 1;
      else high = middle;
    }
    this.queue.splice(low, 0, event);
    return event;
  }

  /** What follows in this order comes in this order. */
  pipe() {
    let last = 0;
    return (time, work) => {
      last = Math.max(last, this.now + time);
      this.after(last - this.now, work);
    };
  }

  async run(upto) {
    while (this.queue.length && this.queue.at(-1).at <= upto) {
      const event = this.queue.pop();
      this.now = event.at;
      if (event.work) event.work();
      await new Promise((done) => { setImmediate(done); }); // what was promised
    }
    this.now = upto;
  }
}

/** What all processes agree on in the end: the last that arrived. */
class Disk {
  constructor(world) { Object.assign(this, { world, area: {}, processes: [], written: {} }); }

  put(key, value, from) {
    const old = this.area[key] ?? null;
    if (value === null) delete this.area[key];
    else this.area[key] = value;
    for (const each of this.processes) {
      each.inward(this.world.delay(this.world.late), () => {
        if (each === from) {
          if (--each.pending[key] === 0) delete each.pending[key];
        } else {
          if (!each.pending[key]) each.write(key, value);
          if (old !== value) each.tell(key, value);
        }
      });
    }
  }
}

/** A process has a copy; what it wrote itself stays until that arrived. */
class Process {
  constructor(disk) {
    const { world } = disk;
    Object.assign(this, { disk, world, area: { ...disk.area }, pending: {}, inward: world.pipe(), outbound: [], outward: world.pipe(), tab: null });
    disk.processes.push(this);
  }

  write(key, value) {
    if (value === null) delete this.area[key];
    else this.area[key] = value;
  }

  put(key, value) {
    if ((this.area[key] ?? null) === value) return;
    this.write(key, value);
    this.disk.written[key] = (this.disk.written[key] || 0) + 1;
    this.world.note(`tab ${this.tab.number} stores`, key.replace(/.*:\/\/x:/, ''), value);
    this.pending[key] = (this.pending[key] || 0) + 1;
    this.outbound.push([key, value]);
    this.outward(this.world.delay(this.world.late), () => this.send());
  }

  send() {
    const [next] = this.outbound.splice(0, 1);
    if (next) this.disk.put(...next, this);
  }

  /** Its end: another page opens later than what it wrote arrives. */
  end() { while (this.outbound.length) this.send(); }

  tell(key, newValue) { this.tab?.dispatch('storage', { key, newValue }); }
}

class Locks {
  constructor(world) { Object.assign(this, { world, queue: [], held: null }); }

  request(tab, work) {
    return new Promise((done) => {
      this.world.after(this.world.delay(40), () => {
        if (tab.isClosed) return;
        this.queue.push({ tab, run: async () => done(await work()) });
        this.next();
      });
    });
  }

  next() {
    if (this.held || !this.queue.length) return;
    const held = this.queue.shift();
    this.held = held;
    this.world.after(this.world.delay(40), async () => {
      if (this.held !== held) return;
      await held.run();
      this.world.after(this.world.delay(40), () => this.release(held));
    });
  }

  release(held) {
    if (this.held !== held) return;
    this.held = null;
    this.next();
  }

  closed(tab) {
    this.queue = this.queue.filter((each) => each.tab !== tab);
    if (this.held?.tab === tab) this.release(this.held);
  }
}

/** A server as bad as any: known is what is stored, and what somebody is in. The real one remembers more (bot/app/server_hello.c). */
class Server {
  constructor(world) { Object.assign(this, { world, stored: new Map(), count: 0, life: 0, sockets: new Set(), known: new Map() }); }

  kill() {
    this.life++;
    this.known.clear();
    for (const socket of this.sockets) socket.cut();
  }

  take(socket, message) {
    if (message.type === 'hello') this.hello(socket, message);
    else if (message.type === 'msg') this.msg(socket, message);
    else if (message.type === 'ping') socket.tell({ type: 'pong' });
  }

  hello(socket, { conv, last }) {
    const isKnown = this.stored.has(conv) || this.known.has(conv);
    socket.conv = isKnown ? conv : `c${++this.count}`;
    this.hold(socket.conv, 1);
    const events = this.stored.get(socket.conv)?.events || [];
    socket.tell({ type: 'welcome', resume: isKnown, next: events.length + 1, ...(isKnown ? {} : { conv: socket.conv }), greeting: [], limits: { text: 4096 } });
    events.filter(({ seq }) => seq > last).forEach((event) => socket.tell(event));
  }

  hold(conv, change) {
    const count = (this.known.get(conv) || 0) + change;
    if (count > 0) this.known.set(conv, count);
    else this.known.delete(conv);
  }

  left(socket) {
    if (this.sockets.delete(socket) && socket.conv) this.hold(socket.conv, -1);
  }

  msg(socket, { id, text }) {
    const { conv } = socket;
    const { life } = this;
    this.hold(conv, 1);
    this.world.after(this.world.delay(10), () => {
      if (life !== this.life) return;
      this.hold(conv, -1);
      const kept = this.stored.get(conv) || { events: [] };
      this.stored.set(conv, kept);
      const known = kept.events.find((event) => event.id === id);
      if (known) {
        socket.tell({ type: 'ack', id, seq: known.seq });
        return;
      }
      const seq = kept.events.length + 1;
      const made = [{ type: 'event', seq, kind: 'visitor', id, text, at: this.world.now }, { type: 'event', seq: seq + 1, kind: 'bot', re: id, text: `re ${text}`, at: this.world.now }];
      kept.events.push(...made);
      this.world.note('committed', text, 'in', conv);
      socket.tell({ type: 'ack', id, seq });
      for (const each of this.sockets) if (each.conv === conv) made.forEach((event) => { if (each !== socket || event.kind !== 'visitor') each.tell(event); });
    });
  }
}

/** Both ends of one; cut: neither end hears more of the other, soon or (frozen) never. */
const socketOf = (tab) => class {
  constructor() {
    const { world, server } = tab;
    Object.assign(this, { world, server, readyState: 0, up: world.pipe(), down: world.pipe(), isCut: false, life: server.life });
    tab.sockets.add(this);
    this.up(world.delay(60), () => {
      if (this.isCut || this.readyState === 3) return;
      server.sockets.add(this);
      this.down(1, () => {
        if (this.isCut || this.readyState === 3 || tab.isClosed) return;
        this.readyState = 1;
        tab.guard(() => this.onopen?.());
      });
    });
  }

  send(text) {
    tab.world.note(`tab ${tab.number} sends`, text);
    this.up(this.world.delay(60), () => { if (!this.isCut && this.life === this.server.life && this.server.sockets.has(this)) this.server.take(this, JSON.parse(text)); });
  }

  tell(message) {
    this.down(this.world.delay(60), () => {
      if (this.isCut || this.readyState !== 1 || tab.isClosed) return;
      tab.world.note(`tab ${tab.number} hears`, JSON.stringify(message));
      tab.guard(() => this.onmessage?.({ data: JSON.stringify(message) }));
    });
  }

  close() {
    this.readyState = 3;
    tab.sockets.delete(this);
    this.up(this.world.delay(60), () => this.server.left(this));
  }

  cut(isFrozen) {
    if (this.isCut || this.readyState === 3) return;
    this.isCut = true;
    this.world.after(this.world.delay(60), () => this.server.left(this));
    if (!isFrozen) {
      this.world.after(this.world.delay(60), () => {
        if (this.readyState === 3 || tab.isClosed) return;
        this.readyState = 3;
        tab.guard(() => this.onclose?.({ code: 1006 }));
      });
    }
  }
};

/** What a person sees, as far as chat.js asks for it. */
class View {
  constructor() { this.rows = []; }

  get isFull() { return false; }

  clear() { this.rows = []; }

  find(id) { return this.rows.find((row) => row.id === id); }

  drop(row) { this.rows = this.rows.filter((each) => each !== row); }

  put(row) {
    this.rows.push(row);
    this.rows.sort((one, other) => (one.seq ?? Infinity) - (other.seq ?? Infinity) || (one.at || 0) - (other.at || 0));
  }

  visitor({ id, seq, state, text, label, at }) {
    this.drop(this.find(id));
    this.put({ id, seq, state, at, kind: 'mine', text: text ?? label });
  }

  said({ seq, text }) { this.put({ seq, text, kind: 'theirs' }); }

  trim() { return []; }

  edges() {} preview() {} typing() {} state() {} note() {} unread() {} tell() {} label() {}

  keep(isUp, work) { work(); }
}

class Tab {
  constructor(scene, number, process) {
    const { world, server, locks } = scene;
    Object.assign(this, { world, server, number, process, heard: {}, sockets: new Set(), isClosed: false, problems: [] });
    process.tab = this;
    const add = (name, work) => { (this.heard[name] ||= []).push(work); };
    const timers = new Map();
    const area = new Proxy({}, {
      get: (_, key) => process.area[key],
      set: (_, key, value) => { process.put(key, `${value}`); return true; },
      deleteProperty: (_, key) => { process.put(key, null); return true; },
      ownKeys: () => Object.keys(process.area),
      getOwnPropertyDescriptor: (_, key) => (key in process.area ? { value: process.area[key], configurable: true, enumerable: true, writable: true } : undefined),
    });
    const page = vm.createContext({
      console, URL, TextEncoder, WebSocket: socketOf(this), localStorage: area, document: { hidden: false },
      crypto: { getRandomValues: (numbers) => numbers.map(() => world.random(4294967296)) },
      performance: { now: () => world.now },
      navigator: { locks: locks && { request: (name, work) => locks.request(this, work) } },
      setTimeout: (work, time) => {
        const event = world.after(time || 0, () => this.guard(() => timers.delete(event.number) && work()));
        timers.set(event.number, event);
        return event.number;
      },
      clearTimeout: (timer) => {
        if (timers.has(timer)) timers.get(timer).work = null;
        timers.delete(timer);
      },
      addEventListener: add, removeEventListener: () => {},
    });
    page.window = page;
    vm.runInContext('this.Date', page).now = () => world.now;
    vm.runInContext('this.Math', page).random = () => world.random();
    const { Chat, Store } = scene.script.runInContext(page);
    this.view = new View();
    this.host = { store: new Store('x://x', false), view: this.view, server: 'http://x', language: 'id', isShown: true, tell: () => {}, t: String };
    this.chat = new Chat(this.host);
    this.chat.open();
  }

  guard(work) {
    if (this.isClosed) return;
    if (this.waiting) {
      this.waiting.push(work);
      return;
    }
    try {
      work();
    } catch (error) {
      this.problems.push(error);
    }
  }

  /** As a page in the background: what happens meanwhile happens when it wakes, in its order. */
  sleep(time) {
    this.waiting ||= [];
    this.world.after(time, () => this.wake());
  }

  wake() {
    const { waiting } = this;
    this.waiting = null;
    waiting?.forEach((work) => this.guard(work));
  }

  dispatch(name, event) { (this.heard[name] || []).forEach((work) => this.guard(() => work(event))); }

  say(text) {
    this.wake();
    this.guard(() => this.chat.say({ text }));
  }

  close() {
    this.isClosed = true;
    this.process.tab = null;
    for (const socket of this.sockets) socket.close();
  }
}

/** One order of things; throws what is wrong. */
async function schedule(seed, script) {
  const world = new World(seed);
  const server = new Server(world);
  const disk = new Disk(world);
  const locks = process.env.LOCKS === '0' || seed % 4 === 0 ? undefined : new Locks(world);
  const scene = { world, server, locks, script };
  const tabs = [0, 1].map((number) => new Tab(scene, number, new Process(disk)));
  const said = [[], []];
  const what = [];
  const again = (number, isNew) => {
    const { process } = tabs[number];
    tabs[number].close();
    if (locks) locks.closed(tabs[number]);
    if (isNew) process.end();
    tabs[number] = new Tab(scene, number, isNew ? new Process(disk) : process);
  };
  const actions = {
    say: (number) => {
      const text = `t${number} n${said[number].length + 1}`;
      said[number].push(text);
      tabs[number].say(text);
    },
    cut: () => { for (const socket of [...server.sockets]) if (world.random(2)) socket.cut(); },
    freeze: (number) => {
      for (const socket of [...server.sockets]) socket.cut(true);
      tabs[number].dispatch('online', {});
    },
    reload: (number) => again(number, false),
    change: (number) => again(number, true),
    kill: () => server.kill(),
    sleep: (number) => tabs[number].sleep(world.random(SLEEP_MS)),
    wait: () => {},
  };
  const order = ['say', 'say', 'say', 'say', 'cut', 'freeze', 'reload', 'change', 'kill', 'sleep', 'wait'];
  await world.run(world.now + world.delay(300));
  for (let step = 0; step < STEPS; step++) {
    const [name, number] = [order[world.random(order.length)], world.random(2)];
    what.push(`${name}${number}`);
    world.note(`---- ${name} ${number}`);
    actions[name](number);
    await world.run(world.now + (world.random(3) ? world.random(60) : world.random(1500)));
  }
  await world.run(world.now + QUIET_MS);
  try {
    for (const tab of tabs) if (tab.problems.length) throw tab.problems[0];
    if (said.flat().length) judge({ tabs, server, disk, said });
  } catch (error) {
    error.message = `schedule ${seed} (${what.join(' ')}): ${error.message}`;
    throw error;
  }
}

function judge({ tabs, server, disk, said }) {
  const named = Object.entries(disk.area).find(([key]) => key.endsWith(':conv'))?.[1];
  const events = server.stored.get(named)?.events || [];
  const mine = events.filter(({ kind }) => kind === 'visitor').map(({ text }) => text);
  for (const number of [0, 1]) {
    const own = mine.filter((text) => text.startsWith(`t${number}`));
    assert(said[number].every((text) => own.includes(text)), `of tab ${number} is missing in ${named}: ${said[number].filter((text) => !own.includes(text))}`);
    assert.deepStrictEqual(own, said[number], 'order');
  }
  const want = events.map(({ kind, text }) => `${kind === 'visitor' ? 'mine' : 'theirs'}: ${text}`);
  for (const tab of tabs) {
    assert.deepStrictEqual(tab.chat.conv, named, `tab ${tab.number} is in another conversation`);
    assert.deepStrictEqual(tab.view.rows.map(({ kind, text }) => `${kind}: ${text}`), want, `tab ${tab.number} shows something else`);
  }
  assert.deepStrictEqual(Object.keys(disk.area).filter((key) => key.includes(':o:')), [], 'still in the outbox');
  const often = Object.entries(disk.written).filter(([key, times]) => key.includes(':o:') && times > WRITES_MAX);
  assert.deepStrictEqual(often, [], 'stored over and over');
}

async function run(script, count, until = Infinity) {
  const failures = [];
  for (let seed = firstSeed; seed < firstSeed + count && failures.length < until; seed++) {
    await schedule(seed, script).catch((error) => failures.push({ seed, error }));
  }
  return failures;
}

async function main() {
  if (!isBroken) {
    const began = Date.now();
    const failures = await run(compile(SOURCE), Number(many));
    failures.slice(0, Number(process.env.SHOW || 5)).forEach(({ error }) => console.log(`FAILED  ${error.message.split('\n').slice(0, 20).join('\n')}`));
    console.log(`${many} schedules from seed ${firstSeed} on, ${Math.round((Date.now() - began) / 1000)} s: ${failures.length} failed`);
    return failures.length;
  }
  let unnoticed = 0;
  for (const [name, mutant] of Object.entries(MUTANTS)) {
    let text = SOURCE;
    for (const [right, wrong] of mutant) {
      assert(text.includes(right), `the widget no longer holds: ${right}`);
      text = text.replace(right, wrong);
    }
    const [found] = await run(compile(text), Number(many), 1);
    if (!found) unnoticed++;
    console.log(`${found ? `found out by seed ${found.seed}` : 'NOT NOTICED'}: ${name}`);
  }
  return unnoticed;
}

main().then((failures) => process.exit(failures > 0 ? 1 : 0), (error) => { console.log(error.stack); process.exit(1); });
