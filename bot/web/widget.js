// <pandu-chat>: what is seen and pressed. Words only ever become text nodes. Attributes, methods, events: docs/widget.md.
import { dress } from './widget/style.js';
import { words } from './widget/text.js';
import { Chat, Store } from './widget/chat.js';

const TURNERS = /[\u202a-\u202e\u2066-\u2069]/g;

function put(element, attributes, ...children) {
  for (const [name, value] of Object.entries({ ...attributes })) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children.flat(2).filter(Boolean).map((child) => (child.nodeType ? child : String(child).replace(TURNERS, ''))));
  return element;
}

const make = (name, attributes, ...children) => put(document.createElement(name), attributes, ...children);
const draw = (name, attributes, ...children) => put(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, ...children);
const icon = (path) => draw('svg', { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': true }, draw('path', { d: path }));
const button = (name, press, ...children) => make('button', { class: name, type: 'button', onclick: press }, ...children);

function link(url, ...children) {
  try {
    const { protocol, href } = new URL(url);
    if (/^(https?|tel|mailto|sms):$/.test(protocol)) return make('a', { href, target: '_blank', rel: 'noreferrer' }, ...children);
  } catch { /* */ }
  return make('span', null, ...children);
}

function paragraph(text) {
  const parts = String(text).split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/);
  return make('p', { dir: 'auto' }, ...parts.map((part, i) => (i % 2 ? link(part, part) : part)));
}

function radar(rows) {
  const at = (i, x, y = x) => [160 + x * Math.sin(i / rows.length * 6.283), 90 - y * Math.cos(i / rows.length * 6.283)];
  const shape = (name, far) => draw('polygon', { class: name, points: rows.map((row, i) => at(i, far(row))) });
  return draw('svg', { viewBox: '0 0 320 180', class: 'radar', 'aria-hidden': true }, shape('grid', () => 70), shape('grid', () => 35), shape('area', ([, , width]) => width * 0.7),
    rows.map(([label], i) => {
      const [x, y] = at(i, 116, 80);
      return draw('text', { x, y: y + 4 }, label.length > 13 ? `${label.slice(0, 12)}…` : label);
    }));
}

function result(bars, text, t, language) {
  const rows = bars.slice(0, 24).map(({ label, percent }) => {
    const width = Math.min(100, Math.max(0, percent)) || 0;
    return [String(label), `${width.toLocaleString(language, { maximumFractionDigits: 1 })}%`, width];
  });
  const all = `${text}\n\n${rows.map(([label, share]) => `${label}: ${share}`).join('\n')}`;
  const print = () => {
    const page = window.open('', '_blank');
    page?.document.body.append(put(page.document.createElement('pre'), null, all));
    page?.print();
  };
  const copy = button('soft', () => navigator.clipboard.writeText(all).then(() => copy.replaceChildren(`✓ ${t('copy')}`)), t('copy'));
  return make('figure', { 'aria-label': t('result') },
    rows.length > 2 && radar(rows), make('ul', null, ...rows.map(([label, share, width]) => make('li', null, make('span', { dir: 'auto' }, label), make('b', null, share),
      draw('svg', { viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': true }, draw('rect', { width, height: 8 }))))),
    navigator.clipboard && copy, button('soft', print, t('print')));
}

function bubble({ text, progress, bars, links }, t, language) {
  const plain = progress ? text.replace(/^\(\d+ \S+ \d+\) /, '') : text;
  return [
    progress?.of > 0 && make('div', { class: 'progress' }, make('progress', { max: progress.of, value: progress.at, 'aria-label': t('progress', progress) }), make('small', null, `${progress.at}/${progress.of}`)),
    paragraph(plain),
    bars?.length && result(bars, plain, t, language),
    (links || []).slice(0, 24).map(({ label, url }) => {
      const card = link(url, make('b', { dir: 'auto' }, label || url));
      card.className = 'card';
      return card.host ? put(card, null, make('small', { dir: 'ltr' }, card.host)) : card;
    }),
  ];
}

const ROWS_MAX = 300, NEAR_PX = 90, AHEAD_PX = 600, SPOKEN_MS = 12000;

class View {
  constructor(host) {
    const { t } = host;
    const title = host.getAttribute('name') || 'Pandu';
    const sign = (name, label, path, press) => put(button(name, press, icon(path)), { 'aria-label': t(label), title: t(label) });
    Object.assign(this, { host, t, title, clock: new Intl.DateTimeFormat(host.language, { timeStyle: 'short' }), rows: [], near: true });
    this.who = make('small', null, t('bot'));
    this.menu = make('div', { class: 'menu', hidden: '' });
    this.more = put(sign('more', 'menu', 'M12 5.5v.01M12 12v.01M12 18.5v.01', () => this.openMenu()), { 'aria-expanded': false });
    this.status = make('div', { class: 'status', hidden: '' });
    this.list = make('ol');
    this.dots = make('div', { class: 'dots', hidden: '' }, make('i'), make('i'), make('i'));
    this.older = button('soft', () => host.chat.more(true), t('earlier'));
    this.choices = make('div', { role: 'group', 'aria-label': t('choices') });
    this.log = make('div', { class: 'log', part: 'log', tabindex: 0, role: 'region', 'aria-label': title, onscroll: () => this.scrolled() }, this.older, this.list, this.dots, this.choices);
    this.newer = put(button('newer soft', () => { host.chat.newest(); this.toEnd(true); }, t('newer')), { hidden: '' });
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

  clear() {
    this.rows = [];
    this.list.replaceChildren();
    this.choices.replaceChildren();
    this.typing(false);
  }

  edges(hasEarlier, hasLater) {
    this.older.hidden = !hasEarlier;
    this.isCut = hasLater;
    this.choices.hidden = hasLater;
    if (hasLater) this.scrolled();
  }

  isFull() { return this.rows.length >= ROWS_MAX && !this.near; }

  label(payload) { return this.rows.flatMap(({ choices }) => choices || []).find((choice) => choice.payload === payload)?.label; }

  /** Takes out, at one end, what is too much for the page. */
  trim(isUp) {
    const stored = this.rows.filter(({ seq }) => seq);
    const cut = isUp ? stored.slice(ROWS_MAX) : stored.slice(0, -ROWS_MAX);
    cut.forEach(({ element }) => element.remove());
    if (cut.length) this.rows = this.rows.filter((row) => !cut.includes(row));
    return cut;
  }

  /** What is looked at stays where it is. */
  keep(isUp, work) {
    const { log } = this;
    const edge = this.rows.at(isUp ? 0 : -1)?.element || log;
    const y = edge.offsetTop;
    work();
    log.scrollTop += edge.offsetTop - y;
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
  }

  time(at) { return make('small', null, this.clock.format(at % 8e15 || 0)); }

  visitor(entry) {
    const { id, seq, state, text, label, at } = entry;
    const { t, host } = this;
    const old = this.find(id);
    const element = old?.element || make('li');
    put(element, { class: 'mine', 'data-state': state }).replaceChildren(
      make('span', { class: 'hidden' }, `${t('you')}: `), put(paragraph(text ?? label), { class: 'bubble', part: 'visitor' }), state === 'sent' ? this.time(at) : make('small', null, t(state)));
    if (state === 'failed') put(element, null, make('div', null, button('soft', () => host.chat.retry(entry, true), t('retry')), button('soft', () => host.chat.retry(entry), t('drop'))));
    if (old && old.seq === seq) return;
    this.rows = this.rows.filter((row) => row !== old);
    const row = { element, seq, id, label };
    this.place(row);
    if (old || row !== this.rows.at(-1)) return;
    this.choices.replaceChildren();
    this.toEnd(state === 'queued');
  }

  said(message, isNew) {
    const { t, host } = this;
    const { kind, seq, at, text, name, choices = [] } = message;
    const isHuman = kind === 'counsellor';
    const who = isHuman ? `${name || ''} · ${t('human')}` : t('bot');
    const row = { seq, choices, kind: seq ? 'bot' : 'preview', element: make('li', { class: isHuman ? 'theirs human' : 'theirs' },
      make('span', { class: 'hidden' }, `${isHuman ? who : this.title}: `), make('div', { class: 'bubble', part: 'bot' }, bubble(message, t, host.language)), at && this.time(at)) };
    this.place(row);
    if (row !== this.rows.at(-1)) return;
    this.who.replaceChildren();
    put(this.who, null, who);
    if (choices.length) this.offer(choices);
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
      this.host.chat.say({ choice, label });
      if (isByKey) this.log.focus({ preventScroll: true });
    };
    const isScale = choices.length % 2 && choices[(choices.length - 1) / 2].id === 'in_between';
    this.choices.className = `choices ${isScale && 'scale'}`;
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
    if (['offline', 'connecting'].includes(state)) this.waiting ||= setTimeout(() => this.tell('offline'), 1500);
    else {
      this.waiting = clearTimeout(this.waiting);
      if (state === 'online') this.tell();
      else this.tell(state, () => this.host.chat.connection.restart());
    }
  }

  tell(key, again) {
    const { t, status } = this;
    if (this.told === key) return;
    this.speak(t(key || 'online'));
    this.told = key;
    status.hidden = !key;
    status.replaceChildren();
    if (key) put(status, null, t(key), again && button('soft', again, t('retry')));
    this.toEnd();
  }

  speak(text) {
    clearTimeout(this.silence);
    put(this.spoken, null, make('p', null, text));
    this.silence = setTimeout(() => this.spoken.replaceChildren(), SPOKEN_MS);
  }

  isRead() { return this.host.isShown && !document.hidden; }

  unread(seen) { this.host.count(this.rows.filter(({ kind, seq }) => kind === 'bot' && seq > seen).length); }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    const size = scrollHeight - clientHeight;
    this.near = !this.isCut && ((this.near && size !== this.size) || size - scrollTop < NEAR_PX);
    this.size = size;
    this.newer.hidden = this.near || (this.newer.hidden && !this.isCut);
    if (this.near) return;
    if (scrollTop < AHEAD_PX) this.host.chat.more(true);
    else if (size - scrollTop < AHEAD_PX) this.host.chat.more();
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
    if (text && !this.host.chat.say({ text })) {
      this.tell('long');
      return;
    }
    this.input.value = '';
    this.grow();
  }

  openMenu() {
    const item = async (name) => {
      const question = { end: ['ending', 'yes', 'no', 'skip', 'cancel'], erase: ['sure', 'cancel', 'drop'] }[name];
      const answer = question && await this.ask(...question);
      this.show(false);
      if (answer !== 'cancel') this.host.act(name, answer);
    };
    this.menu.replaceChildren(...['language', 'download', 'end', 'erase', 'exit'].map((name) => button('', () => item(name), this.t(name))));
    this.show(this.menu.hidden);
  }

  show(is) {
    this.menu.hidden = !is;
    put(this.more, { 'aria-expanded': is });
    (is ? this.menu.querySelector('button') : this.more).focus();
  }

  ask(key, ...names) {
    return new Promise((done) => {
      this.menu.replaceChildren(make('p', null, this.t(key)), ...names.map((name) => button('soft', () => done(name), this.t(name))));
      this.show(true);
    });
  }

  key(event) {
    if (event.key === 'Escape') {
      if (this.menu.hidden) this.host.act('close');
      else this.show(false);
    } else if (event.key === 'Tab' && this.host.isModal) {
      const stops = [...this.panel.querySelectorAll('button,a[href],textarea,[tabindex="0"]')].filter((each) => each.getClientRects().length);
      if (event.shiftKey) stops.reverse();
      if (this.focused !== stops.at(-1)) return;
      event.preventDefault();
      stops[0].focus();
    }
  }
}

const HOME = new URL('.', import.meta.url).href;
const dark = matchMedia('(prefers-color-scheme:dark)');
const viewport = window.visualViewport;
const narrow = matchMedia('(max-width:480px),(max-height:480px)');

class PanduChat extends HTMLElement {
  static observedAttributes = ['server', 'language', 'address', 'mode', 'position', 'theme', 'shared', 'name'];

  connectedCallback() {
    if (!this.shadowRoot) dress(this.attachShadow({ mode: 'open' }));
    this.server = (this.getAttribute('server') || HOME).replace(/\/$/, '');
    this.store = new Store(this.server, this.hasAttribute('shared'));
    this.isOpen ||= this.hasAttribute('open');
    this.paint = () => this.look();
    this.t = words(this.language, this.is('address', 'anda'));
    this.view = new View(this);
    this.badge = make('span', { class: 'badge' });
    this.launcher = put(button('launcher', () => this.toggle(), icon('M4 4h16v12h-9l-5 5v-5H4z'), this.badge), { part: 'launcher' });
    this.root = make('div', null, this.launcher, this.view.panel);
    this.shadowRoot.append(this.root);
    this.chat = new Chat(this);
    this.watched = [[dark, 'change'], [narrow, 'change'], [viewport, 'resize'], [viewport, 'scroll'], [document, 'visibilitychange']];
    this.watched.forEach(([target, name]) => target.addEventListener(name, this.paint));
    this.look();
    if (this.isShown || this.chat.isKnown()) this.chat.open();
  }

  disconnectedCallback() {
    this.chat.close();
    this.chat = null;
    this.watched.forEach(([target, name]) => target.removeEventListener(name, this.paint));
    this.root.remove();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.chat || before === after) return;
    if (['mode', 'position', 'theme'].includes(name)) this.look();
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
    const isDark = this.is('theme', 'dark') || (dark.matches && !this.is('theme', 'light'));
    this.root.className = `root ${isDark ? 'dark' : ''} ${isInline ? 'inline' : 'float'} ${this.isShown ? 'open' : ''} ${this.getAttribute('position')}`;
    this.root.lang = this.language;
    panel.hidden = !this.isShown;
    put(panel, { role: isInline ? 'region' : 'dialog', 'aria-modal': this.isModal });
    panel.style.setProperty('--height', `${viewport.height}px`); // a phone's keyboard shrinks it
    panel.style.setProperty('--top', `${viewport.offsetTop}px`);
    this.view.toEnd();
    this.chat.note();
  }

  count(unread) {
    if (unread !== (this.unread || 0)) this.tell('unread', { count: unread });
    this.unread = unread;
    this.badge.hidden = !unread;
    this.badge.textContent = unread;
    put(this.launcher, { 'aria-expanded': Boolean(this.isOpen), 'aria-label': this.t(this.isOpen ? 'close' : 'open') + (unread ? `, ${this.t('unread', { n: unread })}` : '') });
  }

  tell(name, detail) { this.dispatchEvent(new CustomEvent(`pandu:${name}`, { detail, bubbles: true, composed: true })); }

  toggle(is = !this.isOpen) {
    if (is === Boolean(this.isOpen)) return;
    this.isOpen = is;
    this.look();
    if (is) {
      this.chat.open();
      this.view.toEnd(true);
      (matchMedia('(pointer:coarse)').matches ? this.view.panel : this.view.input).focus(); // no keyboard before it is wanted
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
      if (name === 'language') this.switchLanguage();
      else if (name === 'end') {
        const helped = { yes: true, no: false }[answer];
        chat.end(helped);
        if (answer !== 'skip') this.tell('rating', { helped });
      } else if (name === 'erase') await chat.erase();
      else if (name === 'download') this.save(await chat.own('GET', '/export').then((response) => response?.blob()));
      else if (name === 'exit') {
        chat.forget();
        location.replace(this.getAttribute('exit') || 'https://www.google.com/');
      } else this.close();
    } catch {
      view.note('trouble');
    }
  }

  switchLanguage() {
    const toEnglish = this.language === 'id';
    const isKnown = this.chat.isKnown();
    this.language = toEnglish ? 'en' : 'id';
    if (isKnown) this.send(toEnglish ? 'English please' : 'bahasa Indonesia saja');
  }

  save(blob) {
    if (blob) make('a', { href: URL.createObjectURL(blob), download: 'pandu.json' }).click();
    else this.view.note('nothing');
  }
}

if (!customElements.get('pandu-chat')) customElements.define('pandu-chat', PanduChat);
