// The phone beside the page: follows its language and theme.
const chat = document.querySelector('pandu-chat');
addEventListener('message', ({ origin, data }) => {
  if (origin !== location.origin || typeof data?.language !== 'string') return;
  document.documentElement.lang = data.language;
  document.documentElement.dataset.theme = data.theme;
  chat.setAttribute('language', data.language);
  chat.setAttribute('theme', data.theme);
});
