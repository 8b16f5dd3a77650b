// The conversation: nothing lost, doubled or out of order. Touches no element.
const SILENCE_MS = 30000, PONG_MS = 15000, WAKE_MS = 4000, STEADY_MS = 10000;

export function listen(target, names, work) {
  names.forEach((name) => target.addEventListener(name, work));
  return () => names.forEach((name) => target.removeEventListener(name, work));
}

class Connection {
  constructor(url, chat) {
    Object.assign(this, { url, chat, state: 'offline', failures: 0 });
  }

  open() {
    if (this.wanted) return;
    this.wanted = listen(window, ['online', 'offline', 'pageshow', 'focus', 'visibilitychange'], () => this.awake());
    this.connect();
  }

  close() {
    this.wanted = this.wanted?.();
    this.drop('offline');
  }

  restart() {
    if (!this.wanted) return;
    this.drop('connecting');
    this.connect();
  }

  set(state) {
    if (state === this.state) return;
    this.state = state;
    this.chat.changed(state);
  }

  connect() {
    this.set('connecting');
    try {
      const socket = new WebSocket(this.url, 'pandu.v1');
      this.socket = socket;
      socket.onopen = () => this.send(this.chat.hello());
      socket.onmessage = ({ data }) => this.message(data);
      socket.onclose = ({ code }) => this.lost(code);
      this.expect(PONG_MS);
    } catch {
      this.lost(1008); // a policy forbids it
    }
  }

  message(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch { /* */ }
    this.expect(SILENCE_MS);
    if (message?.type === 'welcome') {
      this.steady = performance.now() + STEADY_MS;
      this.set('online');
    }
    if (message) this.chat.heard(message);
  }

  expect(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (time === SILENCE_MS ? this.ping(PONG_MS) : this.lost(1006)), time);
  }

  ping(time) {
    this.send({ type: 'ping' });
    this.expect(time);
  }

  awake() {
    if (document.hidden) return;
    if (this.state === 'online') this.ping(WAKE_MS);
    if (this.state === 'offline') this.connect();
  }

  lost(code) {
    this.failures = this.steady < performance.now() ? 0 : this.failures + 1;
    this.drop(/100[23789]/.test(code) ? 'stopped' : 'offline');
    if (this.state === 'offline' && this.wanted) this.timer = setTimeout(() => this.connect(), Math.random() * Math.min(30000, 250 * 2 ** this.failures));
  }

  drop(state) {
    const { socket } = this;
    clearTimeout(this.timer);
    this.steady = Infinity;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    this.set(state);
  }

  send(message) {
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(JSON.stringify(message));
    if (message.type === 'msg') this.expect(PONG_MS);
    return true;
  }
}

// What stays in this browser.
export class Store {
  constructor(scope, shared) {
    this.prefix = `pandu:${scope}:`;
    this.shared = shared;
    this.memory = {};
    this.look();
  }

  use(work) {
    try {
      if (this.kept) return work(localStorage);
    } catch {
      this.kept = false;
    }
    return work(this.memory);
  }

  look() {
    this.kept = !this.shared;
    this.kept = this.get('client') && this.kept;
  }

  keep() {
    if (this.shared || this.kept) return;
    this.kept = true;
    this.keys('').forEach((key) => this.set(key, this.memory[this.prefix + key]));
  }

  get(key) { return this.use((area) => area[this.prefix + key] ?? null); }

  set(key, value) {
    const put = (area) => { area[this.prefix + key] = value; };
    put(this.memory);
    this.use(put);
  }

  remove(key) {
    delete this.memory[this.prefix + key];
    this.use((area) => delete area[this.prefix + key]);
  }

  keys(start) {
    return this.use(Object.keys).filter((key) => key.startsWith(this.prefix + start)).map((key) => key.slice(this.prefix.length));
  }

  forget() {
    [...this.keys('o:'), ...this.keys('')].forEach((key) => this.remove(key)); // conv last
    this.memory = {};
    this.kept = false;
  }

  watch(chat) {
    return listen(window, ['storage'], ({ key, newValue }) => {
      if (this.shared || !key?.startsWith(this.prefix)) return;
      this.look();
      chat.elsewhere(key.slice(this.prefix.length), newValue);
    });
  }
}

const LATE_MS = 2000; // then all tabs see what one stored
const ORPHAN_MS = 5000; // then any tab sends it

