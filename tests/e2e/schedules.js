// Random orders of writing, cutting, freezing, sleeping, killing, reloading and closing, in two tabs; then everything that was said
// is there once and in order: on both pages, in what the server tells again, and in the database's file.
//   node schedules.js BINARY [COUNT]           SEED=n: the first one; LANES=n: so many at a time
//   node schedules.js BINARY COUNT broken      the test itself: widgets broken on purpose have to be found out
// Cut short (SIGTERM of a time limit, Ctrl-C), it still looks into the files for all that was done, and fails.
// The pages' clock runs eight times as fast, so that a wait of seconds is one of a moment.
'use strict';
const assert = require('assert');
const { execFileSync } = require('child_process');
const path = require('path');
const { Server, Line, host, launch, open, settled, shown, same, token, pause, DESK } = require('./stage.js');

const [binary, many = '20', isBroken] = process.argv.slice(2);
const firstSeed = Number(process.env.SEED || 1);
const LANES = Number(process.env.LANES || 3);
const STEPS = 14;
const PATIENCE_MS = isBroken ? 5000 : 40000;

/** Replacements in the widget's own text; each takes one promise away. */
const MUTANTS = {
  'what is unsent is not kept': [['    this.save(entry);\n    this.entries.push', '    this.entries.push']],
  'what a replay tells twice is shown twice': [['    if (!(seq > last)) return;', ''], ['    if (view.rows.some((row) => row.seq === seq)) return;', '']],
  'a replay begins one event too late': [['last: this.last,', 'last: this.last + 1,']],
  'a message sent again is another message': [["this.connection.send({ type: 'msg', id, text, choice })", "this.connection.send({ type: 'msg', id: entry.tries ? `${id}-${entry.tries}` : id, text, choice, x: entry.tries = (entry.tries || 0) + 1 })"]],
};

/** In the page, before anything else. Dates are only compared with each other there. */
function hurry(times) {
  const { setTimeout: wait } = window;
  const steady = performance.now.bind(performance);
  const now = Date.now.bind(Date);
  window.setTimeout = (work, time, ...rest) => wait(work, (time || 0) / times, ...rest);
  performance.now = () => steady() * times;
  Date.now = () => now() * times;
}

const ready = (page) => page.waitForFunction(() => document.querySelector('pandu-chat')?.chat, null, { polling: 20 });

class Lane {
  async open(browser) {
    this.browser = browser;
    this.server = await new Server(binary).start();
    this.line = await new Line().open(this.server.port);
    this.site = await host({ '/': `<!doctype html><html lang="id"><title>x</title><script type="module" src="/widget.js"></script><pandu-chat open server="${this.line.url}"></pandu-chat></html>` });
    this.server.origins = [this.site.url]; // pages come another way: a line that is frozen keeps them waiting for ever
    await this.server.kill();
    await this.server.start();
    return this;
  }

  async tab(context) {
    const page = await open(context, `${this.site.url}/`);
    await ready(page);
    return page;
  }

  async close() {
    this.line.close();
    this.site.close();
    await this.server.kill();
  }
}

/** What a seed means: the same seed, the same order. */
function plan(seed) {
  let state = seed * 2654435761 % 4294967296;
  const random = (n) => { state = (state * 1664525 + 1013904223) % 4294967296; return Math.floor(state / 4294967296 * n); };
  return Array.from({ length: STEPS }, () => ({ tab: random(2), action: random(11), again: random(3), wait: random(60), away: random(200) }));
}

const ACTIONS = {
  async say({ tabs, tab, said, seed }) {
    const text = `s${seed} t${tab} n${said[tab].length + 1}`;
    await tabs[tab].evaluate((words) => document.querySelector('pandu-chat').send(words), text);
    said[tab].push(text);
  },
  async cut({ lane }) { lane.line.cut(); },
  async freeze({ lane, tabs, tab }) {
    lane.line.freeze();
    await tabs[tab].evaluate(() => dispatchEvent(new Event('online')));
  },
  async reload({ tabs, tab }) {
    await tabs[tab].reload();
    await ready(tabs[tab]);
  },
  async kill({ lane, again, away, what }) {
    if (again !== 0) return;
    await lane.server.kill();
    await pause(away);
    await lane.server.start();
    what.push('killed');
  },
  async change({ lane, context, tabs, tab }) {
    await tabs[tab].close();
    tabs[tab] = await lane.tab(context);
  },
  /** The phone's screen is off: no timer runs; the network is another one when it wakes. */
  async sleep({ lane, context, tabs, tab, again, away }) {
    const session = await context.newCDPSession(tabs[tab]);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    if (again === 0) lane.line.freeze();
    else if (again === 1) lane.line.cut();
    await pause(away);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await session.detach();
    if (again !== 2) await tabs[tab].evaluate(() => dispatchEvent(new Event('pageshow')));
  },
};
const ORDER = ['say', 'say', 'say', 'say', 'say', 'cut', 'freeze', 'reload', 'kill', 'change', 'sleep'];

async function explain(error, seed, what, said, tabs) {
  const views = await Promise.all(tabs.map((page) => shown(page).catch(() => 'no page')));
  const states = await Promise.all(tabs.map((page) => page.evaluate(() => {
    const { chat } = document.querySelector('pandu-chat');
    return [chat.connection.state, chat.ready, chat.busy, chat.claimed, chat.conv, chat.outbox.entries, Object.entries(localStorage)];
  }).catch(() => 'no page')));
  error.message = `schedule ${seed} (${what.join(' ')}; said ${JSON.stringify(said)}): ${error.message}\n${JSON.stringify([views, states], null, 1)}`;
  return error;
}

