// The conversation: what was said, what is on its way, how far was read. Knows the protocol and the store, never an element: it tells
// the view (view.js) what to show. A message is never lost (outbox until ack), doubled (same id; events known by seq are dropped) or
// out of order (one at a time; the view places by seq).
import { Connection } from './connection.js';
import { Outbox } from './outbox.js';

const TAIL = 60; // events fetched again when a page opens; older ones on demand
const SETTLE_MS = 80; // until what one tab wrote is surely seen by another

const pause = (time) => new Promise((done) => { setTimeout(done, time); });
const number = (text) => Math.max(0, Number(text) || 0);

export class Chat {
  /** view: see View. language(): of the page. tell(name, detail): events for the page. */
  constructor({ server, store, view, language, tell }) {
    Object.assign(this, { server, store, view, language, tell });
    this.limits = { text: 4096 };
    this.labels = new Map(); // payload of a choice → its words, for messages told again
    this.outbox = new Outbox(store);
    const socket = `${server.replace(/^http/, 'ws')}/ws`;
    this.connection = new Connection(socket, {
      hello: () => this.hello(), heard: (message) => this.heard(message), changed: (state) => this.changed(state),
    });
    this.unwatch = store.watch((key, value) => this.elsewhere(key, value));
    this.begin();
  }

  /** Where a conversation starts in this tab: what the store knows, nothing on screen. */
  begin() {
    this.conv = this.store.get('conv');
    this.seen = number(this.store.get('seen'));
    this.low = this.conv ? Math.max(0, Math.min(this.seen, number(this.store.get('last'))) - TAIL) : 0;
    this.last = this.low;
    this.claimed = this.ready = this.waiting = false;
    this.labels.clear();
    this.view.clear();
    this.view.hasEarlier(this.low > 0);
    this.outbox.entries.forEach((entry) => this.view.visitor(entry));
  }

  open() { this.connection.open(); }

  close() {
    this.connection.close();
    this.unwatch();
    clearTimeout(this.retrying);
  }

  isKnown() { return Boolean(this.store.get('conv') || this.outbox.entries.length); }

  hello() {
    this.name = this.store.get('client') || this.name || this.outbox.name;
    const hello = { type: 'hello', v: 1, client: this.name, language: this.language() };
    if (this.identity) return { ...hello, identity: this.identity, last: this.last };
    return this.conv ? { ...hello, conv: this.conv, last: this.last } : hello;
  }

  changed(state) {
    if (state !== 'online') this.ready = this.waiting = false;
    this.view.state(state, this.outbox.entries.length);
    this.outbox.entries.forEach((entry) => {
      if (entry.state === 'sending') this.view.visitor(Object.assign(entry, { state: 'queued' }));
    });
  }

  // ---- what the server says ----

  heard(message) {
    const known = { welcome: 'welcome', ack: 'ack', nak: 'nak', event: 'event' }[message.type];
    if (known) this[known](message); // newer servers may say more
  }

  welcome(message) {
    if (message.limits?.text) this.limits = message.limits;
    this.next = message.next;
    if (!message.resume) this.startAnew(message);
    else if (message.next <= this.last) { // the server has less than was shown here: a backup was put back
      this.restartAt(0);
      return;
    }
    if (message.conv) this.conv = message.conv;
    if (!this.last) this.view.preview(message.greeting || []);
    this.ready = true;
    this.view.welcome(message.language);
    this.outbox.adopt().forEach((entry) => this.view.visitor(entry));
    this.view.state('online', 0);
    if (this.outbox.entries.length) this.pump();
  }

  /** The server knows no such conversation (or there was none): what was here is over, what is unsent goes into the new one. */
  startAnew() {
    if (this.conv && this.store.get('conv') === this.conv) ['conv', 'last', 'seen'].forEach((key) => this.store.remove(key));
    this.conv = null;
    this.begin();
    this.conv = null;
  }

