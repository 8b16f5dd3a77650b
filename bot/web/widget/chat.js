// The conversation: nothing is lost, doubled or out of order. Touches no element.
import { Connection } from './connection.js';
import { Outbox } from './outbox.js';

const TAIL = 60;
const SETTLE_MS = 80;
const AGAIN = ['rate', 'busy', 'storage'];

export class Chat {
  constructor(options) {
    Object.assign(this, options, { bytes: 4096, labels: {} });
    this.outbox = new Outbox(this.store);
    this.connection = new Connection(`${this.server.replace(/^http/, 'ws')}/ws`, {
      hello: () => this.hello(), heard: (message) => this.heard(message), changed: (state) => this.changed(state),
    });
    this.unwatch = this.store.watch((key, value) => this.elsewhere(key, value));
    this.begin();
  }

  begin() {
    const number = (key) => Number(this.store.get(key)) || 0;
    this.conv = this.store.get('conv');
    this.seen = number('seen');
    this.showFrom(this.conv ? Math.min(this.seen, number('last') - TAIL) : 0);
  }

  showFrom(seq) {
    this.low = this.last = Math.max(0, seq);
    this.claimed = this.ready = this.busy = false;
    this.view.clear(this.low > 0);
    this.show(this.outbox.entries);
  }

  show(entries) { entries.forEach((entry) => this.view.visitor(entry)); }

  mark(entry, state) { this.view.visitor(Object.assign(entry, { state })); }

  open() { this.connection.open(); }

  close() {
    this.connection.close();
    this.unwatch();
    clearTimeout(this.later);
  }

  isKnown() { return Boolean(this.store.get('conv') || this.outbox.entries.length); }

  hello() {
    this.store.look();
    this.conv ??= this.store.get('conv');
    this.client ??= this.store.get('client') || this.outbox.name;
    return { type: 'hello', v: 1, client: this.client, language: this.language(), last: this.last, ...(this.identity ? { identity: this.identity } : this.conv && { conv: this.conv }) };
  }

  changed(state) {
    if (state !== 'online') this.ready = this.busy = false;
    this.view.state(state);
    this.outbox.entries.forEach((entry) => { if (entry.state === 'sending') this.mark(entry, 'queued'); });
  }

  heard(message) {
    if (['welcome', 'ack', 'nak', 'event'].includes(message.type)) this[message.type](message);
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
    if (!this.last) this.view.preview(greeting || []);
    this.ready = true;
    this.show(this.outbox.adopt());
    this.pump();
  }

  startAnew() {
    if (!this.conv) return;
    if (this.store.get('conv') === this.conv) ['conv', 'last', 'seen'].forEach((key) => this.store.remove(key));
    this.begin();
    this.conv = null;
  }

  join(conv) {
    this.conv = conv;
    this.showFrom(0);
    this.connection.restart();
  }

  ack({ id, seq }) {
    const entry = this.outbox.find(id);
    this.outbox.done(id);
    if (entry) this.view.visitor({ ...entry, seq, state: 'sent' });
    this.view.typing(true);
    this.pumpAfter(0);
  }

  nak({ id, code, retry_ms: time, why }) {
    const entry = this.outbox.find(id);
    if (!id && !this.ready) this.refused(code, why);
    else if (code === 'gone') {
      this.startAnew();
      this.connection.restart();
    } else if (entry && AGAIN.includes(code)) {
      this.mark(entry, 'queued');
      this.pumpAfter(time || 1000);
    } else if (entry) {
      this.mark(entry, 'failed');
      this.outbox.save(entry);
      this.pumpAfter(0);
    }
  }

  refused(code, why) {
    if (AGAIN.includes(code)) this.connection.lost(1013);
    else if (['version', 'denied', 'unsupported'].includes(code)) {
      if (this.identity) this.tell('identify', { why });
      this.connection.lost(1008);
      this.view.tell(code === 'version' ? code : 'denied');
    } else {
      this.startAnew();
      this.connection.restart();
    }
  }

