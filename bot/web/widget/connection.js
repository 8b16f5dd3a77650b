// One WebSocket to the server: hello, heartbeat, and coming back after every loss (docs/protocol.yaml). What is said in it is the
// business of chat.js. Says "state" (offline | connecting | online | stopped) and hands over every message.
const FINAL = [1002, 1003, 1007, 1008, 1009]; // coming back would not help
const SILENCE_MS = 30000, PONG_MS = 15000, WAKE_PONG_MS = 4000, HELLO_MS = 15000, STEADY_MS = 10000, WAIT_MAX_MS = 30000;

export class Connection {
  constructor(url, { hello, heard, changed }) {
    Object.assign(this, { url, hello, heard, changed, state: 'offline', failures: 0, wanted: false });
    this.wake = () => { if (!document.hidden) this.awake(); };
    this.wakers = [[document, 'visibilitychange'], [window, 'online'], [window, 'offline'], [window, 'pageshow'], [window, 'focus']];
  }

  open() {
    if (this.wanted) return;
    this.wanted = true;
    this.failures = 0;
    this.wakers.forEach(([target, name]) => target.addEventListener(name, this.wake));
    this.connect();
  }

  close() {
    this.wanted = false;
    this.wakers.forEach(([target, name]) => target.removeEventListener(name, this.wake));
    this.drop('offline');
  }

  /** Another hello: a fresh connection at once. */
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
    clearTimeout(this.timer);
    this.set('connecting');
    let socket;
    try {
      socket = new WebSocket(this.url, 'pandu.v1');
    } catch { // forbidden by the page's policy, or no address
      this.lost(1006);
      return;
    }
    this.socket = socket;
    const mine = (work) => (event) => { if (this.socket === socket) work(event); };
    socket.onopen = mine(() => this.send(this.hello()));
    socket.onmessage = mine((event) => this.message(event.data));
    socket.onclose = mine((event) => this.lost(event.code));
    this.expect(HELLO_MS);
  }

  message(data) {
    this.expect(SILENCE_MS);
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message === null || typeof message !== 'object') return;
    if (message.type === 'welcome') {
      this.welcomed = performance.now();
      this.set('online');
    }
    this.heard(message);
  }

  /** Something has to come within this time; after silence a ping asks for it. */
  expect(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (time !== SILENCE_MS) {
        this.lost(1006);
      } else if (this.send({ type: 'ping' })) {
        this.expect(PONG_MS);
      }
    }, time);
  }

  /** The phone woke up or the network is back: a dead connection is noticed in seconds, a lost one replaced at once. */
  awake() {
    if (this.state === 'online') {
      if (this.send({ type: 'ping' })) this.expect(WAKE_PONG_MS);
    } else if (this.state === 'offline') {
      this.failures = 0;
      this.connect();
    }
  }

  lost(code) {
    const steady = this.welcomed && performance.now() - this.welcomed > STEADY_MS;
    this.failures = steady ? 0 : this.failures + 1;
    this.drop(FINAL.includes(code) ? 'stopped' : 'offline');
    if (this.state === 'offline' && this.wanted) {
      this.timer = setTimeout(() => this.connect(), Math.random() * Math.min(WAIT_MAX_MS, 500 * 2 ** Math.min(this.failures, 10)));
    }
  }

  drop(state) {
    const { socket } = this;
    clearTimeout(this.timer);
    this.socket = null;
    this.welcomed = 0;
    if (socket && socket.readyState < 2) socket.close(1000);
    this.set(state);
  }

  send(message) {
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }
}
