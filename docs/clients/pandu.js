#!/usr/bin/env node
// A complete client of pandu.v1 (../protocol.yaml) for the terminal: pandu.js [ws://ADDRESS/ws] [STATE-FILE]
// Needs the npm package ws. A line is a message, a number presses a button. In a page, localStorage takes the file's place.
'use strict';
const [fs, crypto, readline, WebSocket] = ['fs', 'crypto', 'readline', 'ws'].map(require);
const [url = 'ws://127.0.0.1:8080/ws', file = 'pandu-chat.json'] = process.argv.slice(2);
let state = { client: crypto.randomBytes(8).toString('hex'), count: 0, last: 0, outbox: [] };
if (fs.existsSync(file)) state = JSON.parse(fs.readFileSync(file, 'utf8'));
let socket, welcomed, failures = 0, choices = [], greeted = [], ended = false, unanswered = null, heard = Date.now();

function save() { // before a message is sent: its id must survive a crash of ours, too
  fs.writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}
function send(message) { if (message && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); }
function sendNext() { if (welcomed) send(state.outbox[0]); } // one at a time until its ack; after a loss with its old id
function done(id) { if (state.outbox[0]?.id === id) { state.outbox.shift(); save(); sendNext(); } }
function show(said) {
  if (said.choices.length) choices = said.choices;
  console.log([said.text, ...said.choices.map((choice, i) => `  ${i + 1}. ${choice.label}`)].join('\n'));
}
const on = {
  welcome(m) {
    if (!m.resume) { state.last = 0; m.greeting.forEach(show); greeted = m.greeting.map((said) => said.text); }
    [state.conv, welcomed] = [m.conv || state.conv, Date.now()];
    save(); sendNext();
  },
  ack(m) { unanswered = m.id; done(m.id); },
  nak(m) {
    if (['rate', 'busy', 'storage'].includes(m.code)) return welcomed ? setTimeout(sendNext, m.retry_ms || 1000) : socket.close(4000);
    console.error(`refused: ${m.code} ${m.why || ''}`);
    if (['version', 'denied', 'gone'].includes(m.code)) process.exit(1); else done(m.id); // gone: begin anew, with another file
  },
  event(m) {
    if (m.re === unanswered) unanswered = null;
    if (m.seq <= state.last) return; // shown before
    if (m.kind === 'bot' && (m.re || !greeted.includes(m.text))) show(m); // the greeting, now stored, comes again
    if (m.kind === 'visitor') console.log(`> ${m.text || m.choice}`);
    state.last = m.seq; save();
  },
};
(function connect() {
  [socket, welcomed, heard] = [new WebSocket(url, 'pandu.v1', { perMessageDeflate: false }), 0, Date.now()];
  socket.on('open', () => send({ type: 'hello', v: 1, conv: state.conv, client: state.client, last: state.last }));
  socket.on('message', (data) => { heard = Date.now(); const m = JSON.parse(data); if (on[m.type]) on[m.type](m); });
  socket.on('error', (error) => console.error(`no connection: ${error.message}`)).on('close', (code) => {
    if ([1000, 1002, 1003, 1007, 1008, 1009].includes(code)) process.exit(code === 1000 ? 0 : 1);
    failures = welcomed && Date.now() - welcomed > 10000 ? 0 : failures + 1;
    setTimeout(connect, Math.random() * Math.min(30000, 250 * 2 ** failures)); // back-off with jitter
  });
}());
setInterval(() => { // a dead connection says nothing at all
  if (Date.now() - heard > 45000) socket.terminate(); else if (Date.now() - heard > 30000) send({ type: 'ping' });
  if (ended && welcomed && !state.outbox.length && !unanswered) socket.close(1000);
}, 1000);
readline.createInterface({ input: process.stdin }).on('close', () => { ended = true; }).on('line', (line) => {
  const said = choices[line - 1] ? { choice: choices[line - 1].payload } : { text: line };
  if (state.outbox.push({ type: 'msg', id: `${state.client}-${++state.count}`, ...said }) === 1) setImmediate(sendNext);
  save();
});