  event(message) {
    const { seq, kind, id, at, text, choice, choices = [], what } = message;
    if (!(seq > this.low) || this.view.has(seq)) return;
    const isNew = seq >= this.next;
    this.last = Math.max(this.last, seq);
    this.view.preview([]);
    if (kind === 'visitor') {
      const label = this.labels[choice] || this.outbox.find(id)?.label || String(choice).replace(/^\d+:/, '');
      this.outbox.done(id);
      this.view.visitor({ id, seq, at, text, label, state: 'sent' });
    } else if (what === 'erased') this.forget(what);
    else if (typeof text === 'string') {
      for (const each of choices) this.labels[each.payload] = each.label;
      this.view.typing(false);
      this.view.said(message, isNew);
      if (isNew) this.tell('message', { from: kind, text });
    }
    this.noting ||= setTimeout(() => this.note(), 100);
  }

  note() {
    this.noting = 0;
    const isKept = this.store.get('conv');
    if (isKept) this.store.set('last', this.last);
    if (this.view.isRead() && this.last > this.seen) {
      this.seen = this.last;
      if (isKept) this.store.set('seen', this.seen);
      this.connection.send({ type: 'seen', seq: this.seen });
    }
    this.view.unread(this.seen);
  }

  say(said) {
    if (new TextEncoder().encode(said.text).length > this.bytes) return false;
    this.client ??= this.outbox.name;
    this.store.keep();
    this.store.set('client', this.store.get('client') ?? this.client);
    this.view.visitor(this.outbox.add(said));
    this.tell('message', { from: 'visitor', text: said.text ?? said.label });
    if (this.connection.state === 'stopped') this.connection.restart();
    this.open();
    this.pump();
    return true;
  }

  retry({ id, text, choice, label }, isWanted) {
    this.outbox.done(id);
    this.view.remove(id);
    if (isWanted) this.say({ text, choice, label });
  }

  pumpAfter(time) {
    clearTimeout(this.later);
    this.later = setTimeout(() => {
      this.busy = false;
      this.pump();
    }, time);
  }

  async pump() {
    const entry = this.outbox.next();
    if (!this.ready || this.busy) return;
    if (!entry) {
      if (this.outbox.entries.some(({ state }) => state !== 'failed')) this.pumpAfter(2000); // another tab's
      return;
    }
    this.busy = true;
    if (!this.claimed && !(await this.claim())) return;
    const { id, text, choice } = entry;
    if (!this.outbox.find(id)) this.pumpAfter(0); // a replay was faster
    else if (this.connection.send({ type: 'msg', id, text, choice })) this.mark(entry, 'sending');
  }

  async claim() {
    const { conv, store } = this;
    const name = async () => {
      if (!store.get('conv')) {
        store.set('conv', conv);
        if (store.kept) await new Promise((done) => { setTimeout(done, SETTLE_MS); });
      }
      return store.get('conv');
    };
    const named = this.identity ? conv : await (navigator.locks && store.kept ? navigator.locks.request(store.prefix, name) : name());
    if (conv !== this.conv || !this.ready) return false;
    this.claimed = true;
    if (named && named !== conv) this.join(named);
    return this.claimed;
  }

  elsewhere(key, value) {
    if (key === 'conv' && !this.identity && value !== this.conv) {
      if (value) this.join(value);
      else if (this.claimed) this.leave();
    } else if (key === 'seen') {
      this.seen = Math.max(this.seen, value);
      this.view.unread(this.seen);
    } else if (key.startsWith('o:') && value) {
      this.show(this.outbox.adopt());
      this.open();
      this.pump();
    }
  }

  earlier() {
    this.showFrom(this.low - 4 * TAIL);
    this.connection.restart();
  }

  async own(method, path) {
    const bearer = this.identity || this.store.get('conv');
    const response = bearer && await fetch(this.server + path, { method, headers: { Authorization: `Bearer ${bearer}` } });
    if (response && !response.ok && response.status !== 404) throw new Error(path);
    return response?.ok ? response : null;
  }

  async erase() {
    await this.own('DELETE', '/conversation');
    this.forget('erased');
  }

  forget(why) {
    this.store.forget();
    this.leave();
    if (why) this.view.note(why);
  }

  leave() {
    this.outbox.entries = [];
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
    if (!isRenewal) entries.forEach((entry) => this.say(entry));
    this.open();
  }
}
