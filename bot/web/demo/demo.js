// The demo page: language, theme, and the lines to copy. What the chat does is /widget.js alone.
const chat = document.querySelector('pandu-chat');
const find = (id) => document.getElementById(id);
const root = document.documentElement;
const MODULES = ['chat'];
let theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';

for (const element of document.querySelectorAll('[data-en]')) element.dataset.id = element.textContent;

function show() {
  const { lang } = root;
  root.dataset.theme = theme;
  for (const element of document.querySelectorAll('[data-en]')) element.textContent = element.dataset[lang];
  const button = find('language');
  button.textContent = lang === 'id' ? 'English' : 'Bahasa Indonesia';
  button.lang = lang === 'id' ? 'en' : 'id';
  find('theme').setAttribute('aria-pressed', String(theme === 'dark'));
  chat.setAttribute('language', lang);
  chat.setAttribute('theme', theme);
  document.querySelector('iframe').contentWindow?.postMessage({ language: lang, theme }, location.origin);
}

find('language').addEventListener('click', () => {
  root.lang = root.lang === 'id' ? 'en' : 'id';
  show();
});
find('theme').addEventListener('click', () => {
  theme = theme === 'dark' ? 'light' : 'dark';
  show();
});
document.querySelector('iframe').addEventListener('load', show);
find('ask').addEventListener('click', () => chat.open());
document.querySelector('[data-say]').addEventListener('click', (event) => {
  chat.open();
  chat.send(root.lang === 'en' ? event.target.dataset.sayEn : event.target.dataset.say);
});

async function sum(path) {
  const bytes = await (await fetch(path)).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-512', bytes));
  return `sha512-${btoa(String.fromCharCode(...hash))}`;
}

/** A module's own integrity is an attribute; that of what it imports stands in an import map. */
async function snippet(isSealed) {
  const here = location.origin;
  const plain = `<script type="module" src="${here}/widget.js"></script>\n<pandu-chat language="id"></pandu-chat>`;
  if (!isSealed) return plain;
  const sums = await Promise.all(MODULES.map(async (name) => [`${here}/widget/${name}.js`, await sum(`/widget/${name}.js`)]));
  return `<script type="importmap">\n${JSON.stringify({ integrity: Object.fromEntries(sums) }, null, 1)}\n</script>\n`
    + `<script type="module" src="${here}/widget.js"\n  integrity="${await sum('/widget.js')}"\n  crossorigin></script>\n<pandu-chat language="id"></pandu-chat>`;
}

async function showSnippet() { find('snippet').textContent = await snippet(find('sealed').checked); }
find('sealed').disabled = !crypto.subtle;
find('sealed').addEventListener('change', showSnippet);
find('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(find('snippet').textContent);
    find('copy').textContent = root.lang === 'id' ? 'Tersalin' : 'Copied';
  } catch {
    getSelection().selectAllChildren(find('snippet'));
  }
});
show();
showSnippet();