  restartAt(seq) {
    this.low = this.last = seq;
    this.view.clear();
    this.view.hasEarlier(seq > 0);
    this.outbox.entries.forEach((entry) => this.view.visitor(entry));
    this.connection.restart();
  }

  ack(message) {
    this.settle(message.id, message.seq);
    this.view.typing(true);
    this.waiting = false;
    this.pump();
  }

  /** A message is on the server's disk. */
  settle(id, seq, at) {
    const entry = this.outbox.done(id);
    if (entry) this.view.visitor({ ...entry, at: at || entry.at, seq, state: 'sent' });
    return entry;
  }

  nak(message) {
    if (!message.id) {
      this.refused(message);
      return;
    }
    this.waiting = false;
    const entry = this.outbox.find(message.id);
    if (['rate', 'busy', 'storage'].includes(message.code)) {
      if (entry) this.view.visitor(Object.assign(entry, { state: 'queued' }));
      this.later(message.retry_ms);
    } else if (message.code === 'gone') {
      this.conv = null;
      this.startAnew();
      this.connection.restart();
    } else if (entry) {
      this.view.visitor(this.outbox.fail(message.id, message.code));
      this.pump();
    }
  }

  later(time) {
    clearTimeout(this.retrying);
    this.waiting = true;
    this.retrying = setTimeout(() => {
      this.waiting = false;
      this.pump();
    }, time || 1000);
  }

  /** A nak to hello. */
  refused(message) {
    if (message.code === 'denied' && this.identity) this.tell('identify', { why: message.why });
    if (['version', 'denied', 'unsupported'].includes(message.code)) {
      this.connection.lost(1008);
      this.view.problem(message.code);
    } else if (['rate', 'busy', 'storage'].includes(message.code) && !this.ready) {
      this.connection.lost(1013);
    } else if (!this.ready) {
      this.startAnew();
      this.connection.restart();
    }
  }

  event(message) {
    const { seq, kind } = message;
    if (!(seq > this.low) || this.view.has(seq)) return;
    const isNew = seq >= this.next;
    this.last = Math.max(this.last, seq);
    this.view.preview([]);
    if (kind === 'visitor') {
      const label = this.labels.get(message.choice) || this.outbox.find(message.id)?.label || String(message.choice || '').replace(/^\d+:/, '');
      this.outbox.done(message.id);
      this.view.visitor({ id: message.id, seq, at: message.at, text: message.text, label, choice: message.choice, state: 'sent' });
    } else if (kind === 'system') {
      if (message.what === 'erased') this.forget('erased');
    } else if (typeof message.text === 'string') {
      for (const choice of message.choices || []) this.labels.set(choice.payload, choice.label);
      this.view.typing(false);
      this.view.said(message, isNew);
      if (isNew) this.tell('message', { seq, from: kind, text: message.text });
    }
    this.noted();
  }

  /** How far was shown, not at every event of a long replay. */
  noted() {
    if (this.noting) return;
    this.noting = setTimeout(() => {
      this.noting = 0;
      if (this.conv && this.claimed) this.store.set('last', this.last);
      this.read();
    }, 100);
  }

  /** What is on screen in an open, visible window was seen. */
  read() {
    if (this.view.isRead() && this.last > this.seen) {
      this.seen = this.last;
      if (this.store.get('conv')) this.store.set('seen', this.seen);
      this.connection.send({ type: 'seen', seq: this.seen });
    }
    this.view.unread(this.seen);
  }

  // ---- what the visitor says ----

  /** {text} or {choice, label}. 0, or the reason it cannot be said. */
  say(said) {
    if (said.text !== undefined && new TextEncoder().encode(said.text).length > this.limits.text) return 'long';
    this.name = this.name || this.outbox.name;
    this.store.keep();
    if (this.store.get('client') === null) this.store.set('client', this.name);
    this.view.visitor(this.outbox.add(said));
    this.tell('message', { from: 'visitor', text: said.text ?? said.label });
    if (this.connection.state === 'stopped') this.connection.restart();
    this.connection.open();
    this.pump();
    return 0;
  }

