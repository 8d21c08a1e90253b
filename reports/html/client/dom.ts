/** Elements from data. Text only ever becomes text: nothing here parses markup. */
import { safeLink, visible } from '../../escape.ts';

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void) | null | undefined>>;

/** `h('p.note', { title }, …)`: tag and classes, attributes (a function listens, null leaves out), children. */
export function h(
  selector: string,
  attributes: Attributes | null,
  ...children: readonly Child[]
): HTMLElement {
  const [tag = 'div', ...classes] = selector.split('.');
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(' ');
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
  for (const child of children) {
    if (typeof child === 'string') element.append(visible(child));
    else if (child) element.append(child);
  }
  return element;
}

/** A link where the address is an absolute http(s) one, else its text. */
export function link(address: string, text = address): HTMLElement {
  const safe = safeLink(address);
  return safe === null ? h('span', null, text) : h('a', { href: safe, rel: 'noreferrer' }, text);
}

/** A line of bytes that may break after slashes and the like; of a header line the name is set apart. */
export function breakable(selector: string, text: string, named: boolean): HTMLElement {
  const element = h(selector, null);
  const shown = visible(text);
  const colon = named ? shown.indexOf(':') + 1 : 0;
  if (colon > 0) element.append(h('span.name', null, shown.slice(0, colon)));
  for (const part of shown.slice(colon).split(/(?<=[/?&=,])/))
    element.append(part, document.createElement('wbr'));
  return element;
}

/** Runs of text that are one line each, with a button that copies the text as it is. */
export function copyable(label: string, text: string): HTMLElement {
  const said = h('span.vh', { role: 'status' });
  const button = h(
    'button.copy',
    {
      type: 'button',
      'aria-label': `Copy: ${label}`,
      click: () => {
        navigator.clipboard.writeText(text).then(
          () => {
            button.textContent = 'copied';
            said.textContent = 'copied';
            setTimeout(() => {
              button.textContent = 'copy';
              said.textContent = '';
            }, 1500);
          },
          () => {
            button.textContent = 'press Ctrl+C';
            getSelection()?.selectAllChildren(code);
          },
        );
      },
    },
    'copy',
  );
  const code = h('code', null, text);
  return h('div.copyable', null, h('span.label', null, label), h('pre', null, code), button, said);
}

/** The sign of a status. */
export function sign(name: string, symbol: string): HTMLElement {
  return h(`i.sign.${name}`, { 'aria-hidden': 'true' }, symbol);
}
