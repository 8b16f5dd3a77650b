// What stays in this browser: the conversation's token, messages not yet acknowledged, how far was read. Nothing is written before
// keep(), which the first message calls. Where storage is blocked or full, or on a shared phone, memory takes its place.
export class Store {
  constructor(scope, shared) {
    this.prefix = `pandu:${scope}:`;
    this.memory = new Map();
    this.kept = false;
    this.shared = shared;
    this.kept = !shared && this.raw((storage) => storage.getItem(`${this.prefix}client`)) != null;
  }

  /** work(localStorage), or undefined where it is refused. */
  raw(work) {
    try {
      return work(localStorage);
    } catch {
      this.kept = false;
      return undefined;
    }
  }

  keep() {
    if (this.kept || this.shared) return;
    this.kept = true;
    for (const [key, value] of this.memory) this.set(key, value);
  }

  get(key) {
    const value = this.kept ? this.raw((storage) => storage.getItem(this.prefix + key)) : undefined;
    return (this.kept ? value : this.memory.get(key)) ?? null;
  }

  set(key, value) {
    this.memory.set(key, String(value));
    if (this.kept) this.raw((storage) => storage.setItem(this.prefix + key, value));
  }

  remove(key) {
    this.memory.delete(key);
    if (this.kept) this.raw((storage) => storage.removeItem(this.prefix + key));
  }

  keys(start) {
    const names = (this.kept && this.raw((storage) => Object.keys(storage).filter((key) => key.startsWith(this.prefix))
      .map((key) => key.slice(this.prefix.length)))) || [...this.memory.keys()];
    return names.filter((key) => key.startsWith(start));
  }

  /** Everything goes, and nothing is kept again before the next message. */
  forget() {
    this.keys('').forEach((key) => this.remove(key));
    this.memory.clear();
    this.kept = false;
  }

  /** What another tab wrote: heard(key, value or null). Returns how to stop. */
  watch(heard) {
    const listen = (event) => {
      if (this.shared || event.storageArea !== this.raw((storage) => storage) || !event.key?.startsWith(this.prefix)) return;
      this.kept = this.kept || event.newValue !== null;
      heard(event.key.slice(this.prefix.length), event.newValue);
    };
    addEventListener('storage', listen);
    return () => removeEventListener('storage', listen);
  }
}