class Outbox {
  constructor(store) {
    this.store = store;
    this.entries = [];
    this.name = crypto.getRandomValues(new Uint32Array(3)).join('-');
    this.count = 0;
    this.adopt().forEach((entry) => { entry.mine = true; });
  }

  add(said) {
    const entry = { id: `${this.name}-${++this.count}`, at: Math.max(Date.now(), (this.entries.at(-1)?.at || 0) + 1), state: 'queued', ...said };
    this.save(entry);
    this.entries.push({ ...entry, mine: true, loose: !this.store.kept }); // loose: no tab sees it
    return this.entries.at(-1);
  }

  save(entry) { this.store.set(`o:${entry.id}`, JSON.stringify({ ...entry, mine: false })); }

  adopt() {
    const found = [];
    for (const key of this.store.keys('o:')) {
      try {
        const entry = JSON.parse(this.store.get(key));
        if (!this.find(entry.id)) found.push(entry);
      } catch { /* */ }
    }
    this.entries = [...this.entries, ...found].sort((one, other) => one.at - other.at);
    return found;
  }

  find(id) { return this.entries.find((entry) => entry.id === id); }

  next() { return this.entries.find(({ state, mine, at }) => !/failed|sent/.test(state) && (mine || Math.abs(Date.now() - at) > ORPHAN_MS)); }

  told(id) { this.entries = this.entries.filter((entry) => entry.id !== id || entry.mine || entry.state === 'sending'); }

  drop(id) {
    this.entries = this.entries.filter((entry) => entry.id !== id);
    this.store.remove(`o:${id}`);
  }

  done(id, conv) {
    const entry = this.find(id);
    if (!entry) return null;
    entry.state = 'sent';
    if (entry.conv !== conv) { // not for ever: tabs may name two
      this.store.remove(`o:${id}`); // a full storage takes nothing longer
      this.save(Object.assign(entry, { conv }));
    }
    setTimeout(() => entry.state === 'sent' && this.drop(id), LATE_MS);
    return entry;
  }
}

const PAGE = 20;
const AGAIN = /rate|busy|storage/;

export class Chat {
  constructor(host) {
    const { store, view, server } = host;
    Object.assign(this, { host, store, view, bytes: 4096 });
    this.outbox = new Outbox(store);
    this.connection = new Connection(`${server.replace(/^http/, 'ws')}/ws`, this);
    this.unwatch = store.watch(this);
    this.begin();
  }

  get named() {
    const conv = this.store.get('conv');
    return conv === this.dead ? null : conv;
  }

  begin() {
    this.conv = this.named;
    const number = (key) => Number(this.conv && this.store.get(key)) || 0;
    this.seen = number('seen');
    this.showFrom(this.conv ? Math.min(this.seen, number('last') - 2 * PAGE) : 0);
  }

  /** In view: above low, up to top. */
  showFrom(seq) {
    this.low = this.last = Math.max(0, seq);
    this.top = Infinity;
    this.claimed = this.ready = this.busy = this.page = false;
    this.view.clear();
    this.edges();
    this.show(this.outbox.entries);
  }

  edges() { this.view.edges(this.low > 0, this.top < Infinity); }

  show(entries) {
    entries.forEach((entry) => {
      const { id, state, conv } = entry;
      if (this.view.find(id)?.seq || (state === 'sent' && conv === this.conv)) this.outbox.done(id, this.conv);
      else this.mark(entry, state.replace('sent', 'queued'));
    });
  }

  mark(entry, state) { this.view.visitor(Object.assign(entry, { state })); }

  open() { this.connection.open(); }

  close() {
    this.connection.close();
    this.unwatch();
    clearTimeout(this.timer);
  }

  isKnown() { return this.store.get('conv') || this.outbox.entries.length; }

  hello() {
    this.store.look();
    this.conv ??= this.named;
    this.client ??= this.store.get('client') || this.outbox.name;
    return { type: 'hello', v: 1, client: this.client, language: this.host.language, last: this.last, identity: this.identity, conv: this.conv };
  }

  changed(state) {
    if (state !== 'online') this.ready = this.busy = this.page = false;
    this.view.state(state);
    this.outbox.entries.forEach((entry) => { if (entry.state === 'sending') this.mark(entry, 'queued'); });
  }

  heard(message) {
    const { type, id } = message;
    if (this.rating && id === this.rating.id) this.forget('ended');
    else if (/^(welcome|ack|nak|event|history)$/.test(type)) this[type](message);
  }