  /** A refused message once more, as a new one. */
  retry(id) {
    const { text, choice, label } = this.outbox.find(id) || {};
    this.discard(id);
    if (text !== undefined || choice !== undefined) this.say(choice === undefined ? { text } : { choice, label });
  }

  discard(id) {
    this.outbox.done(id);
    this.view.remove(id);
  }

  async pump() {
    const entry = this.outbox.next();
    if (!this.ready || this.waiting || !entry) {
      if (this.outbox.entries.some((each) => each.state !== 'failed')) this.lookAgain();
      return;
    }
    this.waiting = true;
    if (!this.claimed && !(await this.claim())) return;
    const { id, text, choice } = entry;
    if (this.connection.send({ type: 'msg', id, ...(choice === undefined ? { text } : { choice }) })) {
      this.view.visitor(Object.assign(entry, { state: 'sending' }));
    }
  }

  /** What another tab has not got through with becomes this one's. */
  lookAgain() {
    clearTimeout(this.looking);
    this.looking = setTimeout(() => this.pump(), 2000);
  }

  /** All tabs of this browser share one conversation: the first to write names it, the others come over. */
  async claim() {
    const mine = this.conv;
    const decide = async () => {
      if (!this.store.get('conv')) {
        this.store.set('conv', mine);
        if (this.store.kept) await pause(SETTLE_MS);
      }
      return this.store.get('conv');
    };
    if (this.identity) this.claimed = true;
    const named = this.identity ? mine : await (navigator.locks && this.store.kept ? navigator.locks.request(this.store.prefix, decide) : decide());
    if (mine !== this.conv || !this.ready) return false; // something else happened meanwhile: another welcome pumps again
    this.claimed = true;
    if (named === mine || !named) return true;
    this.join(named);
    return false;
  }

  join(conv) {
    this.conv = conv;
    this.restartAt(0);
  }

  /** Another tab wrote something into the store. */
  elsewhere(key, value) {
    if (key === 'conv' && !this.identity && value !== this.conv) {
      if (value) this.join(value);
      else if (this.conv && this.claimed) this.leave();
    } else if (key === 'seen') {
      this.seen = Math.max(this.seen, number(value));
      this.view.unread(this.seen);
    } else if (key.startsWith('o:') && value !== null) {
      this.outbox.adopt().forEach((entry) => this.view.visitor(entry));
      this.open();
      this.lookAgain();
    }
  }

  // ---- the visitor's own data ----

  earlier() {
    const { low } = this;
    this.restartAt(Math.max(0, low - 4 * TAIL));
  }

  async own(method, path) {
    const bearer = this.identity || this.conv;
    if (!bearer || (!this.identity && !this.store.get('conv'))) return null;
    const response = await fetch(this.server + path, { method, headers: { Authorization: `Bearer ${bearer}` }, cache: 'no-store', credentials: 'omit' });
    if (!response.ok && response.status !== 404) throw new Error(response.status);
    return response.ok ? response : null;
  }

  download() { return this.own('GET', '/export'); }

  async erase() {
    await this.own('DELETE', '/conversation');
    this.forget('erased');
  }

  /** Nothing of it stays in this browser; why is said to the visitor. */
  forget(why) {
    this.outbox.entries = [];
    this.store.forget();
    this.leave();
    if (why) this.view.note(why);
  }

  leave() {
    this.outbox.entries = this.outbox.entries.filter((entry) => this.outbox.isOwn(entry));
    this.name = null;
    this.begin();
    this.connection.restart();
  }

  /** A signed identity of the host page, or null at logout: then nothing of that person stays here. */
  identify(token) {
    if (token === this.identity) return;
    const renews = token && this.identity;
    this.identity = token || null;
    if (renews && this.connection.state === 'online') return; // the next hello needs it
    if (!renews) this.forget();
    else this.connection.restart();
    if (token) this.open();
  }
}
