// The panel: what is seen and pressed. Words only ever become text nodes. Knows no protocol.
const TURNERS = /[\u202a-\u202e\u2066-\u2069]/g;

export function put(element, attributes, ...children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children.flat(2).filter(Boolean).map((child) => (child.nodeType ? child : String(child).replace(TURNERS, ''))));
  return element;
}

export const make = (name, attributes, ...children) => put(document.createElement(name), attributes, ...children);
const draw = (name, attributes, ...children) => put(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, ...children);
export const icon = (path) => draw('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': true }, draw('path', { d: path }));
export const button = (name, press, ...children) => make('button', { class: name, type: 'button', onclick: press }, ...children);

function link(url, ...children) {
  try {
    const { protocol, href } = new URL(url);
    if (/^(https?|tel|mailto|sms):$/.test(protocol)) return make('a', { href, target: '_blank', rel: 'noreferrer' }, ...children);
  } catch { /* */ }
  return make('span', null, ...children);
}

function words(text) {
  const parts = String(text).split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/);
  return make('p', { dir: 'auto' }, ...parts.map((part, i) => (i % 2 ? link(part, part) : part)));
}

function result(bars, text, t, language) {
  const rows = bars.slice(0, 24).map(({ label, percent }) => {
    const width = Math.min(100, Math.max(0, percent)) || 0;
    return [label, `${width.toLocaleString(language, { maximumFractionDigits: 1 })}%`, width];
  });
  const all = `${text}\n\n${rows.map(([label, share]) => `${label}: ${share}`).join('\n')}`;
  const print = () => {
    const page = window.open('', '_blank');
    page.document.body.append(put(page.document.createElement('pre'), null, all));
    page.print();
  };
  const copy = button('soft', () => navigator.clipboard.writeText(all).then(() => copy.replaceChildren(`✓ ${t('copy')}`)), t('copy'));
  return make('figure', { 'aria-label': t('result') },
    make('ul', null, ...rows.map(([label, share, width]) => make('li', null, make('span', { dir: 'auto' }, label), make('b', null, share),
      draw('svg', { viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': true }, draw('rect', { width: 100, height: 8, class: 'rail' }), draw('rect', { width, height: 8, class: 'bar' }))))),
    navigator.clipboard && copy, button('soft', print, t('print')));
}

function bubble({ text, progress, bars, links }, t, language) {
  const plain = progress ? text.replace(/^\(\d+ \S+ \d+\) /, '') : text;
  return [
    progress?.of > 0 && make('div', { class: 'progress' }, make('progress', { max: progress.of, value: progress.at, 'aria-label': t('progress', progress) }), make('small', null, `${progress.at}/${progress.of}`)),
    words(plain),
    bars?.length && result(bars, plain, t, language),
    (links || []).slice(0, 24).map(({ label, url }) => {
      const card = link(url, make('b', { dir: 'auto' }, label || url));
      card.className = 'card';
      return card.host ? put(card, null, make('small', { dir: 'ltr' }, card.host)) : card;
    }),
  ];
}

const isScale = (choices) => choices.length % 2 && choices[(choices.length - 1) / 2].id === 'in_between';

const ROWS_MAX = 400, ROWS_KEPT = 300, NEAR_PX = 90, SPOKEN_MS = 12000;

export class View {
  constructor(host) {
    const { t, title } = host;
    const sign = (name, label, path, press) => put(button(name, press, icon(path)), { 'aria-label': t(label), title: t(label) });
    Object.assign(this, { host, t, rows: [], near: true });
    this.who = make('small', null, t('bot'));
    this.menu = make('div', { class: 'menu', hidden: '' });
    this.more = put(sign('more', 'menu', 'M12 5.5v.01M12 12v.01M12 18.5v.01', () => this.openMenu()), { 'aria-expanded': false });
    this.status = make('div', { class: 'status', hidden: '' });
    this.list = make('ol');
    this.dots = make('div', { class: 'dots', hidden: '' }, make('i'), make('i'), make('i'));
    this.older = button('soft', () => this.chat.earlier(), t('earlier'));
    this.choices = make('div', { role: 'group', 'aria-label': t('choices') });
    this.log = make('div', { class: 'log', part: 'log', tabindex: 0, role: 'region', 'aria-label': title, onscroll: () => this.scrolled() }, this.older, this.list, this.dots, this.choices);
    this.newer = put(button('newer soft', () => this.toEnd(true), t('newer')), { hidden: '' });
    this.input = make('textarea', {
      rows: 1, 'aria-label': t('input'), placeholder: t('input'), enterkeyhint: 'send', dir: 'auto', oninput: () => this.grow(),
      onkeydown: (event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.submit(event); },
    });
    this.spoken = make('div', { class: 'hidden', role: 'status' });
    this.panel = make('section', { class: 'panel', part: 'panel', 'aria-label': title, tabindex: -1, onkeydown: (event) => this.key(event) },
      make('header', { part: 'header' }, make('div', { class: 'face', 'aria-hidden': true }, title[0]), make('div', { class: 'name' }, make('b', null, title), this.who),
        this.more, sign('close', 'close', 'M5 9l7 7 7-7', () => host.act('close'))),
      this.menu, this.status, this.log, this.newer,
      make('form', { onsubmit: (event) => this.submit(event) }, this.input, put(sign('send', 'send', 'M4 12L20 4l-5 16-3.5-6.5z'), { type: 'submit' })), this.spoken);
  }

  get focused() { return this.panel.getRootNode().activeElement; }

  clear(hasEarlier) {
    this.rows = [];
    this.list.replaceChildren();
    this.choices.replaceChildren();
    this.typing(false);
    this.older.hidden = !hasEarlier;
  }

  has(seq) { return this.rows.some((row) => row.seq === seq); }

  find(id) { return this.rows.find((row) => row.id === id); }

  remove(id) {
    const row = this.find(id);
    row?.element.remove();
    this.rows = this.rows.filter((each) => each !== row);
  }

  place(row) {
    const order = ({ seq, kind }) => seq ?? (kind === 'preview' ? 0 : Infinity);
    let at = this.rows.length;
    while (at && order(this.rows[at - 1]) > order(row)) at--;
    this.list.insertBefore(row.element, this.rows[at]?.element || null);
    this.rows.splice(at, 0, row);
    if (this.rows.length < ROWS_MAX || !this.near) return;
    for (const { element, seq } of this.rows.splice(0, ROWS_MAX - ROWS_KEPT)) {
      element.remove();
      this.chat.low = Math.max(this.chat.low, seq || 0);
    }
    this.older.hidden = false;
  }

  time(at) { return make('small', null, new Date(at).toLocaleTimeString(this.host.language, { hour: '2-digit', minute: '2-digit' })); }

  visitor(entry) {
    const { id, seq, state, text, label, at } = entry;
    const { t } = this;
    const old = this.find(id);
    const element = old?.element || make('li');
    put(element, { class: 'mine', 'data-state': state }).replaceChildren(
      make('span', { class: 'hidden' }, `${t('you')}: `), put(words(text ?? label), { class: 'bubble', part: 'visitor' }), state === 'sent' ? this.time(at) : make('small', null, t(state)));
    if (state === 'failed') put(element, null, make('div', null, button('soft', () => this.chat.retry(entry, true), t('retry')), button('soft', () => this.chat.retry(entry), t('drop'))));
    if (old && old.seq === seq) return;
    this.rows = this.rows.filter((row) => row !== old);
    this.place({ element, seq, id });
    if (old) return;
    this.choices.replaceChildren();
    this.toEnd(state === 'queued');
  }

  said(message, isNew) {
    const { t, host } = this;
    const { kind, seq, at, text, name, choices = [] } = message;
    const isHuman = kind === 'counsellor';
    const who = isHuman ? `${name || ''} · ${t('human')}` : t('bot');
    const row = { seq, kind: seq ? 'bot' : 'preview', element: make('li', { class: isHuman ? 'theirs human' : 'theirs' },
      make('span', { class: 'hidden' }, `${isHuman ? who : host.title}: `), make('div', { class: 'bubble', part: 'bot' }, bubble(message, t, host.language)), at && this.time(at)) };
    this.place(row);
    this.who.replaceChildren();
    put(this.who, null, who);
    if (choices.length && row === this.rows.at(-1)) this.offer(choices);
    if (isNew) this.speak([text, ...choices.map(({ label }) => label)].join(', '));
    this.toEnd();
  }

  preview(greeting) {
    this.rows = this.rows.filter(({ kind, element }) => kind !== 'preview' || element.remove());
    greeting.forEach((message) => this.said(message));
  }

  offer(choices) {
    const press = (event, choice, label) => {
      const isByKey = event.detail === 0;
      this.chat.say({ choice, label });
      if (isByKey) this.log.focus({ preventScroll: true });
    };
    this.choices.className = isScale(choices) ? 'choices scale' : 'choices';
    this.choices.replaceChildren(...choices.slice(0, 24).map(({ payload, label }) => put(button('choice', (event) => press(event, payload, label), label), { part: 'choice', dir: 'auto' })));
    if (this.focused === this.log) this.choices.firstChild.focus({ preventScroll: true });
  }

  note(key) {
    this.list.append(make('li', { class: 'note' }, this.t(key)));
    this.speak(this.t(key));
    this.toEnd(true);
  }

  typing(is) {
    clearTimeout(this.dotsTimer);
    this.dots.hidden = true;
    if (!is) return;
    this.dotsTimer = setTimeout(() => {
      this.dots.hidden = false;
      this.toEnd();
    }, 300);
  }

  state(state) {
    clearTimeout(this.stateTimer);
    if (state === 'online') this.tell();
    else if (state === 'stopped') this.tell(state, () => this.chat.connection.restart());
    else this.stateTimer = setTimeout(() => this.tell('offline'), 1500);
  }

  tell(key, again) {
    const { t, status } = this;
    if (this.told === key) return;
    this.speak(t(key || 'online'));
    this.told = key;
    status.hidden = !key;
    status.replaceChildren();
    if (key) put(status, null, t(key), again && button('soft', again, t('retry')));
  }

  speak(text) {
    clearTimeout(this.silence);
    put(this.spoken, null, make('p', null, text));
    this.silence = setTimeout(() => this.spoken.replaceChildren(), SPOKEN_MS);
  }

  isRead() { return this.host.isOpen() && !document.hidden; }

  unread(seen) { this.host.count(this.rows.filter(({ kind, seq }) => kind === 'bot' && seq > seen).length); }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    const size = scrollHeight - clientHeight;
    this.near = (this.near && size !== this.size) || size - scrollTop < NEAR_PX;
    this.size = size;
    this.newer.hidden ||= this.near;
  }

  toEnd(always) {
    this.near ||= always;
    this.newer.hidden = this.near;
    if (!this.near) return;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.log.scrollTo(0, this.log.scrollHeight));
  }

  grow() {
    const { style, scrollHeight } = this.input;
    style.height = '';
    if (this.input.value) style.height = `${this.input.scrollHeight + 2 || scrollHeight}px`;
  }

  submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (text && !this.chat.say({ text })) {
      this.tell('long');
      return;
    }
    this.input.value = '';
    this.grow();
  }

  openMenu() {
    const item = async (name) => {
      const sure = { end: 'ending', erase: 'sure' }[name];
      if (sure && !(await this.ask(sure))) return;
      this.show(false);
      this.host.act(name);
    };
    this.menu.replaceChildren(...['language', 'download', 'end', 'erase', 'exit'].map((name) => button('', () => item(name), this.t(name))));
    this.show(this.menu.hidden);
  }

  show(is) {
    this.menu.hidden = !is;
    put(this.more, { 'aria-expanded': is });
    (is ? this.menu.querySelector('button') : this.more).focus();
  }

  ask(key) {
    return new Promise((done) => {
      const answer = (name) => button('soft', () => { this.show(false); done(name === 'yes'); }, this.t(name));
      this.menu.replaceChildren(make('p', null, this.t(key)), answer('no'), answer('yes'));
      this.show(true);
    });
  }

  key(event) {
    if (event.key === 'Escape') {
      if (this.menu.hidden) this.host.act('close');
      else this.show(false);
    } else if (event.key === 'Tab' && this.host.isModal()) {
      const stops = [...this.panel.querySelectorAll('button,a[href],textarea,[tabindex="0"]')].filter((each) => each.getClientRects().length);
      if (event.shiftKey) stops.reverse();
      if (this.focused !== stops.at(-1)) return;
      event.preventDefault();
      stops[0].focus();
    }
  }
}