  welcome({ resume, next, conv, greeting, limits }) {
    this.next = next;
    this.bytes = limits?.text || this.bytes;
    if (!resume) this.startAnew();
    else if (next <= this.last) {
      this.join(this.conv);
      return;
    }
    this.conv = conv || this.conv;
    if (!this.last) this.view.preview(greeting);
    this.ready = true;
    this.show(this.outbox.adopt());
    if (this.rating) this.connection.send(this.rating);
    this.pump();
  }

  startAnew() {
    if (!this.conv && !this.last) return;
    this.dead = this.conv; // stored may be another tab's
    this.begin();
    this.conv = null;
  }

  join(conv) {
    this.conv = conv;
    this.showFrom(0);
    this.connection.restart();
  }

  ack({ id, seq }) {
    const entry = this.outbox.done(id, this.conv);
    if (entry) this.view.visitor({ ...entry, seq });
    this.view.typing(true);
    this.pumpAfter(0);
  }

  nak({ id, code, retry_ms: time, why }) {
    const entry = this.outbox.find(id);
    if (!id && !this.ready) this.refused(code, why);
    else if (!id) this.page = null;
    else if (code === 'gone') {
      this.startAnew();
      this.connection.restart();
    } else if (entry && AGAIN.test(code)) {
      this.mark(entry, 'queued');
      this.pumpAfter(time || 1000);
    } else if (entry) {
      this.mark(entry, 'failed');
      this.outbox.save(entry);
      this.pumpAfter(0);
    }
  }

  refused(code, why) {
    if (AGAIN.test(code)) this.connection.lost(1013);
    else if (/version|denied|unsupported/.test(code)) {
      if (this.identity) this.host.tell('identify', { why });
      this.connection.lost(1008);
      this.view.tell(code === 'version' ? code : 'denied');
    } else {
      this.startAnew();
      this.connection.restart();
    }
  }

  event(message) {
    const { seq, kind, id, text, what } = message;
    const { page, view, next } = this;
    if (kind === 'visitor') this.outbox.done(id, this.conv);
    if (page && seq > page.from && seq <= page.upto) page.events.push(message);
    if (!(seq > this.last)) return;
    this.last = seq;
    view.preview([]);
    if (what === 'erased' && !this.identity) this.forget(what);
    else {
      if (what === 'erased') {
        view.clear();
        view.note(what);
        this.low = seq;
      }
      if (this.top === Infinity && view.isFull) this.top = seq - 1;
      if (this.top === Infinity) this.row(message, seq - next);
      view.typing(false);
      if (seq >= next && kind !== 'visitor' && text) this.host.tell('message', { from: kind, text });
      this.low = view.trim(false).at(-1)?.seq ?? this.low;
      this.edges();
    }
    this.noting ||= setTimeout(() => this.note(), 100);
  }

  row(message, age) {
    const { seq, kind, id, at, text, choice } = message;
    const { view } = this;
    if (view.rows.some((row) => row.seq === seq)) return;
    const label = choice && (view.label(choice) ?? view.find(id)?.label);
    if (kind !== 'visitor') {
      if (typeof text === 'string') view.said(message, age);
    } else if (choice && !label && this.low && !(view.rows[0]?.seq < seq)) this.low = seq;
    else view.visitor({ id, seq, at, text, label: label ?? String(choice).replace(/^\d+:/, ''), state: 'sent' });
  }

  note() {
    this.noting = 0;
    const isKept = this.store.get('conv');
    if (isKept) this.store.set('last', this.last);
    if (this.host.isShown && !document.hidden && this.last > this.seen) {
      this.seen = this.last;
      if (isKept) this.store.set('seen', this.seen);
      this.connection.send({ type: 'seen', seq: this.seen });
    }
    this.view.unread(this.seen);
  }

  say(said) {
    if (new TextEncoder().encode(said.text).length > this.bytes) return false;
    this.newest();
    this.client ??= this.outbox.name;
    this.store.keep();
    this.store.set('client', this.store.get('client') ?? this.client);
    this.view.visitor(this.outbox.add(said));
    this.host.tell('message', { from: 'visitor', text: said.text ?? said.label });
    if (this.connection.state === 'stopped') this.connection.restart();
    this.open();
    this.pump();
    return true;
  }

  retry({ id, text, choice, label }, isWanted) {
    this.outbox.drop(id);
    this.view.drop(this.view.find(id));
    if (isWanted) this.say({ text, choice, label });
  }

