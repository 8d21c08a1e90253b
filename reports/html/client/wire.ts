/** The recorded exchanges of a case, one column per engine, with the lines that differ marked. */
import type { Result } from '../../../harness/verdict/record.ts';
import { engineTitle } from '../../rows.ts';
import { breakable, h, scrollable } from './dom.ts';

type Exchange = Result['exchanges'][number];
type Lines = Exchange['request']['headers'];

interface Line {
  readonly text: string;
  /** It says something about CORS, or it is the first line. */
  readonly telling: boolean;
  readonly key: string;
  /** A header line: its name goes up to the first colon. */
  readonly named: boolean;
}

const TELLING =
  /^(origin|access-control-|cookie$|set-cookie$|authorization$|vary$|content-type$|location$|cache-control$|etag$|range$|timing-allow-origin$|cross-origin-|x-)/i;

/** Ports and run paths are new in every run; they are no difference between engines. */
export const comparable = (text: string): string =>
  text.replace(/(https?:\/\/[^\s/:,]+)(:\d+)?(\/[^\s,]*)?/gi, '$1').replace(/^(\S+) \/\S* /, '$1 ');

function line(text: string, telling: boolean, named = false): Line {
  return { text, telling, named, key: comparable(text.toLowerCase()) };
}

const headerLines = (headers: Lines): Line[] =>
  headers.map(([name, value]) => line(`${name}: ${value}`, TELLING.test(name), true));

function requestLines({ request }: Exchange): Line[] {
  let path = request.url;
  try {
    const url = new URL(request.url);
    path = url.pathname + url.search;
  } catch {
    // A target may have been asked for anything; then the text stands as it is.
  }
  return [line(`${request.method} ${path} HTTP/1.1`, true), ...headerLines(request.headers)];
}

function responseLines({ response }: Exchange): Line[] {
  if (!response) return [];
  const interim = (response.interim ?? []).flatMap(item => [
    line(`HTTP/1.1 ${item.status}`, true),
    ...headerLines(item.headers),
    line('', true),
  ]);
  const trailers = response.trailers?.length
    ? [line('(trailers)', true), ...headerLines(response.trailers)]
    : [];
  const status = `HTTP/1.1 ${response.status} ${response.reason ?? ''}`.trimEnd();
  return [...interim, line(status, true), ...headerLines(response.headers), ...trailers];
}

function bodyText({
  bodyBytes,
  body = '',
}: {
  bodyBytes: number;
  body?: string | undefined;
}): HTMLElement | null {
  if (bodyBytes === 0) return null;
  const shown = body.slice(0, 400);
  const more = shown.length < bodyBytes ? '…' : null;
  return h('div.body', null, `${bodyBytes} byte${bodyBytes === 1 ? '' : 's'} `, h('code', null, shown), more);
}

function block(lines: readonly Line[], shared: ReadonlySet<string> | null): HTMLElement {
  return h(
    'ol.lines',
    null,
    ...lines.map(({ text, telling, key, named }) => {
      const differs = telling && shared !== null && !shared.has(key);
      const item = breakable(`li${telling ? '' : '.own'}${differs ? '.differs' : ''}`, text, named);
      if (differs) item.prepend(h('span.vh', null, 'differs: '));
      return item;
    }),
  );
}

/** Keys of the lines that every one of the exchanges has, or null where there is nothing to compare with. */
function sharedKeys(all: readonly (readonly Line[])[]): ReadonlySet<string> | null {
  const [first, ...rest] = all;
  if (!first || rest.length === 0) return null;
  const keys = first.map(item => item.key);
  return new Set(keys.filter(key => rest.every(lines => lines.some(other => other.key === key))));
}

interface Column {
  readonly title: string;
  readonly exchanges: Result['exchanges'];
}

const telling = (lines: readonly Line[]): string[] =>
  lines
    .filter(item => item.telling)
    .map(item => item.key)
    .sort();

/** Engines whose exchanges say the same about CORS, in whatever order, share a column under all their names. */
function joined(results: readonly Result[]): Column[] {
  const columns = new Map<string, { titles: string[]; exchanges: Result['exchanges'] }>();
  for (const { engine, exchanges } of results) {
    const key = JSON.stringify(
      exchanges.map(exchange => [
        exchange.step,
        exchange.resource,
        exchange.end,
        telling(requestLines(exchange)),
        exchange.response && [telling(responseLines(exchange)), exchange.response.bodyBytes],
      ]),
    );
    const column = columns.get(key);
    if (column) column.titles.push(engineTitle(engine));
    else columns.set(key, { titles: [engineTitle(engine)], exchanges });
  }
  return [...columns.values()].map(({ titles, exchanges }) => ({ title: titles.join(', '), exchanges }));
}

