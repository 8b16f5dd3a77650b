// One message as elements: words, links, results, times. Whatever the text holds, it is shown and never run.
import { make, draw, safeAddress } from './dom.js';

const ADDRESS = /https?:\/\/[^\s<>"'\u200e\u200f\u202a-\u202e\u2066-\u2069]*[^\s<>"'.,;:!?)\]\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const TURNERS = /[\u202a-\u202e\u2066-\u2069]/g; // bidi overrides: words that read otherwise than they are

const link = (url, ...children) => make('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...children);

/** Words with line breaks; web addresses can be followed. */
export function words(text) {
  const parts = [], plain = String(text).replace(TURNERS, '');
  let from = 0;
  for (const found of plain.matchAll(ADDRESS)) {
    const url = safeAddress(found[0]);
    parts.push(plain.slice(from, found.index), url ? link(url, found[0]) : found[0]);
    from = found.index + found[0].length;
  }
  return make('p', { dir: 'auto' }, ...parts, plain.slice(from));
}

/** A card: what it is called, and where it really leads. */
function card({ label, url }) {
  const address = safeAddress(url);
  const name = String(label || url).replace(TURNERS, '');
  if (!address) return make('span', { class: 'card', dir: 'auto' }, name);
  return put2(link(address, make('b', { dir: 'auto' }, name), make('small', { dir: 'ltr' }, address.host || address.pathname)));
}
const put2 = (element) => (element.classList.add('card'), element);

const share = (percent) => Math.min(100, Math.max(0, Number(percent) || 0));

/** A result: bars to look at, the same as text for everybody else, to copy and to print. */
function result(bars, text, t, language) {
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const rows = bars.slice(0, 24).map(({ label, percent }) => make('li', {},
    make('span', { dir: 'auto' }, String(label)), make('b', {}, `${format.format(share(percent))}%`),
    draw('svg', { viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      draw('rect', { width: 100, height: 8, rx: 2, class: 'rail' }), draw('rect', { width: share(percent), height: 8, rx: 2, class: 'bar' }))));
  const copyable = `${text}\n\n${bars.map(({ label, percent }) => `${label}: ${format.format(share(percent))}%`).join('\n')}`;
  const copy = make('button', {
    class: 'soft', type: 'button',
    onclick: () => navigator.clipboard.writeText(copyable).then(() => { copy.textContent = t('copied'); }, () => {}),
  }, t('copy'));
  return make('figure', { 'aria-label': t('result') }, make('ul', {}, ...rows),
    make('div', { class: 'row' }, navigator.clipboard && copy, make('button', { class: 'soft', type: 'button', onclick: () => print(copyable, t) }, t('print'))));
}

function print(text, t) {
  const page = window.open('', '_blank');
  if (!page) return;
  page.document.title = t('result');
  page.document.body.append(Object.assign(page.document.createElement('pre'), { textContent: text }));
  page.document.querySelector('pre').style.cssText = 'font:16px/1.5 sans-serif;white-space:pre-wrap';
  page.print();
}

/** The inside of a bubble of the bot or of a counsellor. */
export function bubble(message, t, language) {
  const text = message.progress ? message.text.replace(/^\(\d+ \S+ \d+\) /, '') : message.text; // the bar says it
  const { at, of } = message.progress || {};
  return [
    of > 0 && make('div', { class: 'progress' }, make('progress', { max: of, value: at, 'aria-label': t('progress', { at, of }) }), make('small', {}, `${at}/${of}`)),
    words(text),
    message.bars?.length > 0 && result(message.bars, text, t, language),
    ...(message.links || []).slice(0, 24).map(card),
  ];
}

/** An odd number of choices around "in_between" is a scale: side by side, the ends named. */
export const isScale = (choices) => choices.length > 2 && choices.length % 2 === 1 && choices[(choices.length - 1) / 2].id === 'in_between';
