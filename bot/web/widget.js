// <pandu-chat>, what is seen and pressed: docs/widget.md. Words only become text nodes.
import { Chat, Store, listen } from './widget/chat.js';

const TURNERS = /[\u202a-\u202e\u2066-\u2069]/g;

function put(element, attributes, ...children) {
  for (const [name, value] of Object.entries({ ...attributes })) {
    if (/^on/.test(name)) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.flat(2).filter(Boolean).map((child) => (child.nodeType ? child : String(child).replace(TURNERS, ''))));
  return element;
}

const fill = (element, ...children) => put(element, element.replaceChildren(), ...children);
const make = (name, attributes, ...children) => put(document.createElement(name), attributes, ...children);
const draw = (name, attributes, ...children) => put(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, ...children);
const icon = (path) => draw('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': true }, draw('path', { d: path }));
const button = (name, press, ...children) => make('button', { class: name, type: 'button', onclick: press }, ...children);

/** Of any version. */
const items = (list) => [list].flat().filter((each) => each?.label ?? each?.url ?? each?.text);

function link(url, ...children) {
  try {
    const { href } = new URL(url);
    if (/^(https?|tel|mailto|sms):/.test(href)) return make('a', { href, target: '_blank', rel: 'noreferrer' }, ...children);
  } catch { /* */ }
  return make('span', null, ...children);
}

function paragraph(text) {
  const parts = String(text).split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]]|\b(?:telepon|call) [+\d][\d-]+\d)/i);
  return make('p', { dir: 'auto' }, parts.map((part, i) => (i % 2 ? link(part.replace(/^\w+ /, 'tel:'), part) : part)));
}

function radar(rows) {
  const at = (i, x, y = x) => [160 + x * Math.sin(i / rows.length * 6.283), 90 - y * Math.cos(i / rows.length * 6.283)];
  const shape = (name, far) => draw('polygon', { class: name, points: rows.map((row, i) => at(i, far(row))) });
  return draw('svg', { viewBox: '0 0 320 180', class: 'radar', 'aria-hidden': true }, shape('grid', () => 70), shape('grid', () => 35), shape('area', ([, , width]) => width * 0.7),
    rows.map(([label], i) => {
      const [x, y] = at(i, 116, 80);
      return draw('text', { x, y: y + 4 }, label);
    }));
}

function shares(bars, language) {
  return items(bars).slice(0, 24).map(({ label, percent }) => {
    const width = Math.min(100, Math.max(0, percent)) || 0;
    return [String(label), `${width.toLocaleString(language, { maximumFractionDigits: 1 })}%`, width];
  });
}

