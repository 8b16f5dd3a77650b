// Making elements. Words only ever become text nodes: nothing here, or anywhere in the widget, parses HTML.
const SVG = 'http://www.w3.org/2000/svg';

/** put(element, {class, onclick, "aria-label": ...}, children): null and false are left out, texts become text nodes. */
export function put(element, attributes, ...children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const make = (name, attributes, ...children) => put(document.createElement(name), attributes, ...children);
export const draw = (name, attributes, ...children) => put(document.createElementNS(SVG, name), attributes, ...children);

/** One of the widget's own signs, drawn in the colour of the text. */
export const icon = (path) => draw('svg', { viewBox: '0 0 24 24', width: 24, height: 24, 'aria-hidden': 'true', class: 'icon' }, draw('path', { d: path }));
export const ICONS = {
  chat: 'M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.6 4.2c-.5.5-1.4.1-1.4-.6V16A2.5 2.5 0 0 1 4 13.500z',
  close: 'M5 9l7 7 7-7',
  send: 'M4 12L20 4l-5 16-3.500-6.500z',
  menu: 'M12 5.500v.01M12 12v.01M12 18.500v.01',
};

/** Only where nothing runs when it is followed; anything else, such as javascript:, has no address. */
export function safeAddress(url) {
  try {
    const parsed = new URL(url);
    return ['https:', 'http:', 'tel:', 'mailto:', 'sms:'].includes(parsed.protocol) ? parsed : null;
  } catch {
    return null;
  }
}
