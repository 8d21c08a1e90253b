/** The page's behaviour: filter, folds, the case panel, keys, and the address as its state. */
import type { Result, RunRecord } from '../../../harness/verdict/record.ts';
import { type Filter, parseFilter, type RowFacts } from '../filter.ts';
import { type Packed, unpacker } from '../pack.ts';
import { h } from './dom.ts';
import { caseDetail } from './panel.ts';

interface Row extends RowFacts {
  readonly element: HTMLTableRowElement;
  readonly anchor: HTMLAnchorElement;
}

const find = <T extends Element>(selector: string): T | null => document.querySelector<T>(selector);
const words = (text: string | undefined): string[] => (text ?? '').split(' ').filter(word => word !== '');

const bodies = [...document.querySelectorAll<HTMLTableSectionElement>('tbody[data-suite]')];
const rows: Row[] = bodies.flatMap(body =>
  [...body.querySelectorAll<HTMLTableRowElement>('tr.case')].flatMap(element => {
    const anchor = element.querySelector('a');
    if (!anchor) return [];
    const { id = '', class: kind = '', flags, statuses } = element.dataset;
    const pairs = words(statuses).map(pair => pair.split(':') as [string, string]);
    return [
      {
        element,
        anchor,
        id,
        class: kind,
        title: anchor.textContent,
        suite: body.dataset.suite ?? '',
        flags: new Set(words(flags)),
        statuses: new Map(pairs),
      },
    ];
  }),
);

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
const said = find<HTMLOutputElement>('#filter-said');
const unfold = find<HTMLButtonElement>('.unfold');
const panel = h('aside.panel', { 'aria-labelledby': 'panel-title', hidden: true });
document.body.append(panel);

const state = { query: '', open: null as string | null };

function address(query: string, open: string | null): string {
  const parts: string[] = [];
  if (open !== null) parts.push(`case=${encodeURIComponent(open)}`);
  if (query !== '') parts.push(`q=${encodeURIComponent(query)}`);
  return `#${parts.join('&')}`;
}

/** The query goes along with every link to a case, so that opening one does not lose it. */
function applyFilter(query: string): void {
  state.query = query;
  const filter: Filter = parseFilter(query);
  document.body.classList.toggle('filtered', !filter.empty);
  let shown = 0;
  for (const body of bodies) body.hidden = true;
  for (const row of rows) {
    const hit = filter.test(row);
    row.element.hidden = !hit;
    row.anchor.href = address(query, row.id);
    if (!hit) continue;
    shown += 1;
    const body = row.element.parentElement;
    if (body) body.hidden = false;
  }
  if (said) {
    const found = filter.empty ? '' : shown === 0 ? 'no case matches' : `${shown} of ${rows.length} cases`;
    said.textContent = [found, ...filter.problems].filter(text => text !== '').join(' · ');
    said.classList.toggle('problem', filter.problems.length > 0);
  }
  for (const chip of document.querySelectorAll<HTMLAnchorElement>('.chip')) {
    if (chip.dataset.query === query) chip.setAttribute('aria-current', 'true');
    else chip.removeAttribute('aria-current');
  }
}

const visibleRows = (): Row[] => rows.filter(row => row.element.getClientRects().length > 0);

function step(by: number): void {
  const list = visibleRows();
  const current = list.findIndex(row =>
    state.open === null ? row.anchor === document.activeElement : row.id === state.open,
  );
  const next = list[current === -1 ? (by > 0 ? 0 : list.length - 1) : current + by];
  if (!next) return;
  next.anchor.focus();
  next.element.scrollIntoView({ block: 'nearest' });
  if (state.open !== null) go(state.query, next.id, true);
}

function openPanel(id: string): void {
  const row = rows.find(item => item.id === id);
  for (const item of rows) item.element.classList.toggle('current', item === row);
  const results = resultsOf(id);
  const button = (label: string, text: string, click: () => void): HTMLElement =>
    h('button', { type: 'button', 'aria-label': label, title: label, click }, text);
  panel.replaceChildren(
    h(
      'div.bar',
      null,
      button('Previous case (up arrow)', '↑', () => step(-1)),
      button('Next case (down arrow)', '↓', () => step(1)),
      h('span.space', null),
      button(
        'Copy the link to this case',
        'copy link',
        () => void navigator.clipboard.writeText(location.href),
      ),
      button('Close (Esc)', 'close', () => close()),
    ),
    caseDetail(head(), results, 'panel-title'),
  );
  panel.hidden = false;
  panel.scrollTop = 0;
  document.body.classList.add('with-panel');
  if (row?.element.classList.contains('quiet')) row.element.closest('tbody')?.classList.add('open');
}

