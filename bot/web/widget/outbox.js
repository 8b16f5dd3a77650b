// What stays in this browser; messages without an ack.
export class Store {
  constructor(scope, shared) {
    this.prefix = `pandu:${scope}:`;
    this.shared = shared;
    this.memory = {};
    this.look();
  }

  work(what) {
    try {
      if (this.kept) return what(localStorage);
    } catch {
      this.kept = false;
    }
    return what({ getItem: (key) => this.memory[key] ?? null, removeItem() {}, setItem() {} });
  }

  look() {
    this.kept = !this.shared;
    this.kept = this.get('client') !== null && this.kept;
  }

  keep() {
    if (this.shared || this.kept) return;
    this.kept = true;
    this.keys('').forEach((key) => this.set(key, this.memory[this.prefix + key]));
  }

  get(key) { return this.work((storage) => storage.getItem(this.prefix + key)); }

  set(key, value) {
    this.memory[this.prefix + key] = String(value);
    this.work((storage) => storage.setItem(this.prefix + key, value));
  }

  remove(key) {
    delete this.memory[this.prefix + key];
    this.work((storage) => storage.removeItem(this.prefix + key));
  }

  keys(start) {
    const begin = this.prefix + start;
    return this.work((storage) => Object.keys(this.kept ? storage : this.memory)).filter((key) => key.startsWith(begin)).map((key) => key.slice(this.prefix.length));
  }

  forget() {
    this.keys('').forEach((key) => this.remove(key));
    this.memory = {};
    this.kept = false;
  }

  watch(heard) {
    const listen = ({ key, newValue }) => {
      if (this.shared || !key?.startsWith(this.prefix)) return;
      this.look();
      heard(key.slice(this.prefix.length), newValue);
    };
    addEventListener('storage', listen);
    return () => removeEventListener('storage', listen);
  }
}

const ORPHAN_MS = 5000; // then another tab's message is sent by this one, too: its id makes that harmless

export class Outbox {
  constructor(store) {
    this.store = store;
    this.entries = [];
    this.name = crypto.getRandomValues(new Uint32Array(3)).join('-'); // this tab's ids are nobody else's
    this.count = 0;
    this.adopt().forEach((entry) => { entry.mine = true; });
  }

  add(said) {
    const newest = this.entries.at(-1)?.at || 0;
    const entry = { id: `${this.name}-${++this.count}`, at: Math.max(Date.now(), newest + 1), state: 'queued', ...said };
    this.save(entry);
    this.entries.push({ ...entry, mine: true });
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

  next() { return this.entries.find(({ state, mine, at }) => state !== 'failed' && (mine || Math.abs(Date.now() - at) > ORPHAN_MS)); }

  done(id) {
    this.entries = this.entries.filter((entry) => entry.id !== id);
    this.store.remove(`o:${id}`);
  }
}