  pumpAfter(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.busy = false;
      this.pump();
    }, time);
  }

  async pump() {
    if (!this.ready || this.busy) return;
    const entry = this.outbox.next();
    if (!entry) {
      if (this.outbox.entries.some(({ state }) => !/failed|sent/.test(state))) this.pumpAfter(LATE_MS); // another tab's
      return;
    }
    clearTimeout(this.timer);
    this.busy = true;
    if (!this.claimed && !(await this.claim())) return;
    const { id, text, choice } = entry;
    if (entry.state === 'sent') this.pumpAfter(0);
    else if (this.connection.send({ type: 'msg', id, text, choice })) this.mark(entry, 'sending');
  }

  async claim() {
    const { conv, store } = this;
    const named = this.identity ? conv : this.named || await new Promise((done) => {
      const name = () => new Promise((end) => {
        if (conv === this.conv && !this.named) store.set('conv', conv);
        setTimeout(() => done(this.named), 80);
        setTimeout(end, LATE_MS);
      });
      if (!store.kept || !navigator.locks?.request(store.prefix, name)) name();
    });
    if (conv !== this.conv || !this.ready) return false;
    this.claimed = true;
    if (named && named !== conv) this.join(named);
    return this.claimed;
  }

  elsewhere(key, value) {
    if (key === 'conv' && !this.identity) {
      const { named } = this;
      if (named && named !== this.conv) this.join(named);
      else if (this.claimed && !this.store.get('conv')) this.leave();
    } else if (key === 'seen') {
      this.seen = Math.max(this.seen, value);
      this.view.unread(this.seen);
    } else if (key.startsWith('o:')) {
      if (value) this.show(this.outbox.adopt());
      else this.outbox.told(key.slice(2));
      this.open();
      this.pump();
    }
  }

  more(isUp) {
    const { low, top, last, next } = this;
    const from = isUp ? Math.max(0, low - PAGE) : top;
    const upto = isUp ? low : Math.min(last, top + PAGE);
    if (!this.ready || this.page || from >= upto || last + 1 < next) return;
    this.page = { isUp, from, upto, events: [] };
    this.connection.send({ type: 'history', after: from });
  }

  history({ after, upto }) {
    const { page, view } = this;
    if (!page) return;
    if (upto > after && upto < page.upto) {
      this.connection.send({ type: 'history', after: upto });
      return;
    }
    this.page = null;
    view.keep(page.isUp, () => {
      if (page.isUp) this.low = page.from;
      else this.top = page.upto < this.last ? page.upto : Infinity;
      page.events.forEach((message) => this.row(message));
      const cut = view.trim(page.isUp);
      if (cut.length && page.isUp) this.top = cut[0].seq - 1;
      else if (cut.length) this.low = cut.at(-1).seq;
    });
    this.edges();
  }

  newest() {
    if (this.top === Infinity) return;
    this.showFrom(this.last - 2 * PAGE);
    this.connection.restart();
  }

  async own(method, path) {
    const bearer = this.identity || this.store.get('conv');
    const response = bearer && await fetch(this.host.server + path, { method, headers: { Authorization: `Bearer ${bearer}` } });
    if (response?.ok) return response;
    if (response && response.status !== 404) throw new Error(path);
    return null;
  }

  async erase() {
    await this.own('DELETE', '/conversation');
    this.forget('erased');
  }

  end(helped) {
    if (helped === undefined) {
      this.forget('ended');
      return;
    }
    this.rating = { type: 'rating', id: `${this.outbox.name}-end`, helped };
    this.connection.send(this.rating);
    setTimeout(() => this.rating && this.forget('ended'), 8000);
  }

  forget(why) {
    this.rating = null;
    this.outbox.entries = [];
    this.store.forget();
    this.leave();
    if (why) this.view.note(why);
  }

  leave() {
    this.outbox.entries = this.outbox.entries.filter(({ id, loose }) => loose || this.store.get(`o:${id}`));
    this.client = null;
    this.begin();
    this.connection.restart();
  }

  identify(token) {
    const isRenewal = token && this.identity;
    const { entries } = this.outbox;
    this.identity = token;
    if (!isRenewal) this.forget();
    else if (this.connection.state !== 'online') this.connection.restart();
    if (!token) return;
    if (!isRenewal) entries.forEach((entry) => entry.state !== 'sent' && this.say(entry));
    this.open();
  }
}
