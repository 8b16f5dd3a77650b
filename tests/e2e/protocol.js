// Checks docs/protocol.yaml: that it is AsyncAPI 3, that its examples fit its own schemas, that it says what the code says (codes,
// sizes), and that real messages fit it. node protocol.js ROOT [RECORDING]: a line of RECORDING is {"from": "client"|"server",
// "message": {...}}. Members that the document does not know are a mistake here, though clients ignore them.
'use strict';
const fs = require('fs');
const path = require('path');
const Ajv = require('ajv');
const { Parser } = require('@asyncapi/parser');

const [root, recording] = process.argv.slice(2);
const problems = [];
const problem = (text) => problems.push(text);

/** The members a schema names, also those in allOf and $ref: then nothing else may be there. */
function close(schema) {
  if (Array.isArray(schema)) return schema.map(close);
  if (schema === null || typeof schema !== 'object') return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, close(value)]));
  if (closed.allOf) {
    closed.properties = Object.assign({}, ...closed.allOf.map((part) => part.properties), closed.properties);
    closed.required = closed.allOf.flatMap((part) => part.required || []).concat(closed.required || []);
    closed.oneOf = closed.oneOf || closed.allOf.map((part) => part.oneOf).find(Boolean);
    if (!closed.oneOf) delete closed.oneOf;
    closed.type = 'object';
    delete closed.allOf;
  }
  if (closed.type === 'object' && closed.properties && Object.values(closed.properties).every((value) => typeof value === 'object')) {
    closed.additionalProperties = false;
  }
  return closed;
}

/** Without what the parser adds ("x-parser-..."), which is no JSON Schema. */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')).map(([key, part]) => [key, plain(part)]));
}

function checkers(document) {
  const ajv = new Ajv({ allErrors: true, strict: false });
  const byDirection = { client: {}, server: {} };
  for (const operation of document.operations().all()) {
    const from = operation.action() === 'receive' ? 'client' : 'server';
    for (const message of operation.messages().all()) {
      const check = ajv.compile(close(plain(message.payload().json())));
      byDirection[from][message.id()] = check;
      const examples = message.examples().all();
      if (examples.length === 0) problem(`${message.id()}: no example`);
      for (const example of examples) {
        if (!check(example.payload())) problem(`${message.id()}: its example does not fit: ${ajv.errorsText(check.errors)}`);
      }
    }
  }
  return byDirection;
}

/** What the document says twice, in prose or schemas, and the code once. */
function checkCode(document) {
  const header = fs.readFileSync(path.join(root, 'bot/channel/websocket/websocket.h'), 'utf8');
  const source = fs.readFileSync(path.join(root, 'bot/channel/websocket/websocket_write.c'), 'utf8');
  const net = fs.readFileSync(path.join(root, 'bot/net/net.h'), 'utf8');
  const size = (name) => Number(new RegExp(`\\b${name} = (\\d+)( \\* 1024)?`).exec(header + net).slice(1, 3).reduce((n, k) => n * (k ? 1024 : 1)));
  const schema = (message) => plain(document.components().messages().get(message).payload().json());
  const codes = [...source.matchAll(/\[WEBSOCKET_\w+\] = "(\w+)"/g)].map((found) => found[1]);
  const said = schema('nak').properties.code.enum;
  if (codes.length < 10 || codes.join() !== said.join()) problem(`codes: the code has ${codes}, the document ${said}`);
  const hello = schema('hello').properties;
  const text = document.info().description();
  const sizes = [
    ['WEBSOCKET_TOKEN_MAX', hello.conv.maxLength], ['WEBSOCKET_CLIENT_MAX', hello.client.maxLength],
    ['WEBSOCKET_LANGUAGE_MAX', hello.language.maxLength], ['WEBSOCKET_IDENTITY_MAX', hello.identity.maxLength],
    ['WEBSOCKET_ID_MAX', schema('msg').properties.id.maxLength], ['WEBSOCKET_CHOICE_MAX', schema('msg').properties.choice.maxLength],
  ];
  for (const [name, documented] of sizes) {
    if (size(name) !== documented) problem(`${name} is ${size(name)}, the document says ${documented}`);
  }
  for (const name of ['WEBSOCKET_TEXT_MAX', 'NET_MESSAGE_MAX', 'NET_QUEUE_MAX']) {
    if (!text.includes(size(name).toLocaleString('en-US'))) problem(`${name}: ${size(name)} is not in the table of limits`);
  }
}

function checkRecording(byDirection) {
  const seen = new Set();
  const lines = fs.readFileSync(recording, 'utf8').split('\n').filter(Boolean);
  for (const line of lines) {
    const { from, message } = JSON.parse(line);
    const fitting = Object.entries(byDirection[from]).filter(([, check]) => check(message));
    if (fitting.length !== 1) problem(`${fitting.length} messages of the document fit what the ${from} sent: ${JSON.stringify(message)}`);
    fitting.forEach(([id]) => seen.add(id));
  }
  console.log(`${lines.length} recorded messages: ${[...seen].sort().join(' ')}`);
  for (const member of ['choices', 'bars', 'progress', 're']) {
    if (!lines.some((line) => line.includes(`"${member}": `))) problem(`the recording holds no ${member}: it proves nothing about it`);
  }
  const expected = ['hello', 'msg', 'seen', 'rating', 'history', 'historyEnd', 'systemEvent', 'ping', 'welcome', 'ack', 'nak', 'botEvent', 'visitorEvent', 'pong'];
  expected.filter((id) => !seen.has(id)).forEach((id) => problem(`the recording holds no ${id}: it proves nothing about it`));
}

async function main() {
  const file = path.join(root, 'docs/protocol.yaml');
  const { document, diagnostics } = await new Parser().parse(fs.readFileSync(file, 'utf8'), { source: file });
  const wrong = diagnostics.filter((found) => found.severity <= 1 && found.code !== 'asyncapi-latest-version');
  wrong.forEach((found) => problem(`line ${found.range.start.line + 1}: ${found.message} (${found.path.join('.')})`));
  if (document) {
    if (!document.version().startsWith('3.')) problem(`AsyncAPI ${document.version()}, not 3`);
    const byDirection = checkers(document);
    checkCode(document);
    if (recording) checkRecording(byDirection);
    console.log(`protocol.yaml: ${Object.keys({ ...byDirection.client, ...byDirection.server }).length} messages, ${problems.length} problems`);
  }
  problems.forEach((text) => console.log(text));
  process.exit(problems.length > 0 ? 1 : 0);
}

main();
