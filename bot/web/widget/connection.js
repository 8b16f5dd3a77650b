// One WebSocket that comes back.
const FINAL = [1002, 1003, 1007, 1008, 1009];
const SILENCE_MS = 30000, PONG_MS = 15000, WAKE_MS = 4000, STEADY_MS = 10000;
const WAKERS = ['online', 'offline', 'pageshow', 'focus', 'visibilitychange'];

export class Connection {
  constructor(url, { hello, heard, changed }) {
    Object.assign(this, { url, hello, heard, changed, state: 'offline', failures: 0 });
    this.wake = () => this.awake();
  }

  listen(how) { WAKERS.forEach((name) => (name[0] === 'v' ? document : window)[how](name, this.wake)); }

  open() {
    if (this.wanted) return;
    this.wanted = true;
    this.listen('addEventListener');
    this.connect();
  }

  close() {
    this.wanted = false;
    this.listen('removeEventListener');
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
    this.changed(state);
  }

  connect() {
    this.set('connecting');
    try {
      const socket = new WebSocket(this.url, 'pandu.v1');
      this.socket = socket;
      const current = (work) => (event) => { if (this.socket === socket) work(event); };
      socket.onopen = current(() => this.send(this.hello()));
      socket.onmessage = current(({ data }) => this.message(data));
      socket.onclose = current(({ code }) => this.lost(code));
      this.expect(PONG_MS);
    } catch {
      this.lost(1008); // the page's policy forbids it
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
    if (message) this.heard(message);
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
    else if (this.state === 'offline') this.connect();
  }

  lost(code) {
    this.failures = this.steady < performance.now() ? 0 : this.failures + 1;
    this.drop(FINAL.includes(code) ? 'stopped' : 'offline');
    if (this.state === 'offline' && this.wanted) this.timer = setTimeout(() => this.connect(), Math.random() * Math.min(30000, 250 * 2 ** this.failures));
  }

  drop(state) {
    const { socket } = this;
    clearTimeout(this.timer);
    this.socket = null;
    this.steady = Infinity;
    socket?.close();
    this.set(state);
  }

  send(message) {
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(JSON.stringify(message));
    if (message.type === 'msg') this.expect(PONG_MS);
    return true;
  }
}