interface Step {
  readonly label: string;
  readonly exchanges: readonly (Exchange | undefined)[];
}

/** Exchanges of all columns in rows: the same step, role, resource and method, the same time in turn. */
function aligned(columns: readonly Column[]): Step[] {
  const rows = new Map<string, (Exchange | undefined)[]>();
  const order: string[] = [];
  for (const [index, column] of columns.entries()) {
    const seen = new Map<string, number>();
    let after = -1;
    for (const exchange of column.exchanges) {
      const { step, role, request, resource } = exchange;
      const turn = (seen.get(JSON.stringify([step, role, request.method, resource])) ?? 0) + 1;
      seen.set(JSON.stringify([step, role, request.method, resource]), turn);
      const again = turn === 1 ? '' : ` #${turn}`;
      const to = resource === 'main' || resource === '' ? '' : ` to ${resource}`;
      const label = `step ${step + 1} · ${role} ${request.method}${to}${again}`;
      let row = rows.get(label);
      if (!row) {
        row = new Array<Exchange | undefined>(columns.length).fill(undefined);
        rows.set(label, row);
        order.splice(after + 1, 0, label);
      }
      after = order.indexOf(label);
      row[index] = exchange;
    }
  }
  return order.map(label => ({ label, exchanges: rows.get(label) ?? [] }));
}

type Shared = Readonly<Record<'request' | 'response', ReadonlySet<string> | null>>;

/** @param zero when the first exchange of the case began: what went before was waiting in a queue */
function exchangeCell(exchange: Exchange | undefined, shared: Shared, zero: number): HTMLElement {
  if (!exchange) return h('td.absent', null, 'not sent');
  const { end, note, response } = exchange;
  const since = (ms: number): string => (ms - zero).toFixed(1);
  const time = `${since(exchange.startedMs)} to ${since(exchange.endedMs)} ms, connection ${exchange.connection}`;
  return h(
    'td',
    null,
    h(
      'div.both',
      null,
      h('div', null, block(requestLines(exchange), shared.request), bodyText(exchange.request)),
      response
        ? h('div', null, block(responseLines(exchange), shared.response), bodyText(response))
        : h('p.absent', null, 'no response'),
    ),
    end === 'complete' ? null : h('p.end', null, note ? `${end}: ${note}` : end),
    h('p.time', null, time),
  );
}

function table(columns: readonly Column[], every: boolean): HTMLElement {
  const zeros = columns.map(column => Math.min(...column.exchanges.map(exchange => exchange.startedMs)));
  return h(
    `table.wire${every ? '.all' : ''}.columns-${Math.min(columns.length, 4)}`,
    null,
    h('thead', null, h('tr', null, ...columns.map(({ title }) => h('th', { scope: 'col' }, title)))),
    ...aligned(columns).map(({ label, exchanges }) => {
      const present = exchanges.filter(exchange => exchange !== undefined);
      const shared = {
        request: sharedKeys(present.map(requestLines)),
        response: sharedKeys(present.filter(exchange => exchange.response).map(responseLines)),
      };
      const heading = h('th', { scope: 'rowgroup', colspan: String(columns.length) }, label);
      return h(
        'tbody',
        null,
        h('tr.step', null, heading),
        h('tr', null, ...exchanges.map((exchange, n) => exchangeCell(exchange, shared, zeros[n] ?? 0))),
      );
    }),
  );
}

/** A table of exchanges, or a sentence where nothing reached a server. */
export function wire(results: readonly Result[]): HTMLElement {
  const shown = results.filter(result => result.observed !== null || result.exchanges.length > 0);
  if (shown.every(result => result.exchanges.length === 0)) {
    return h('p.none', null, shown.length === 0 ? 'Nothing was asked.' : 'Nothing reached a server.');
  }
  const brief = table(joined(shown), false);
  let full: HTMLElement | null = null;
  const toggle = h(
    'button.toggle',
    {
      type: 'button',
      'aria-pressed': 'false',
      click: () => {
        full ??= table(
          shown.map(({ engine, exchanges }) => ({ title: engineTitle(engine), exchanges })),
          true,
        );
        const every = brief.isConnected;
        (every ? brief : full).replaceWith(every ? full : brief);
        toggle.setAttribute('aria-pressed', String(every));
      },
    },
    'Every engine, every line',
  );
  return scrollable('On the wire', toggle, brief);
}
