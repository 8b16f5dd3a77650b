// The panel: what the visitor sees and presses. Knows no protocol; asks the conversation (chat.js) for everything. One live region
// speaks what is new; the list itself is silent, so that a replay is not read out.
import { make, put, icon, ICONS } from './dom.js';
import { bubble, words, isScale } from './message.js';

const ROWS_MAX = 400, ROWS_KEPT = 300, NEAR_PX = 90, SPOKEN_MS = 12000, TYPING_MS = 15000;

export class View {
  /** host: {t, language, title, isOpen(), count(n), act(name)}; chat is set right after. */
  constructor(host) {
    this.host = host;
    const { t } = host;
    const button = (name, label, path, press) => make('button', { class: `icon-button ${name}`, type: 'button', 'aria-label': label, title: label, onclick: press }, icon(path));
    this.rows = []; // {element, seq, id, kind}
    this.near = true;
    this.who = make('small', {}, t('bot'));
    this.menu = make('div', { class: 'menu', id: 'menu', hidden: true });
    this.menuButton = put(button('more', t('menu'), ICONS.menu, () => this.openMenu(this.menu.hidden)), { 'aria-expanded': 'false', 'aria-controls': 'menu' });
    this.status = make('div', { class: 'status', hidden: true });
    this.list = make('ol', { class: 'list', part: 'list' });
    this.dots = make('div', { class: 'dots', hidden: true, 'aria-hidden': 'true' }, make('i'), make('i'), make('i'));
    this.older = make('button', { class: 'soft', type: 'button', hidden: true, onclick: () => this.chat.earlier() }, t('earlier'));
    this.choices = make('div', { class: 'choices', role: 'group', 'aria-label': t('choices') });
    this.log = make('div', { class: 'log', part: 'log', tabindex: 0, role: 'region', 'aria-label': host.title, onscroll: () => this.scrolled() }, this.older, this.list, this.dots, this.choices);
    this.newer = make('button', { class: 'newer soft', type: 'button', hidden: true, onclick: () => this.toEnd(true) }, t('newer'));
    this.input = make('textarea', { rows: 1, 'aria-label': t('input'), placeholder: t('input'), maxlength: 4000, enterkeyhint: 'send', autocomplete: 'off', dir: 'auto', oninput: () => this.grow() });
    this.form = make('form', { class: 'form', part: 'form' }, this.input, put(button('send', t('send'), ICONS.send), { type: 'submit' }));
    this.form.addEventListener('submit', (event) => { event.preventDefault(); this.submit(); });
    this.input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
    });
    this.spoken = make('div', { class: 'hidden', role: 'status', 'aria-live': 'polite' });
    this.panel = make('section', { class: 'panel', part: 'panel', role: 'dialog', 'aria-label': host.title, tabindex: -1, onkeydown: (event) => this.key(event) },
      make('header', { part: 'header' }, make('div', { class: 'face', 'aria-hidden': 'true' }, host.title[0]), make('div', { class: 'name' }, make('b', {}, host.title), this.who),
        this.menuButton, button('close', t('close'), ICONS.close, () => host.act('close'))),
      this.menu, this.status, this.log, this.newer, this.form, this.spoken);
  }

  // ---- rows ----

  clear() {
    this.rows = [];
    this.list.replaceChildren();
    this.choices.replaceChildren();
    this.typing(false);
  }

  has(seq) { return this.rows.some((row) => row.seq === seq); }

  /** Where it belongs: by seq; what has none yet is at the end. */
  place(row) {
    const order = (each) => each.seq ?? (each.kind === 'preview' ? 0 : Infinity);
    let at = this.rows.length;
    while (at > 0 && order(this.rows[at - 1]) > order(row)) at--;
    if (this.list.children[at] !== row.element || at < this.rows.length) this.list.insertBefore(row.element, this.rows[at]?.element || null);
    this.rows.splice(at, 0, row);
    if (this.rows.length > ROWS_MAX && this.near) this.trim();
  }

  trim() {
    this.rows.splice(0, this.rows.length - ROWS_KEPT).forEach((row) => {
      row.element.remove();
      if (row.seq) this.chat.low = Math.max(this.chat.low, row.seq);
    });
    this.hasEarlier(true);
  }

  remove(id) {
    const row = this.rows.find((each) => each.id === id);
    if (row) row.element.remove();
    this.rows = this.rows.filter((each) => each !== row);
  }

  hasEarlier(is) { this.older.hidden = !is; }

  time(at) {
    return new Date(at).toLocaleTimeString(this.host.language, { hour: '2-digit', minute: '2-digit' });
  }

  /** The visitor's own message in any of its states; again with the same id to change it. */
  visitor(entry) {
    const { t } = this.host;
    const old = this.rows.find((row) => row.id === entry.id);
    const failed = entry.state === 'failed';
    const element = old?.element || make('li', { class: 'mine' });
    element.dataset.state = entry.state;
    put(element, { 'data-id': entry.id }).replaceChildren(
      make('span', { class: 'hidden' }, `${t('you')}: `), put(words(entry.text ?? entry.label ?? ''), { class: 'bubble', part: 'visitor' }),
      make('small', {}, entry.state === 'sent' ? this.time(entry.seq && entry.at) : t(entry.state)));
    if (failed) {
      element.append(make('div', { class: 'row' }, make('button', { class: 'soft', type: 'button', onclick: () => this.chat.retry(entry.id) }, t('retry')),
        make('button', { class: 'soft', type: 'button', onclick: () => this.chat.discard(entry.id) }, t('drop'))));
    }
    if (old && old.seq === entry.seq) return;
    if (old) this.rows.splice(this.rows.indexOf(old), 1);
    this.place({ element, seq: entry.seq, id: entry.id, kind: 'visitor' });
    if (!old) {
      this.choices.replaceChildren();
      this.toEnd(entry.state === 'queued');
    }
  }

  /** A message of the bot or of a counsellor. */
  said(message, isNew) {
    const { t, language, title } = this.host;
    const isHuman = message.kind === 'counsellor';
    const element = make('li', { class: isHuman ? 'theirs human' : 'theirs' },
      make('span', { class: 'hidden' }, `${isHuman ? t('human') : title}: `),
      make('div', { class: 'bubble', part: 'bot' }, ...bubble(message, t, language)), message.at && make('small', {}, this.time(message.at)));
    const row = { element, seq: message.seq, kind: message.seq ? 'bot' : 'preview' };
    this.place(row);
    this.who.textContent = isHuman ? `${message.name || ''} · ${t('human')}` : t('bot');
    const isLast = !this.rows.slice(this.rows.indexOf(row) + 1).some((each) => each.kind !== 'preview');
    if (isLast && message.choices?.length) this.offer(message.choices);
    if (isNew) this.speak(`${message.text} ${(message.choices || []).map((choice) => choice.label).join(', ')}`);
    this.toEnd();
  }

  /** What the bot would say first; gone as soon as something was said. */
  preview(greeting) {
    this.rows.filter((row) => row.kind === 'preview').forEach((row) => row.element.remove());
    this.rows = this.rows.filter((row) => row.kind !== 'preview');
    greeting.forEach((message) => this.said(message));
  }

  offer(choices) {
    this.choices.className = isScale(choices) ? 'choices scale' : 'choices';
    this.choices.replaceChildren(...choices.slice(0, 24).map(({ payload, label }) => make('button', {
      type: 'button', class: 'choice', part: 'choice', dir: 'auto',
      onclick: (event) => {
        this.byKeyboard = event.detail === 0;
        this.chat.say({ choice: payload, label });
        if (this.byKeyboard) this.log.focus({ preventScroll: true });
      },
    }, label)));
    if (this.byKeyboard && this.panel.getRootNode().activeElement === this.log) this.choices.firstChild.focus({ preventScroll: true });
  }

  note(key) {
    const { t } = this.host;
    this.list.append(make('li', { class: 'note' }, t(key)));
    this.speak(t(key));
  }

  // ---- what goes on ----

  typing(is) {
    clearTimeout(this.dotsTimer);
    if (!is) this.dots.hidden = true;
    else {
      this.dotsTimer = setTimeout(() => {
        this.dots.hidden = false;
        this.toEnd();
        this.dotsTimer = setTimeout(() => this.typing(false), TYPING_MS);
      }, 300);
    }
  }

  /** offline and connecting are shown only when they last. */
  state(state, waiting) {
    clearTimeout(this.statusTimer);
    if (state === 'online') this.tellStatus('');
    else if (state === 'stopped') this.tellStatus('stopped', 'again');
    else if (this.host.isOpen()) this.statusTimer = setTimeout(() => this.tellStatus(this.chat.failed || waiting || state === 'offline' ? 'offline' : 'connecting'), 1500);
  }

  tellStatus(key, action) {
    const { t } = this.host;
    if (this.status.dataset.key === key) return;
    if (key || this.status.dataset.key) this.speak(t(key || 'online'));
    this.status.dataset.key = key;
    this.status.hidden = !key;
    this.status.replaceChildren(...(key ? [t(key), ...(action ? [make('button', { class: 'soft', type: 'button', onclick: () => this.chat.connection.restart() }, t(action))] : [])] : []));
  }

  problem(code) { this.tellStatus(code === 'version' ? 'version' : 'denied'); }

  welcome() { this.input.disabled = false; }

  speak(text) {
    clearTimeout(this.silence);
    this.spoken.append(make('p', {}, text));
    this.silence = setTimeout(() => this.spoken.replaceChildren(), SPOKEN_MS);
  }

  isRead() { return this.host.isOpen() && !document.hidden; }

  unread(seen) {
    this.host.count(this.rows.filter((row) => row.kind === 'bot' && row.seq > seen).length);
  }

  // ---- scrolling and typing ----

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    const hasGrown = scrollHeight !== this.height || clientHeight !== this.room; // then it was not the visitor who moved it
    [this.height, this.room] = [scrollHeight, clientHeight];
    this.near = (hasGrown && this.near) || scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.near) this.newer.hidden = true;
  }

  /** Once a frame, however many messages came; not while somebody reads further up. */
  toEnd(always) {
    if (always) this.near = true;
    if (this.near === false) this.newer.hidden = false;
    else if (!this.scrolling) {
      this.scrolling = requestAnimationFrame(() => {
        this.scrolling = 0;
        this.log.scrollTop = this.log.scrollHeight;
      });
    }
  }

  grow() {
    this.input.style.height = 'auto';
    this.input.style.height = `${Math.min(this.input.scrollHeight, 132)}px`;
  }

  submit() {
    const text = this.input.value.trim();
    const wrong = text && this.chat.say({ text });
    if (wrong) {
      this.tellStatus(wrong);
      return;
    }
    this.input.value = '';
    this.byKeyboard = false;
    this.grow();
  }

  // ---- menu ----

  openMenu(is) {
    const { t } = this.host;
    const item = (name) => make('button', { type: 'button', onclick: () => this.chosen(name) }, t(name));
    this.menu.replaceChildren(...['language', 'download', 'end', 'erase', 'exit'].map(item));
    this.show(is);
  }

  show(is) {
    this.menu.hidden = !is;
    this.menuButton.setAttribute('aria-expanded', String(is));
    if (is) this.menu.querySelector('button')?.focus();
    else if (this.menu.contains(this.panel.getRootNode().activeElement)) this.menuButton.focus();
  }

  async chosen(name) {
    const sure = { end: 'ending', erase: 'sure' }[name];
    if (sure && !(await this.ask(sure))) return;
    this.show(false);
    this.menuButton.focus();
    this.host.act(name);
  }

  /** A question in the menu's place. */
  ask(key, answers = ['no', 'yes']) {
    const { t } = this.host;
    return new Promise((done) => {
      const answer = (name) => make('button', { type: 'button', onclick: () => { this.show(false); done(name === 'yes'); } }, t(name));
      this.menu.replaceChildren(make('p', {}, t(key)), make('div', { class: 'row' }, ...answers.map(answer)));
      this.show(true);
    });
  }

  /** Escape closes what is open; over the whole screen Tab stays inside. */
  key(event) {
    if (event.key === 'Escape') {
      event.stopPropagation();
      if (this.menu.hidden) this.host.act('close');
      else { this.show(false); this.menuButton.focus(); }
    } else if (event.key === 'Tab' && this.host.isModal()) {
      const stops = [...this.panel.querySelectorAll('button,a[href],textarea,[tabindex="0"]')].filter((each) => each.checkVisibility?.() ?? each.offsetParent);
      const from = event.shiftKey ? stops[0] : stops.at(-1);
      if (this.panel.getRootNode().activeElement === from) {
        event.preventDefault();
        (event.shiftKey ? stops.at(-1) : stops[0]).focus();
      }
    }
  }
}