function close(): void {
  const id = state.open;
  go(state.query, null, false);
  rows.find(row => row.id === id)?.anchor.focus();
}

/** Makes the page show what the address says. */
function show(): void {
  const parameters = new URLSearchParams(location.hash.slice(1).replace(/\+/g, '%2B'));
  const query = parameters.get('q') ?? '';
  if (input && input.value !== query) input.value = query;
  applyFilter(query);
  const open = parameters.get('case');
  if (open === state.open) return;
  state.open = open;
  if (open !== null) {
    openPanel(open);
    return;
  }
  panel.hidden = true;
  panel.replaceChildren();
  document.body.classList.remove('with-panel');
  for (const row of rows) row.element.classList.remove('current');
}

function go(query: string, open: string | null, replace: boolean): void {
  const url = address(query, open);
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  show();
}

function showAll(all: boolean): void {
  for (const body of bodies) {
    body.classList.toggle('open', all);
    body.querySelector('.fold button')?.setAttribute('aria-expanded', String(all));
  }
  unfold?.setAttribute('aria-pressed', String(all));
  if (unfold) unfold.textContent = all ? 'Fold what is as expected' : 'Show all cases';
}

addEventListener('hashchange', show);
addEventListener('popstate', show);
find('form.filter')?.addEventListener('submit', event => event.preventDefault());
input?.addEventListener('input', () => go(input.value, state.open, true));
unfold?.addEventListener('click', () => showAll(unfold.getAttribute('aria-pressed') !== 'true'));

document.addEventListener('click', event => {
  const target = event.target instanceof Element ? event.target : null;
  const chip = target?.closest<HTMLAnchorElement>('.chip');
  if (chip && chip.dataset.query === state.query) {
    event.preventDefault();
    go('', state.open, false);
    return;
  }
  const fold = target?.closest('.fold button');
  if (fold) {
    const open = fold.closest('tbody')?.classList.toggle('open') ?? false;
    fold.setAttribute('aria-expanded', String(open));
    return;
  }
  const row = target?.closest<HTMLTableRowElement>('tr.case');
  // A click of detail 0 came from the keyboard: its reader wants to be where the text is.
  if (row && event.detail === 0) setTimeout(() => document.getElementById('panel-title')?.focus(), 0);
  if (row && !target?.closest('a') && getSelection()?.isCollapsed !== false) row.querySelector('a')?.click();
});

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') {
    if (state.open !== null) close();
    else if (state.query !== '') go('', null, false);
    else return;
    event.preventDefault();
    return;
  }
  const typing = event.target instanceof HTMLInputElement;
  // Inside the panel the arrows scroll it.
  const inPanel = panel.contains(document.activeElement);
  if (event.key === '/' && !typing) input?.focus();
  else if ((event.key === 'ArrowDown' && !inPanel) || (event.key === 'j' && !typing)) step(1);
  else if ((event.key === 'ArrowUp' && !inPanel) || (event.key === 'k' && !typing)) step(-1);
  else return;
  event.preventDefault();
});

// On paper there is no panel: whatever is unexpected is printed in full after the table.
addEventListener('beforeprint', () => {
  const unexpected = rows.filter(row => row.flags.has('unexpected')).slice(0, 60);
  const details = unexpected.map(row => caseDetail(head(), resultsOf(row.id)));
  document.body.append(h('div.print-only', null, ...details));
});
addEventListener('afterprint', () => find('.print-only')?.remove());

const download = find<HTMLButtonElement>('.download');
download?.addEventListener('click', () => {
  const results = rows.flatMap(row => resultsOf(row.id));
  const record = { ...head(), results };
  const url = URL.createObjectURL(new Blob([JSON.stringify(record, null, 2)], { type: 'application/json' }));
  h('a', { href: url, download: 'results.json' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
});

show();