/** Answers what was said in each tab, for the look into the database. */
async function schedule(lane, seed, mutant) {
  const context = await lane.browser.newContext(DESK);
  await context.addInitScript(hurry, 8);
  if (mutant) {
    await context.route('**/widget/chat.js', async (route) => {
      const response = await route.fetch();
      let body = await response.text();
      for (const [right, wrong] of mutant) {
        assert(body.includes(right), `the widget no longer holds: ${right}`);
        body = body.replace(right, wrong);
      }
      await route.fulfill({ response, body });
    });
  }
  const said = [[], []];
  const what = [];
  const tabs = [await lane.tab(context), await lane.tab(context)];
  try {
    for (const step of plan(seed)) {
      const name = ORDER[step.action];
      what.push(`${name}${step.tab}`);
      await ACTIONS[name]({ ...step, lane, context, tabs, said, seed, what });
      await pause(step.wait);
    }
    if (said[0].length + said[1].length > 0) {
      for (const page of tabs) await settled(page, PATIENCE_MS);
      const want = await same(tabs[0], lane.server);
      await same(tabs[1], lane.server);
      for (const tab of [0, 1]) assert.deepStrictEqual(want.filter((text) => text.startsWith(`mine: s${seed} t${tab} `)), said[tab].map((text) => `mine: ${text}`));
      const kept = () => tabs[0].evaluate(() => Object.keys(localStorage).filter((key) => key.includes(':o:')));
      for (let tries = 0; tries < 50 && (await kept()).length; tries++) await pause(100);
      assert.deepStrictEqual(await kept(), [], 'acknowledged, and still in the outbox');
      assert((await token(tabs[0])) === (await token(tabs[1])));
    }
    for (const page of tabs) assert.deepStrictEqual(page.problems, []);
  } catch (error) {
    throw await explain(error, seed, what, said, tabs);
  } finally {
    await context.close().catch(() => {});
  }
  return said;
}

/** Reads the file itself: every message once, in its tab's order, and numbers without a gap. null: what was said is not known to its end. */
const LOOK = `
import json, sqlite3, sys
file = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
stored, next_seq = {}, {}
for conversation, first, last, inbound in file.execute("SELECT conversation, first_seq, last_seq, inbound FROM turn ORDER BY number"):
    assert first == next_seq.get(conversation, 1), "a gap in the numbers of conversation %d: %d" % (conversation, first)
    next_seq[conversation] = last + 1
    text = json.loads(inbound)["text"] if inbound else ""
    if text.startswith("s"):
        seed, tab, _ = text.split(" ")
        stored.setdefault(seed[1:], ([], []))[int(tab[1:])].append(text)
known = json.load(sys.stdin)
wanted = {seed: tuple(said) for seed, said in known.items() if said and (said[0] or said[1])}
stored = {seed: said for seed, said in stored.items() if seed not in known or known[seed]}
assert stored == wanted, [(seed, wanted.get(seed), stored.get(seed)) for seed in set(wanted) | set(stored) if wanted.get(seed) != stored.get(seed)][:3]
print(sum(len(said[0]) + len(said[1]) for said in wanted.values()))
`;

async function sound(browser) {
  const seeds = Array.from({ length: Number(many) }, (_, i) => firstSeed + i);
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  let [done, messages, failures, isCut] = [0, 0, 0, false];
  const cut = new Promise((end, fail) => {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      process.on(signal, () => {
        isCut = true;
        fail(new Error(signal));
      });
    }
  });
  cut.catch(() => console.log('    cut short: a last look into the files'));
  await Promise.all(Array.from({ length: Math.min(LANES, seeds.length) }, async () => {
    const lane = await new Lane().open(browser);
    const all = {};
    while (seeds.length > 0 && failures < 5 && !isCut) {
      const seed = seeds.shift();
      all[seed] = null;
      try {
        all[seed] = await Promise.race([schedule(lane, seed), cut]);
        if (++done % 10 === 0) console.log(`    ${done} schedules, ${seconds()} s`);
      } catch (error) {
        if (isCut) break;
        failures++;
        console.log(`FAILED  ${error.message}\n${error.stack}`);
      }
    }
    await lane.close();
    try {
      messages += Number(execFileSync('python3', ['-c', LOOK, path.join(lane.server.folder, 'pandu.db')], { input: JSON.stringify(all) }));
    } catch (error) {
      failures++;
      console.log(`FAILED  in the file: ${error.message}`);
    }
    await lane.server.end();
  }));
  console.log(`${done} of ${many} schedules from seed ${firstSeed} on, ${messages} messages, ${seconds()} s: ${failures} failed`);
  return done < Number(many) ? Math.max(1, failures) : failures;
}

async function broken(browser) {
  let unnoticed = 0;
  const lane = await new Lane().open(browser);
  for (const [name, mutant] of Object.entries(MUTANTS)) {
    let [seed, found] = [firstSeed, ''];
    for (; seed < firstSeed + Number(many) && !found; seed++) found = await schedule(lane, seed, mutant).then(() => '', (error) => error.message.split('\n')[0]);
    if (!found) unnoticed++;
    console.log(`${found ? 'found out' : 'NOT NOTICED'} after ${seed - firstSeed} schedules: ${name}`);
  }
  await lane.close();
  await lane.server.end();
  return unnoticed;
}

process.on('unhandledRejection', () => {}); // of a schedule that was cut short

async function main() {
  const browser = await launch({ handleSIGTERM: false, handleSIGINT: false });
  const failures = await (isBroken ? broken : sound)(browser);
  await browser.close();
  process.exit(failures > 0 ? 1 : 0);
}

main().catch((error) => { console.log(error.stack); process.exit(1); });
