// <pandu-chat>. How it works, attributes, methods, events: docs/widget.md.
import { dress } from './widget/style.js';
import { words } from './widget/text.js';
import { Store } from './widget/outbox.js';
import { View, make, icon, put, button } from './widget/view.js';
import { Chat } from './widget/chat.js';

const HOME = new URL('.', import.meta.url).href;
const dark = matchMedia('(prefers-color-scheme:dark)');
const narrow = matchMedia('(max-width:480px),(max-height:480px)');

class PanduChat extends HTMLElement {
  static observedAttributes = ['server', 'language', 'address', 'mode', 'position', 'theme', 'shared', 'name'];

  connectedCallback() {
    if (!this.shadowRoot) dress(this.attachShadow({ mode: 'open' }));
    this.server = (this.getAttribute('server') || HOME).replace(/\/$/, '');
    this.store = new Store(this.server, this.hasAttribute('shared'));
    this.isOpen ||= this.hasAttribute('open');
    this.paint = () => this.look();
    this.root = make('div');
    this.shadowRoot.append(this.root);
    this.watched = [[dark, 'change'], [narrow, 'change'], [window.visualViewport || window, 'resize'], [document, 'visibilitychange']];
    this.watched.forEach(([target, name]) => target.addEventListener(name, this.paint));
    this.build();
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
  get isModal() { return narrow.matches && window === window.top && !this.is('mode', 'inline'); }

  build() {
    this.t = words(this.language, this.is('address', 'anda'));
    this.view = new View({
      t: this.t, language: this.language, title: this.getAttribute('name') || 'Pandu',
      isOpen: () => this.isOpen || this.is('mode', 'inline'), isModal: () => this.isModal, count: (unread) => this.count(unread), act: (name) => this.act(name),
    });
    this.badge = make('span', { class: 'badge' });
    this.launcher = put(button('launcher', () => this.toggle(), icon('M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-6 5v-5A2.5 2.5 0 0 1 4 13.5z'), this.badge), { part: 'launcher' });
    this.root.append(this.launcher, this.view.panel);
    this.chat = new Chat({
      server: this.server, store: this.store, view: this.view, language: () => this.language, tell: (name, detail) => this.tell(name, detail),
    });
    this.view.chat = this.chat;
    this.look();
    if (this.view.host.isOpen() || this.chat.isKnown()) this.chat.open();
  }

  look() {
    const { panel } = this.view;
    const isInline = this.is('mode', 'inline');
    const isDark = this.is('theme', 'dark') || (dark.matches && !this.is('theme', 'light'));
    const isOpen = this.isOpen || isInline;
    this.root.className = `root ${isDark ? 'dark' : ''} ${isInline ? 'inline' : 'float'} ${isOpen ? 'open' : ''} ${this.getAttribute('position')}`;
    this.root.lang = this.language;
    panel.hidden = !isOpen;
    put(panel, { role: isInline ? 'region' : 'dialog', 'aria-modal': this.isModal });
    const { height, offsetTop } = window.visualViewport || { height: innerHeight, offsetTop: 0 }; // a phone's keyboard makes it smaller
    panel.style.setProperty('--height', `${height}px`);
    panel.style.setProperty('--top', `${offsetTop}px`);
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
      (matchMedia('(pointer:coarse)').matches ? this.view.panel : this.view.input).focus(); // a phone's keyboard stays away until asked for
    } else this.launcher.focus();
    this.tell(is ? 'open' : 'close');
  }

  open() { this.toggle(true); }
  close() { this.toggle(false); }
  send(text) { return this.chat.say({ text: String(text) }); }
  identify(token) { this.chat.identify(token); }

  async act(name) {
    const { view, chat } = this;
    try {
      if (name === 'language') this.switchLanguage();
      else if (name === 'end') {
        chat.forget('ended');
        this.tell('rating', { helped: await view.ask('rate') });
        view.note('thanks');
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
