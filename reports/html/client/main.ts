/** The page's behaviour: filter, folds, the case panel, keys, paper, and the address as its state. */
import type { Result, RunRecord } from '../../../harness/verdict/record.ts';
import { type Packed, unpacker } from '../pack.ts';
import { addressOfState, pushAddress, replaceAddress, type State, stateOf } from './address.ts';
import { copyButton, h } from './dom.ts';
import { applyFilter, neighbourOf, rowCalled, rows, showAll, toggleSuite } from './list.ts';
import { caseDetail } from './panel.ts';

/** Typing faster than this filters once. */
const TYPING_MS = 60;
const MOST_PRINTED = 60;

const find = <T extends Element>(selector: string): T | null => document.querySelector<T>(selector);

let read: ((name: string) => unknown) | undefined;
/** The data is parsed when the first case is opened, not before. */
function stored(name: string): unknown {
  read ??= unpacker(JSON.parse(find('#data')?.textContent ?? '{}') as Packed);
  return read(name);
}
/** The record but for its results. */
const head = () => stored('head') as Omit<RunRecord, 'results'>;
const resultsOf = (id: string): Result[] => (stored(`case ${id}`) as Result[] | undefined) ?? [];

const input = find<HTMLInputElement>('#filter');
const unfold = find<HTMLButtonElement>('.unfold');
const panel = h('aside.panel', { 'aria-labelledby': 'panel-title', hidden: true });
document.body.append(panel);

/** Null until the page has been shown for the first time. */
let state: State | null = null;
const current = (): State => state ?? { query: '', open: null };

function openPanel(id: string): void {
  const button = (label: string, text: string, click: () => void): HTMLElement =>
    h('button', { type: 'button', 'aria-label': label, title: label, click }, text);
  const link = () => new URL(addressOfState({ query: '', open: id }), location.href).href;
  panel.replaceChildren(
    h(
      'div.bar',
      null,
      button('Previous case (up arrow)', '↑', () => step(-1)),
      button('Next case (down arrow)', '↓', () => step(1)),
      h('span.space', null),
      copyButton({ name: 'copy link', label: 'copy link to this case', text: link }),
      button('close (Esc)', 'close', () => close()),
    ),
    caseDetail(head(), resultsOf(id), 'panel-title'),
  );
  panel.hidden = false;
  panel.scrollTop = 0;
  document.body.classList.add('with-panel');
  const row = rowCalled(id);
  row?.element.classList.add('current');
  if (row?.element.classList.contains('quiet')) row.element.closest('tbody')?.classList.add('open');
}

function closePanel(): void {
  panel.hidden = true;
  panel.replaceChildren();
  document.body.classList.remove('with-panel');
}

/** Makes the page show a state; what is the same already stays untouched. */
function show(next: State): void {
  const before = state;
  state = next;
  if (before?.query !== next.query) {
    if (input && input.value !== next.query) input.value = next.query;
    applyFilter(next.query);
  }
  if (before?.open === next.open) return;
  rowCalled(before?.open ?? null)?.element.classList.remove('current');
  if (next.open === null) closePanel();
  else openPanel(next.open);
}

/** @param replace no step for "back" */
function go(next: State, replace: boolean): void {
  if (replace) replaceAddress(next);
  else pushAddress(next);
  show(next);
}

function close(): void {
  const { query, open } = current();
  go({ query, open: null }, false);
  rowCalled(open)?.anchor.focus();
}

function step(by: 1 | -1): void {
  const { query, open } = current();
  const focused = rows.find(row => row.anchor === document.activeElement);
  const next = neighbourOf(open === null ? focused : rowCalled(open), by);
  if (!next) return;
  next.anchor.focus();
  next.element.scrollIntoView({ block: 'nearest' });
  if (open !== null) go({ query, open: next.id }, true);
}

