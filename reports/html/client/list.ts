/** The rows of the table: what they say about themselves, and which of them are shown. */
import { type Filter, parseFilter, type RowFacts } from '../filter.ts';
import { h } from './dom.ts';

export interface Row extends RowFacts {
  readonly element: HTMLTableRowElement;
  readonly anchor: HTMLAnchorElement;
}

/** So many found rows are laid out at once: more take longer than a reader's keystroke. */
const BATCH = 150;

const words = (text: string | undefined): string[] => (text ?? '').split(' ').filter(word => word !== '');

/** "firefox:blocked:preflight" apart, at the first colon. */
function atColon(text: string): [string, string] {
  const colon = text.indexOf(':');
  return colon === -1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

function rowOf(element: HTMLTableRowElement, suite: string): Row[] {
  const anchor = element.querySelector('a');
  if (!anchor) return [];
  const { id = '', class: kind = '', flags, statuses, expected = '' } = element.dataset;
  const results = words(statuses).map(text => {
    const [engine, rest] = atColon(text);
    return [decodeURIComponent(engine), ...atColon(rest)] as const;
  });
  return [
    {
      element,
      anchor,
      id,
      suite,
      expected,
      class: kind,
      title: anchor.textContent,
      flags: new Set(words(flags)),
      statuses: new Map(results.map(([engine, status]) => [engine, status])),
      outcomes: new Map(results.map(([engine, , outcome]) => [engine, outcome])),
    },
  ];
}

const bodies = [...document.querySelectorAll<HTMLTableSectionElement>('tbody[data-suite]')];

export const rows: readonly Row[] = bodies.flatMap(body =>
  [...body.querySelectorAll<HTMLTableRowElement>('tr.case')].flatMap(element =>
    rowOf(element, body.dataset.suite ?? ''),
  ),
);

const byId = new Map(rows.map(row => [row.id, row]));
export const rowCalled = (id: string | null): Row | undefined => (id === null ? undefined : byId.get(id));

const said = document.querySelector<HTMLOutputElement>('#filter-said');
const more = h('button.more-rows', {
  type: 'button',
  hidden: true,
  click: () => reveal(Number.POSITIVE_INFINITY),
});
bodies.at(-1)?.closest('table')?.after(more);

/** Found, but not laid out yet. */
let waiting: Row[] = [];

/** Touches only what changes: each touch costs layout. */
function setHidden(element: HTMLElement, hidden: boolean): void {
  if (element.hidden !== hidden) element.hidden = hidden;
}

function sayWaiting(): void {
  more.hidden = waiting.length === 0;
  more.textContent = `Show the other ${waiting.length.toLocaleString('en-US')} cases`;
}

function reveal(most: number): void {
  for (const row of waiting.splice(0, most)) {
    setHidden(row.element, false);
    const body = row.element.parentElement;
    if (body) setHidden(body, false);
  }
  sayWaiting();
}

function say(filter: Filter, found: number): void {
  if (!said) return;
  const numbers = found === 0 ? 'no case matches' : `${found} of ${rows.length} cases`;
  said.textContent = [filter.empty ? '' : numbers, ...filter.problems]
    .filter(text => text !== '')
    .join(' · ');
  said.classList.toggle('problem', filter.problems.length > 0);
}

/** The engines of the run. */
const engines = [...new Set(rows.flatMap(row => [...row.statuses.keys()]))];

/** Shows the rows that a query finds, the first ones at once. */
export function applyFilter(query: string): void {
  const filter = parseFilter(query, engines);
  const found = rows.filter(filter.test);
  document.body.classList.toggle('filtered', !filter.empty);
  // Folded rows cost no layout, so all of them may be there.
  const folded = filter.empty && !document.body.classList.contains('all');
  const shown = new Set(folded ? found : found.slice(0, BATCH));
  const suites = new Set([...shown].map(row => row.element.parentElement));
  for (const row of rows) setHidden(row.element, !shown.has(row));
  for (const body of bodies) setHidden(body, !suites.has(body));
  waiting = found.slice(shown.size);
  sayWaiting();
  say(filter, found.length);
  for (const chip of document.querySelectorAll<HTMLAnchorElement>('.chip')) {
    if (chip.dataset.query === query) chip.setAttribute('aria-current', 'true');
    else chip.removeAttribute('aria-current');
  }
}

const isShown = (row: Row): boolean => row.element.getClientRects().length > 0;

/** The shown row that is `by` rows away from one; without one, the first or the last. */
export function neighbourOf(row: Row | undefined, by: 1 | -1): Row | undefined {
  const start = row ? rows.indexOf(row) + by : by > 0 ? 0 : rows.length - 1;
  for (let at = start; at >= 0 && at < rows.length; at += by) {
    const next = rows[at];
    if (next && waiting[0] === next) reveal(BATCH);
    if (next && isShown(next)) return next;
  }
  return undefined;
}

/** Opens or folds what is as expected, in every suite. */
export function showAll(all: boolean, query: string): void {
  document.body.classList.toggle('all', all);
  for (const body of bodies) {
    body.classList.toggle('open', all);
    body.querySelector('.fold button')?.setAttribute('aria-expanded', String(all));
  }
  applyFilter(query);
}

/** Opens or folds the suite of a row. */
export function toggleSuite(button: Element): void {
  const open = button.closest('tbody')?.classList.toggle('open') ?? false;
  button.setAttribute('aria-expanded', String(open));
}
