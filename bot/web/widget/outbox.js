// Messages on their way: each is kept, with its id, from before it is first sent until the server acknowledged it. The id makes sending
// twice harmless, so any tab may send what another one left behind. Orders by time of writing; never talks to the network itself.
const ORPHAN_MS = 5000; // a message another tab has not got through with by then is sent by this one, too

export class Outbox {
  constructor(store) {
    this.store = store;
    this.entries = []; // {id, at, text | choice, label, state: queued | sending | failed, why}
    const random = crypto.getRandomValues(new Uint32Array(2));
    this.name = random[0].toString(36) + random[1].toString(36); // of this tab: its ids are nobody else's
    this.count = 0;
    this.adopt();
  }

  add(said) {
    const newest = this.entries.at(-1)?.at || 0; // a clock set back must not turn the order around
    const entry = { id: `${this.name}-${++this.count}`, at: Math.max(Date.now(), newest + 1), state: 'queued', ...said };
    this.entries.push(entry);
    this.save(entry);
    return entry;
  }

  save(entry) {
    this.store.set(`o:${entry.id}`, JSON.stringify(entry));
  }

  /** Takes over what lies in the store: after a reload, or from another tab. Returns the new ones. */
  adopt() {
    const found = this.store.keys('o:').filter((key) => !this.find(key.slice(2))).map((key) => {
      try {
        return JSON.parse(this.store.get(key));
      } catch {
        return null;
      }
    }).filter((entry) => entry?.id);
    found.forEach((entry) => this.entries.push({ ...entry, state: entry.state === 'failed' ? 'failed' : 'queued' }));
    this.entries.sort((one, other) => one.at - other.at);
    return this.entries.filter((entry) => found.some((each) => each.id === entry.id));
  }

  find(id) {
    return this.entries.find((entry) => entry.id === id);
  }

  /** What to send now: the oldest, but not what another living tab has only just written. */
  next() {
    const recent = Date.now() - ORPHAN_MS;
    return this.entries.find((entry) => entry.state !== 'failed' && (this.isOwn(entry) || entry.at < recent || entry.at > Date.now() + ORPHAN_MS));
  }

  isOwn(entry) {
    return entry.id.startsWith(`${this.name}-`);
  }

  /** Acknowledged, or given up. */
  done(id) {
    const entry = this.find(id);
    this.entries = this.entries.filter((each) => each !== entry);
    this.store.remove(`o:${id}`);
    return entry;
  }

  fail(id, why) {
    const entry = this.find(id);
    if (entry) this.save(Object.assign(entry, { state: 'failed', why }));
    return entry;
  }
}