const fromAddress = (): void => show(stateOf(location.hash));
addEventListener('hashchange', fromAddress);
addEventListener('popstate', fromAddress);
find('form.filter')?.addEventListener('submit', event => event.preventDefault());

let typing: ReturnType<typeof setTimeout> | undefined;
/** What has been typed takes effect now: whoever presses a key that acts on the list means the list as filtered. */
function applyTyped(): void {
  if (typing === undefined) return;
  clearTimeout(typing);
  typing = undefined;
  go({ query: input?.value ?? '', open: current().open }, true);
}

input?.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(applyTyped, TYPING_MS);
});

unfold?.addEventListener('click', () => {
  const all = unfold.getAttribute('aria-pressed') !== 'true';
  unfold.setAttribute('aria-pressed', String(all));
  unfold.textContent = all ? 'Fold what is as expected' : 'Show all cases';
  showAll(all, current().query);
});

/** A click on a chip that is on already takes its filter away. */
function clickChip(chip: HTMLAnchorElement, event: Event): void {
  const { query, open } = current();
  if (chip.dataset.query !== query) return;
  event.preventDefault();
  go({ query: '', open }, false);
}

/** The query stays when a case is opened. */
function clickRow(row: HTMLTableRowElement, link: Element | null, event: MouseEvent): void {
  if (!link && getSelection()?.isCollapsed === false) return;
  event.preventDefault();
  go({ query: current().query, open: row.dataset.id ?? null }, false);
  // A click of detail 0 came from the keyboard: its reader wants to be at the text.
  if (event.detail === 0) document.getElementById('panel-title')?.focus();
}

document.addEventListener('click', event => {
  const target = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const chip = target?.closest<HTMLAnchorElement>('.chip[data-query]');
  if (chip) return clickChip(chip, event);
  const fold = target?.closest('.fold button');
  if (fold) return toggleSuite(fold);
  const row = target?.closest<HTMLTableRowElement>('tr.case');
  if (row) clickRow(row, target?.closest('a') ?? null, event);
});

function leave(): boolean {
  const { query, open } = current();
  if (open !== null) close();
  else if (query !== '') go({ query: '', open }, false);
  else return false;
  return true;
}

/** What a key does outside a text field; inside the panel the arrows scroll it. */
function keyAction(key: string, inPanel: boolean): (() => void) | undefined {
  if (key === '/') return () => input?.focus();
  if (key === 'j' || (key === 'ArrowDown' && !inPanel)) return () => step(1);
  if (key === 'k' || (key === 'ArrowUp' && !inPanel)) return () => step(-1);
  return undefined;
}

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    applyTyped();
    if (leave()) event.preventDefault();
    return;
  }
  const inField = event.target instanceof HTMLInputElement;
  if (inField && !event.key.startsWith('Arrow')) return;
  const action = keyAction(event.key, panel.contains(document.activeElement));
  if (!action) return;
  event.preventDefault();
  applyTyped();
  action();
});

// On paper there is no panel: the open case alone is printed, or else whatever is unexpected after the table.
addEventListener('beforeprint', () => {
  const { open } = current();
  const unexpected = rows.filter(row => row.flags.has('unexpected')).slice(0, MOST_PRINTED);
  const ids = open === null ? unexpected.map(({ id }) => id) : [open];
  document.body.classList.toggle('printing-case', open !== null);
  document.body.append(h('div.print-only', null, ...ids.map(id => caseDetail(head(), resultsOf(id)))));
});
addEventListener('afterprint', () => {
  document.body.classList.remove('printing-case');
  find('.print-only')?.remove();
});

find<HTMLButtonElement>('.download')?.addEventListener('click', () => {
  const results = rows.flatMap(row => resultsOf(row.id));
  const record = { ...head(), results };
  const url = URL.createObjectURL(new Blob([JSON.stringify(record, null, 2)], { type: 'application/json' }));
  h('a', { href: url, download: 'results.json' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
});

fromAddress();