function result(rows, t) {
  return make('figure', { 'aria-label': t('result') },
    rows.length > 2 && rows.every(([label]) => label.length < 15) && radar(rows), make('ul', null, rows.map(([label, share, width]) => make('li', null, make('span', { dir: 'auto' }, label), make('b', null, share),
      draw('svg', { viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': true }, draw('rect', { width, height: 8 }))))));
}

function tools(all, t) {
  const copy = button('soft', () => navigator.clipboard.writeText(all()).then(() => fill(copy, `✓ ${t('copy')}`)), t('copy'));
  const print = () => {
    const page = window.open('', '_blank');
    page?.document.body.append(make('pre', null, all()));
    page?.print();
  };
  return make('div', { role: 'group', 'aria-label': t('result') }, navigator.clipboard && copy, button('soft', print, t('print')),
    navigator.share && button('soft', () => navigator.share({ title: t('result'), text: all() }).catch(() => {}), t('send')));
}

function bubble({ text, progress, links }, rows, t) {
  return [
    progress?.of > 0 && make('div', { class: 'progress' }, make('progress', { max: progress.of, value: progress.at, 'aria-label': t('progress', progress) }), make('small', null, `${progress.at}/${progress.of}`)),
    paragraph(progress ? text.replace(/^\(\d+ \S+ \d+\) /, '') : text),
    rows.length && result(rows, t),
    items(links).slice(0, 24).map(({ label, url }) => {
      const card = link(url, make('b', { dir: 'auto' }, label || url));
      return put(card, { class: 'card' }, card.host && make('small', { dir: 'ltr' }, card.host));
    }),
  ];
}

const ROWS_MAX = 160, AHEAD_PX = 600;

class View {
  constructor(host) {
    const { t } = host;
    const title = host.getAttribute('name') || 'Pandu';
    const sign = (name, path, press) => put(button(name, press, icon(path)), { 'aria-label': t(name), title: t(name) });
    const clock = (style) => new Intl.DateTimeFormat(host.language, { ...style, timeStyle: 'short' });
    Object.assign(this, { host, t, title, clock: clock(), calendar: clock({ dateStyle: 'medium' }), rows: [], near: true });
    this.face = make('div', { class: 'face', 'aria-hidden': true });
    this.name = make('b');
    this.role = make('small');
    this.menu = make('div', { class: 'menu', hidden: '' });
    this.more = put(sign('more', 'M12 5.5v.01M12 12v.01M12 18.5v.01', () => this.openMenu()), { 'aria-expanded': false });
    this.status = make('div', { class: 'status', hidden: '' });
    this.list = make('ol');
    this.dots = make('div', { class: 'dots', hidden: '' }, make('i'), make('i'), make('i'));
    this.older = button('soft', () => host.chat.more(true), t('earlier'));
    this.choices = make('div', { role: 'group', 'aria-label': t('choices') });
    this.log = make('div', { class: 'log', part: 'log', tabindex: 0, role: 'region', 'aria-label': title, onscroll: () => this.scrolled() }, this.older, this.list, this.dots, this.choices);
    this.newer = put(button('newer soft', () => { host.chat.newest(); this.toEnd(true); }, t('newer')), { hidden: '' });
    this.input = make('textarea', {
      rows: 1, 'aria-label': t('input'), placeholder: t('input'), enterkeyhint: 'send', dir: 'auto', oninput: () => this.grow(),
    });
    this.spoken = make('div', { class: 'hidden', role: 'status' });
    this.panel = make('section', { class: 'panel', part: 'panel', 'aria-label': title, tabindex: -1, onkeydown: (event) => this.key(event) },
      make('header', { part: 'header' }, this.face, make('div', { class: 'name' }, this.name, this.role),
        this.more, sign('close', 'M5 9l7 7 7-7', () => host.close())),
      this.menu, this.status, this.log, this.newer,
      make('form', { onsubmit: (event) => this.submit(event) }, this.input, put(sign('send', 'M4 12L20 4l-5 16-3.5-6.5z'), { type: 'submit' })), this.spoken);
  }

  get focused() { return this.host.shadowRoot.activeElement; }

  speaker(name, role) {
    fill(this.face, [...name][0]);
    fill(this.name, name);
    fill(this.role, this.t(role));
  }

  clear() {
    this.rows = [];
    fill(this.list);
    fill(this.choices);
    this.speaker(this.title, 'bot');
    this.typing(false);
  }

  edges(hasEarlier, hasLater) {
    this.older.hidden = !hasEarlier;
    this.isCut = hasLater;
    this.choices.hidden = hasLater;
    if (hasLater) this.scrolled();
  }

  get isFull() { return this.rows.length >= ROWS_MAX && !this.near; }

  label(payload) { return this.rows.flatMap(({ choices }) => choices).find((choice) => choice?.payload === payload)?.label; }

  trim(isUp) {
    const cut = this.rows.filter(({ seq }) => seq).slice(...(isUp ? [ROWS_MAX] : [0, -ROWS_MAX]));
    cut.forEach((row) => this.drop(row));
    return cut;
  }

  keep(isUp, work) {
    const { log } = this;
    const edge = this.rows.at(isUp ? 0 : -1)?.element || log;
    const y = edge.offsetTop;
    work();
    log.scrollTop += edge.offsetTop - y;
  }

  find(id) { return this.rows.find((row) => row.id === id); }

  drop(row) {
    row?.element.remove();
    this.rows = this.rows.filter((each) => each !== row);
  }

  place(row) {
    const order = ({ seq, kind }) => seq ?? (kind === 'preview' ? 0 : Infinity);
    let at = this.rows.length;
    while (at && order(this.rows[at - 1]) > order(row)) at--;
    this.list.insertBefore(row.element, this.rows[at]?.element || null);
    this.rows.splice(at, 0, row);
  }

  time(at, name) {
    const when = new Date(at % 8e15 || 0);
    return make('small', null, name && `${name} · `, (when.toDateString() === new Date().toDateString() ? this.clock : this.calendar).format(when));
  }

  visitor(entry) {
    const { id, seq, state, text, label, at } = entry;
    const { t, host } = this;
    const old = this.find(id);
    const element = old?.element || make('li');
    fill(put(element, { class: 'mine', 'data-state': state }),
      make('span', { class: 'hidden' }, t('you'), ': '), put(paragraph(text ?? label), { class: 'bubble', part: 'visitor' }), state === 'sent' ? this.time(at) : make('small', null, t(state)),
      state === 'failed' && make('div', null, button('soft', () => host.chat.retry(entry, true), t('retry')), button('soft', () => host.chat.retry(entry), t('drop'))));
    this.toEnd();
    if (old && old.seq === seq) return;
    this.drop(old);
    const row = { ...entry, element };
    this.place(row);
    if (old || row !== this.rows.at(-1)) return;
    fill(this.choices);
    this.first = null;
    this.toEnd(state === 'queued');
  }

  /** age: 0 and more is new, -1 the last one told again. */
  said(message, age) {
    const { t, host } = this;
    const { kind, seq, at, re, text, name } = message;
    const choices = items(message.choices);
    const isHuman = kind === 'counsellor';
    const who = isHuman ? `${name || t('human')}` : this.title;
    const bars = shares(message.bars, host.language);
    const { keep = bars.length && 1 } = message;
    const parts = () => this.rows.filter((each) => each.seq <= seq && each.seq > seq - keep);
    const kept = keep ? tools(() => parts().flatMap(({ said }) => said).filter(Boolean).join('\n\n'), t) : null;
    parts().forEach((each) => each.kept?.remove());
    const row = { seq, choices, kept, said: [text, bars.map(([label, share]) => `${label}: ${share}`).join('\n')], kind: seq ? 'bot' : 'preview', element: make('li', { class: 'theirs' },
      make('span', { class: 'hidden' }, who, ': '), make('div', { class: 'bubble', part: 'bot' }, bubble(message, bars, t)), kept, at && this.time(at, isHuman && who)) };
    this.place(row);
    if (row !== this.rows.at(-1)) return;
    this.speaker(who, isHuman ? 'human' : 'bot');
    if (choices.length) this.offer(choices);
    if (age >= 0) this.speak([text, ...choices.map(({ label }) => label)].join(', '));
    if (!this.first || !re || re !== this.re) this.first = row.element;
    this.re = re;
    this.toEnd(false, age >= -1 && this.first);
  }

  preview(greeting) {
    this.rows.forEach((row) => row.kind === 'preview' && this.drop(row));
    items(greeting).forEach((message) => this.said(message, -1));
  }

  offer(choices) {
    const press = (choice, label) => ({ detail }) => {
      this.host.chat.say({ choice, label });
      if (!detail) this.log.focus({ preventScroll: true }); // by key
    };
    const isScale = choices[(choices.length - 1) / 2]?.id === 'in_between' && !choices.some(({ label }) => /\S{15}/.test(label));
    this.choices.className = isScale ? 'choices scale' : 'choices';
    fill(this.choices, choices.slice(0, 24).map(({ payload, label }) => put(button('choice', press(payload, label), label), { part: 'choice', dir: 'auto' })));
  }

  note(key) {
    this.list.append(make('li', { class: 'note' }, this.t(key)));
    this.speak(this.t(key));
    this.toEnd(true);
  }

  typing(is) {
    clearTimeout(this.dotsTimer);
    this.dots.hidden = true;
    this.dotsTimer = is && setTimeout(() => {
      this.dots.hidden = false;
      this.toEnd();
    }, 300);
  }

  state(state) {
    if (/offline|connecting/.test(state)) {
      this.waiting ||= setTimeout(() => this.tell('offline'), 1500);
      return;
    }
    this.waiting = clearTimeout(this.waiting);
    if (state === 'online') this.tell();
    else this.tell(state, () => this.host.chat.connection.restart());
  }

  tell(key, again) {
    const { t, status } = this;
    if (this.told === key) return;
    this.told = key;
    this.speak(t(key || 'online'));
    fill(status, key && t(key), again && button('soft', again, t('retry'))).hidden = !key;
    this.toEnd();
  }

  speak(text) {
    clearTimeout(this.silence);
    put(this.spoken, null, make('p', null, text));
    this.silence = setTimeout(() => fill(this.spoken), 12000);
  }

  unread(seen) { this.host.count(this.rows.filter(({ kind, seq }) => kind === 'bot' && seq > seen).length); }

  scrolled() {
    const { log } = this;
    const { scrollTop } = log;
    const size = log.scrollHeight - log.clientHeight;
    this.near = !this.isCut && ((this.near && size !== this.size) || size - scrollTop < 40);
    this.size = size;
    this.newer.hidden = this.near;
    if (this.near) return;
    if (scrollTop < AHEAD_PX) this.host.chat.more(true);
    else if (size - scrollTop < AHEAD_PX) this.host.chat.more();
  }

  /** To the end, but not past what is new. */
  toEnd(always, first) {
    this.near ||= always;
    if (!this.near) return;
    this.from = first || (!always && this.from);
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      const { log } = this;
      log.scrollTo(0, this.from ? this.from.offsetTop - 14 : log.scrollHeight);
      this.from = null;
      this.size = log.scrollHeight - log.clientHeight;
      this.scrolled();
      if (this.near && this.focused === log) this.choices.firstChild?.focus({ preventScroll: true });
    });
  }

  grow() {
    const { input } = this;
    input.style.height = '';
    if (input.value) input.style.height = `${input.scrollHeight + 2}px`;
  }

  submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text || this.host.chat.say({ text })) {
      this.input.value = '';
      this.grow();
    } else this.tell('long');
  }

  openMenu() {
    const item = async (name) => {
      const question = { end: 'ending yes no skip cancel', erase: 'sure cancel yes' }[name];
      const answer = question && await this.ask(...question.split(' '));
      this.show(false);
      if (answer !== 'cancel') this.host.act(name, answer);
    };
    fill(this.menu, ['language', 'download', 'end', 'erase', 'exit'].map((name) => button('', () => item(name), this.t(name))));
    this.show(this.menu.hidden);
  }

  show(is) {
    this.menu.hidden = !is;
    put(this.more, { 'aria-expanded': is });
    (is ? this.menu.querySelector('button') : this.more).focus();
  }

  ask(key, ...names) {
    return new Promise((done) => {
      fill(this.menu, make('p', null, this.t(key)), names.map((name) => button('soft', () => done(name), this.t(name))));
      this.show(true);
    });
  }

  key(event) {
    if (event.key === 'Enter' && this.focused === this.input && !event.shiftKey && !event.isComposing) this.submit(event);
    else if (event.key === 'Escape') {
      if (this.menu.hidden) this.host.close();
      else this.show(false);
    } else if (event.key === 'Tab' && this.host.isModal) {
      const stops = [...this.panel.querySelectorAll('button,a,textarea,[tabindex="0"]')].filter((each) => each.getClientRects().length);
      if (event.shiftKey) stops.reverse();
      if (this.focused !== stops.at(-1)) return;
      event.preventDefault();
      stops[0].focus();
    }
  }
}

const WORDS = {
  id: {
    open: 'Buka obrolan', close: 'Tutup obrolan', more: 'Menu', bot: 'Pemandu otomatis', human: 'Konselor', input: 'Tulis pesan{mu}', send: 'Kirim',
    queued: 'Menunggu sinyal', sending: 'Mengirim …', failed: 'Tidak terkirim', retry: 'Coba lagi', drop: 'Buang',
    offline: 'Sambungan terputus. Pesan{mu} menunggu.', online: 'Tersambung', stopped: 'Sambungan berhenti.',
    version: 'Muat ulang halamannya, ya.', denied: 'Obrolan tidak bisa dibuka.',
    unread: '{n} pesan baru', newer: 'Pesan terbaru ↓', earlier: 'Pesan sebelumnya', choices: 'Pilihan jawaban', progress: 'Pertanyaan {at} dari {of}',
    result: 'Hasil', copy: 'Salin', print: 'Cetak', long: 'Pesannya terlalu panjang.', language: 'English', end: 'Akhiri obrolan',
    download: 'Unduh obrolan{mu}', erase: 'Hapus obrolan{mu}', exit: 'Keluar cepat', sure: 'Semua pesan dihapus selamanya?',
    ending: 'Obrolan diakhiri di perangkat ini. Tadi membantu?', yes: 'Ya', no: 'Tidak', skip: 'Akhiri saja', cancel: 'Batal', erased: 'Obrolan{mu} sudah dihapus.', ended: 'Obrolan diakhiri. Terima kasih!',
    nothing: 'Belum ada yang tersimpan.', trouble: 'Belum berhasil.', you: 'Dari{mu}',
  },
  en: {
    open: 'Open chat', close: 'Close chat', more: 'Menu', bot: 'Automatic guide', human: 'Counsellor', input: 'Write your message', send: 'Send',
    queued: 'Waiting for a signal', sending: 'Sending …', failed: 'Not sent', retry: 'Try again', drop: 'Discard',
    offline: 'No connection. Your messages wait.', online: 'Connected', stopped: 'Disconnected.',
    version: 'Please reload the page.', denied: 'The chat cannot be opened.',
    unread: '{n} new messages', newer: 'Newest message ↓', earlier: 'Earlier messages', choices: 'Possible answers', progress: 'Question {at} of {of}',
    result: 'Result', copy: 'Copy', print: 'Print', long: 'The message is too long.', language: 'Bahasa Indonesia', end: 'End chat',
    download: 'Download your chat', erase: 'Delete your chat', exit: 'Quick exit', sure: 'Delete all messages for good?',
    ending: 'The chat is taken off this device. Did it help?', yes: 'Yes', no: 'No', skip: 'Just end it', cancel: 'Cancel', erased: 'Your chat has been deleted.', ended: 'The chat has ended. Thank you!',
    nothing: 'Nothing is stored.', trouble: 'That did not work.', you: 'You',
  },
};

const words = (language, isFormal) => (key, values) => WORDS[language][key].replace(/\{(\w+)\}/g, (whole, name) => ({ mu: isFormal ? ' Anda' : 'mu', ...values })[name]);

const STYLE = `
:host{display:contents!important}
:host([mode=inline]){display:block!important}
.root{all:initial;direction:ltr;--a:var(--pandu-accent,#0b6b57);--on:var(--pandu-on-accent,#fff);--bg:var(--pandu-background,#fff);--fg:var(--pandu-text,#17211e);--soft:var(--pandu-soft,#eef3f1);--dim:#53605b;--line:#c9d3cf;--bad:#a8201a;--gap:var(--pandu-offset,20px);font:16px/1.45 var(--pandu-font,system-ui,sans-serif);color:var(--fg);color-scheme:light}
.dark{--a:var(--pandu-accent-dark,#7fd6bf);--on:var(--pandu-on-accent-dark,#06231c);--bg:var(--pandu-background-dark,#141b19);--fg:var(--pandu-text-dark,#e9f0ed);--soft:var(--pandu-soft-dark,#222d29);--dim:#a5b4ae;--line:#3b4a45;--bad:#ff9d94;color-scheme:dark}
*{box-sizing:border-box}
[hidden]{display:none!important}
button,textarea{font:inherit;color:inherit;margin:0;min-height:44px;min-width:44px}
button{cursor:pointer;border:0;border-radius:12px;background:none;padding:0 12px}
:focus-visible{outline:3px solid var(--a);outline-offset:2px}
header :focus-visible,.launcher:focus-visible{outline-color:var(--on);outline-offset:-5px}
.icon{display:block;width:24px;fill:none;stroke:currentColor;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round;margin:auto}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.launcher,.panel{position:fixed;bottom:var(--gap);right:var(--gap);z-index:2147483000}
.left .launcher,.left .panel{right:auto;left:var(--gap)}
.launcher{width:60px;height:60px;box-shadow:0 4px 18px #0005}
.badge{position:absolute;top:-4px;right:-4px;min-width:24px;border-radius:12px;background:#b3261e;color:#fff;font:700 13px/24px sans-serif}
.panel,.menu{background:var(--bg);border-radius:16px;box-shadow:0 8px 30px #0004,0 0 0 1px var(--line)}
.panel{margin-bottom:72px;width:400px;height:min(680px,100vh - 116px);display:flex;flex-direction:column;overflow:hidden}
.inline .launcher,.inline .close{display:none}
.inline .panel{position:relative;inset:auto;margin:0;width:100%;height:100%;min-height:24rem;z-index:0}
header{display:flex;align-items:center;background:var(--a);color:var(--on);padding:8px 8px 8px 14px}
.face{width:40px;border-radius:50%;background:var(--on);color:var(--a);font:20px/40px sans-serif;text-align:center}
.name{flex:1;min-width:0;line-height:1.25;padding:0 12px}.name *,.card *{display:block;overflow:hidden;text-overflow:ellipsis}.name *{white-space:nowrap}
.menu{position:absolute;z-index:2;top:60px;right:8px;width:240px;max-height:calc(100% - 66px);overflow:auto;padding:6px}
.menu button:not(.soft){display:block;width:100%;text-align:start}.menu p{padding:10px}
button:hover{background:var(--soft)}
.status{background:var(--soft);padding:8px 14px;font-size:14px}
.log{flex:1;min-height:0;overflow:auto;overscroll-behavior:contain;overflow-anchor:none;padding:14px;display:flex;flex-direction:column;position:relative}
.log:focus-visible{outline-offset:-5px}
ol,ul{list-style:none;padding:0;margin:auto 0 0}
li{margin-bottom:10px;display:flex;flex-direction:column;align-items:flex-start}
p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.bubble{max-width:88%;padding:10px 14px;border-radius:16px 16px 16px 5px;background:var(--soft)}
.mine{align-items:flex-end}.mine .bubble{background:var(--a);color:var(--on);border-radius:16px 16px 5px}
[data-state=failed] .bubble{background:none;color:inherit;box-shadow:inset 0 0 0 2px var(--bad)}
small{font-size:13px}li>small,.progress,.note{font-size:12px;color:var(--dim);padding:0 4px}
.note{font-size:14px;align-items:center}
a{color:inherit}
.card{display:block;margin-top:8px;padding:10px 12px;border-radius:12px;background:var(--bg);box-shadow:0 0 0 1px var(--line);overflow-wrap:anywhere}
.progress{display:flex;align-items:center;gap:8px;padding:0}
progress{accent-color:var(--a);flex:1;min-width:0}
figure{margin:10px 0 0}
figure li{display:grid;grid-template-columns:1fr auto;gap:2px 10px;overflow-wrap:anywhere}figure svg{grid-column:1/3;width:100%;height:8px}
figure li svg{background:var(--line)}rect,.area{fill:var(--a)}.area{fill-opacity:.4;stroke:var(--a)}.grid{fill:none;stroke:var(--dim)}figure .radar{height:auto}text{font-size:12px;text-anchor:middle;fill:var(--fg)}
.soft{border:1px solid var(--line);background:var(--bg);margin:2px}
.choices{display:flex;flex-wrap:wrap;gap:8px;justify-content:flex-end}
.choice{border:1.5px solid var(--a);color:var(--a);padding:8px 14px;border-radius:22px;overflow-wrap:anywhere;max-width:100%}
.scale{gap:5px}.scale .choice{flex:1 0 44px;min-width:min-content;padding:6px 2px;font-size:12px;line-height:1.2;border-radius:12px;min-height:60px;overflow-wrap:normal}
.dots{align-self:flex-start;background:var(--soft);border-radius:16px;padding:14px;display:flex;gap:5px}
.dots i{width:7px;height:7px;border-radius:50%;background:var(--dim);animation:dot 1.2s infinite}.dots i+i{animation-delay:.3s}
@keyframes dot{30%{opacity:.2}}
.newer{align-self:center;margin-top:-52px;z-index:1}
form{display:flex;gap:6px;align-items:flex-end;padding:8px 8px max(8px,env(safe-area-inset-bottom));border-top:1px solid var(--line)}
textarea{flex:1;resize:none;border:1px solid var(--dim);border-radius:22px;background:var(--bg);padding:9px 16px;height:44px;max-height:132px}
::placeholder{color:var(--dim);opacity:1}
.send,.launcher{background:var(--a)!important;color:var(--on);border-radius:50%;padding:0}.more,.close{padding:0}.more:hover,.close:hover{background:#0002}
@media(max-width:480px),(max-height:480px){.float .panel{inset:var(--top,0) 0 auto;margin:0;width:auto;height:var(--height,100dvh);border-radius:0}.float.open .launcher{display:none}}
@media(prefers-reduced-motion:reduce){*{animation:none!important}}
@media(forced-colors:active){.bubble,.panel,.menu,.launcher,.send,.card,figure li svg{border:1px solid}rect,.area{fill:Highlight}}`;

let sheet;
function dress(root) {
  try {
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make('style', null, STYLE));
  }
}

const dark = matchMedia('(prefers-color-scheme:dark)');
const narrow = matchMedia('(max-width:480px),(max-height:480px)');

class PanduChat extends HTMLElement {
  unread = 0;

  static observedAttributes = ['server', 'language', 'address', 'mode', 'position', 'theme', 'shared', 'name'];

  connectedCallback() {
    if (!this.shadowRoot) dress(this.attachShadow({ mode: 'open' }));
    this.server = (this.getAttribute('server') || new URL('.', import.meta.url).href).replace(/\/$/, '');
    this.store = new Store(this.server, this.hasAttribute('shared'));
    this.isOpen ||= this.hasAttribute('open');
    this.t = words(this.language, this.is('address', 'anda'));
    this.view = new View(this);
    this.badge = make('span', { class: 'badge' });
    this.launcher = put(button('launcher', () => this.toggle(), icon('M4 4h16v12h-9l-5 5v-5H4z'), this.badge), { part: 'launcher' });
    this.root = make('div', null, this.launcher, this.view.panel);
    this.shadowRoot.append(this.root);
    this.chat = new Chat(this);
    this.watched = [[dark, 'change'], [narrow, 'change'], [visualViewport, 'resize', 'scroll'], [window, 'visibilitychange']].map(([target, ...names]) => listen(target, names, () => this.look()));
    this.look();
    if (this.isShown || this.chat.isKnown()) this.chat.open();
  }

  disconnectedCallback() {
    this.chat.close();
    this.chat = null;
    this.watched.forEach((end) => end());
    this.root.remove();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.chat || before === after) return;
    if (/mode|position|theme/.test(name)) this.look();
    else {
      const { identity } = this.chat;
      this.disconnectedCallback();
      this.connectedCallback();
      if (identity) this.identify(identity);
    }
  }

  is(name, value) { return this.getAttribute(name) === value; }
  get language() { return /^en/i.test(this.getAttribute('language') || document.documentElement.lang || navigator.language) ? 'en' : 'id'; }
  set language(tag) { this.setAttribute('language', tag); }
  get isShown() { return this.isOpen || this.is('mode', 'inline'); }
  get isModal() { return narrow.matches && window === window.top && !this.is('mode', 'inline'); }

  look() {
    const { panel } = this.view;
    const isInline = this.is('mode', 'inline');
    const isDark = dark.matches ? !this.is('theme', 'light') : this.is('theme', 'dark');
    this.root.className = `root ${isDark ? 'dark' : ''} ${isInline ? 'inline' : 'float'} ${this.isShown ? 'open' : ''} ${this.getAttribute('position')}`;
    this.root.lang = this.language;
    panel.hidden = !this.isShown;
    put(panel, { role: isInline ? 'region' : 'dialog', 'aria-modal': this.isModal });
    panel.style.setProperty('--height', `${visualViewport.height}px`); // a phone's keyboard shrinks it
    panel.style.setProperty('--top', `${visualViewport.offsetTop}px`);
    this.view.toEnd();
    this.chat.note();
  }

  count(unread) {
    if (unread !== this.unread) this.tell('unread', { count: unread });
    this.unread = unread;
    this.badge.hidden = !unread;
    fill(this.badge, unread);
    put(this.launcher, { 'aria-expanded': this.isOpen, 'aria-label': this.t(this.isOpen ? 'close' : 'open') + (unread ? `, ${this.t('unread', { n: unread })}` : '') });
  }

  tell(name, detail) { this.dispatchEvent(new CustomEvent(`pandu:${name}`, { detail, bubbles: true, composed: true })); }

  toggle(is = !this.isOpen) {
    if (is === this.isOpen) return;
    this.isOpen = is;
    this.look();
    if (is) {
      this.chat.open();
      this.view.toEnd(true, this.view.first);
      (matchMedia('(pointer:coarse)').matches ? this.view.panel : this.view.input).focus(); // no keyboard unasked
    } else this.launcher.focus();
    this.tell(is ? 'open' : 'close');
  }

  open() { this.toggle(true); }
  close() { this.toggle(false); }
  send(text) { return this.chat.say({ text: String(text) }); }
  identify(token) { this.chat.identify(token); }

  async act(name, answer) {
    const { view, chat } = this;
    try {
      if (name === 'language') {
        const isEnglish = this.language === 'en';
        this.language = isEnglish ? 'id' : 'en';
        if (chat.isKnown()) this.send(isEnglish ? 'bahasa Indonesia saja' : 'English please');
      } else if (name === 'end') {
        const helped = { yes: true, no: false }[answer];
        chat.end(helped);
        if (answer !== 'skip') this.tell('rating', { helped });
      } else if (name === 'erase') await chat.erase();
      else if (name === 'download') this.save(await (await chat.own('GET', '/export'))?.blob());
      else {
        chat.forget();
        location.replace(this.getAttribute('exit') || 'https://www.google.com/');
      }
    } catch {
      view.note('trouble');
    }
  }

  save(blob) {
    if (blob) make('a', { href: URL.createObjectURL(blob), download: 'pandu.json' }).click();
    else this.view.note('nothing');
  }
}

if (!customElements.get('pandu-chat')) customElements.define('pandu-chat', PanduChat);
