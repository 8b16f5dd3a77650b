// <pandu-chat>: the chat of a Pandu server on any page. docs/widget.md has the attributes, the methods and the events.
import { make, icon, put, ICONS } from './widget/dom.js';
import { dress } from './widget/style.js';
import { words, languageOf } from './widget/text.js';
import { Store } from './widget/store.js';
import { View } from './widget/view.js';
import { Chat } from './widget/chat.js';

const HOME = new URL('.', import.meta.url).href.replace(/\/$/, '');
const dark = matchMedia('(prefers-color-scheme: dark)');
const narrow = matchMedia('(max-width:480px),(max-height:480px)');

class PanduChat extends HTMLElement {
  static observedAttributes = ['server', 'language', 'address', 'mode', 'position', 'theme', 'shared', 'name'];

  connectedCallback() {
    if (this.chat) return;
    const shadow = this.shadowRoot || this.attachShadow({ mode: 'open' });
    dress(shadow);
    this.server = (this.getAttribute('server') || HOME).replace(/\/$/, '');
    this.store = new Store(this.server, this.hasAttribute('shared'));
    this.isOpen = this.isOpen || this.isInline || this.hasAttribute('open');
    this.root = make('div');
    shadow.append(this.root);
    this.build();
    this.paint = () => this.look();
    [dark, narrow].forEach((query) => query.addEventListener('change', this.paint));
    (window.visualViewport || window).addEventListener('resize', this.paint);
    this.onvisible = () => this.chat.read();
    document.addEventListener('visibilitychange', this.onvisible);
    if (this.isOpen || this.chat.isKnown()) this.chat.open();
  }

  disconnectedCallback() {
    if (!this.chat) return;
    this.chat.close();
    this.chat = null;
    [dark, narrow].forEach((query) => query.removeEventListener('change', this.paint));
    (window.visualViewport || window).removeEventListener('resize', this.paint);
    document.removeEventListener('visibilitychange', this.onvisible);
    this.root.remove();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.chat || before === after) return;
    if (['server', 'shared'].includes(name)) {
      this.disconnectedCallback();
      this.connectedCallback();
    } else if (['language', 'address', 'name'].includes(name)) this.rebuild();
    else this.look();
  }

  get isInline() { return this.getAttribute('mode') === 'inline'; }
  get language() { return languageOf(this.getAttribute('language') || document.documentElement.lang || navigator.language); }
  set language(tag) { this.setAttribute('language', tag); }

  /** The panel with its conversation, in the present language. */
  build() {
    const t = words(this.language, this.getAttribute('address') === 'anda');
    const host = this;
    this.t = t;
    this.view = new View({
      t, language: this.language, title: this.getAttribute('name') || 'Pandu',
      isOpen: () => host.isOpen, isModal: () => narrow.matches && !host.isInline, count: (unread) => host.count(unread), act: (name) => host.act(name),
    });
    this.badge = make('span', { class: 'badge', hidden: true });
    this.launcher = make('button', { class: 'launcher', part: 'launcher', type: 'button', onclick: () => this.toggle() }, icon(ICONS.chat), this.badge);
    this.root.replaceChildren(this.launcher, this.view.panel);
    this.view.chat = { low: 0 };
    this.view.chat = this.chat = new Chat({
      server: this.server, store: this.store, view: this.view, language: () => this.language, tell: (name, detail) => this.tell(name, detail),
    });
    this.look();
  }

  /** In another language: the conversation goes on, its messages come again. */
  rebuild() {
    const { identity } = this.chat;
    this.chat.close();
    this.build();
    this.chat.identity = identity;
    if (this.isOpen || this.chat.isKnown()) this.chat.open();
  }

  look() {
    const theme = this.getAttribute('theme') || 'auto';
    const isDark = theme === 'dark' || (theme === 'auto' && dark.matches);
    this.root.className = `root ${isDark ? 'dark' : ''} ${this.isInline ? 'inline' : 'float'} ${this.isOpen ? 'open' : ''} ${this.getAttribute('position') === 'left' ? 'left' : ''}`;
    this.root.lang = this.language;
    const { panel } = this.view;
    panel.hidden = !this.isOpen;
    this.launcher.hidden = this.isInline;
    panel.querySelector('.close').hidden = this.isInline;
    put(panel, { role: this.isInline ? 'region' : 'dialog', 'aria-modal': String(this.isOpen && narrow.matches && !this.isInline) });
    put(this.launcher, { 'aria-expanded': String(this.isOpen) });
    const view = window.visualViewport; // the keyboard of a phone makes it smaller
    if (view) {
      panel.style.setProperty('--height', `${view.height}px`);
      panel.style.setProperty('--top', `${view.offsetTop}px`);
      this.view.toEnd();
    }
    this.count(this.unread || 0);
  }

  count(unread) {
    if (unread !== this.unread) this.tell('unread', { count: unread });
    this.unread = unread;
    this.badge.hidden = !unread;
    this.badge.textContent = unread > 99 ? '99+' : unread;
    this.launcher.setAttribute('aria-label', [this.t(this.isOpen ? 'close' : 'open'), unread ? this.t('unread', { n: unread }) : ''].filter(Boolean).join(', '));
  }

  tell(name, detail) { this.dispatchEvent(new CustomEvent(`pandu:${name}`, { detail, bubbles: true, composed: true })); }

  // ---- for the page ----

  open() {
    if (this.isOpen) return;
    this.isOpen = true;
    this.look();
    this.chat.open();
    this.chat.read();
    this.view.toEnd(true);
    const { input, panel } = this.view;
    (matchMedia('(pointer: coarse)').matches ? panel : input).focus(); // a phone's keyboard stays away until it is asked for
    this.tell('open');
  }

  close() {
    if (!this.isOpen || this.isInline) return;
    this.isOpen = false;
    this.look();
    this.launcher.focus();
    this.tell('close');
  }

  toggle() { if (this.isOpen) this.close(); else this.open(); }

  /** As if the visitor had written it. */
  send(text) { return !this.chat.say({ text: String(text) }); }

  /** A token signed by the site's server says who the visitor is; null at logout. */
  identify(token) { this.chat.identify(token); }

  // ---- the menu ----

  async act(name) {
    const { view, chat } = this;
    try {
      if (name === 'close') this.close();
      else if (name === 'language') this.switchLanguage();
      else if (name === 'exit') this.leave();
      else if (name === 'end') {
        chat.forget('ended');
        this.tell('rating', { helped: await view.ask('rate') });
        view.note('thanks');
      } else if (name === 'erase') await chat.erase();
      else if (name === 'download') await this.save(await chat.download());
    } catch {
      view.note('trouble');
    }
  }

  switchLanguage() {
    const english = this.language === 'id';
    const isKnown = this.chat.isKnown();
    this.language = english ? 'en' : 'id';
    if (isKnown) this.send(english ? 'English please' : 'bahasa Indonesia saja');
  }

  async save(response) {
    if (!response) {
      this.view.note('nothing');
      return;
    }
    const address = URL.createObjectURL(await response.blob());
    make('a', { href: address, download: 'pandu.json' }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  /** Somebody looks over the shoulder: nothing stays, another page comes, "back" does not lead here. */
  leave() {
    this.chat.forget();
    this.chat.close();
    location.replace(this.getAttribute('exit') || 'https://www.google.com/');
  }
}

if (!customElements.get('pandu-chat')) customElements.define('pandu-chat', PanduChat);
