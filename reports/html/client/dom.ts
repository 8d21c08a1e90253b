/** Elements from data. Text only ever becomes text: nothing here parses markup. */
import { safeLink, visible } from '../../escape.ts';

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => unknown) | null | undefined>>;

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

/**
 * Copies a text. On a page of plain http there is no clipboard to write to; then an invisible field and the browser's
 * own copy command do it.
 */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = h('textarea.vh', { 'aria-hidden': 'true', tabindex: '-1' }) as HTMLTextAreaElement;
    const focused = document.activeElement;
    field.value = text;
    document.body.append(field);
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
    return copied;
  }
}

interface CopyButton {
  /** What the button shows. */
  readonly name: string;
  /** What a screen reader calls it: begins with the name. */
  readonly label: string;
  readonly text: () => string;
  /** What to select if the browser refuses. */
  readonly source?: () => Node;
}

/** A button that copies a text and says whether it did. */
export function copyButton({ name, label, text, source }: CopyButton): HTMLElement {
  const said = h('span.vh', { role: 'status' });
  const button = h(
    'button.copy',
    {
      type: 'button',
      'aria-label': label,
      click: async () => {
        const copied = await copyText(text());
        if (!copied && source) getSelection()?.selectAllChildren(source());
        const words = copied ? 'copied' : source ? 'press Ctrl+C' : 'not copied';
        button.textContent = words;
        said.textContent = words;
        setTimeout(() => {
          button.textContent = name;
          said.textContent = '';
        }, 1500);
      },
    },
    name,
  );
  return h('span.copying', null, button, said);
}

/** Runs of text that are one line each, with a button that copies the text as it is. */
export function copyable(label: string, text: string): HTMLElement {
  const code = h('code', null, text);
  return h(
    'div.copyable',
    null,
    h('span.label', null, label),
    h('pre', { tabindex: '0', role: 'region', 'aria-label': label }, code),
    copyButton({ name: 'copy', label: `copy: ${label}`, text: () => text, source: () => code }),
  );
}

/** What may be wider than the page scrolls by itself, also from the keyboard. */
export function scrollable(label: string, ...children: readonly Child[]): HTMLElement {
  return h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': label }, ...children);
}

/** The sign of a status. */
export function sign(name: string, symbol: string): HTMLElement {
  return h(`i.sign.${name}`, { 'aria-hidden': 'true' }, symbol);
}

/** A sentence in which what stands between backticks is HTTP or script. */
export function withCode(sentence: string): (Node | string)[] {
  return sentence.split('`').map((part, n) => (n % 2 === 1 ? h('code', null, part) : part));
}
