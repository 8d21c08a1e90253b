/** The recorded exchanges of a case, one column per engine, with the lines that differ marked. */
import type { Result } from '../../../harness/verdict/record.ts';
import { engineTitle } from '../../rows.ts';
import { breakable, h } from './dom.ts';

type Exchange = Result['exchanges'][number];
type Lines = Exchange['request']['headers'];

interface Line {
  readonly text: string;
  /** It says something about CORS, or it is the first line. */
  readonly telling: boolean;
  readonly key: string;
}

const TELLING =
  /^(origin|access-control-|cookie$|set-cookie$|authorization$|vary$|content-type$|location$|cache-control$|etag$|range$|timing-allow-origin$|cross-origin-|x-)/i;

// Ports and run paths are new in every run; they are no difference between engines.
const comparable = (text: string): string =>
  text.replace(/(https?:\/\/[^\s/:,]+)(:\d+)?(\/[^\s,]*)?/gi, '$1').replace(/^(\S+) \/\S* /, '$1 ');

function line(text: string, telling: boolean): Line {
  return { text, telling, key: comparable(text.toLowerCase()) };
}

const headerLines = (headers: Lines): Line[] =>
  headers.map(([name, value]) => line(`${name}: ${value}`, TELLING.test(name)));

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

function bodyText(bytes: number, body: string | undefined): HTMLElement | null {
  if (bytes === 0) return null;
  const shown = (body ?? '').slice(0, 400);
  return h(
    'div.body',
    null,
    h('span', null, `${bytes} byte${bytes === 1 ? '' : 's'} `),
    h('code', null, shown),
    (body ?? '').length > 400 || bytes > (body ?? '').length ? '…' : null,
  );
}

function block(lines: readonly Line[], shared: ReadonlySet<string> | null): HTMLElement {
  return h(
    'ol.lines',
    null,
    ...lines.map(({ text, telling, key }) => {
      const differs = telling && shared !== null && !shared.has(key);
      const item = breakable(`li${telling ? '' : '.own'}${differs ? '.differs' : ''}`, text);
      if (differs) item.prepend(h('span.vh', null, 'differs: '));
      return item;
    }),
  );
}

/** Keys of the lines that every one of the exchanges has, or null where there is nothing to compare with. */
function sharedKeys(all: readonly (readonly Line[])[]): ReadonlySet<string> | null {
  const [first, ...rest] = all;
  if (!first || rest.length === 0) return null;
  return new Set(
    first.map(item => item.key).filter(key => rest.every(lines => lines.some(other => other.key === key))),
  );
}

/** Exchanges of all results in rows: the same step, role, resource and method, the same time in turn. */
function aligned(results: readonly Result[]): { label: string; exchanges: (Exchange | undefined)[] }[] {
  const rows = new Map<string, (Exchange | undefined)[]>();
  const order: string[] = [];
  for (const [column, result] of results.entries()) {
    const seen = new Map<string, number>();
    let after = -1;
    for (const exchange of result.exchanges) {
      const name = `${exchange.step}\u0000${exchange.role}\u0000${exchange.request.method}\u0000${exchange.resource}`;
      const turn = (seen.get(name) ?? 0) + 1;
      seen.set(name, turn);
      const key = `${name}\u0000${turn}`;
      let row = rows.get(key);
      if (!row) {
        row = new Array<Exchange | undefined>(results.length).fill(undefined);
        rows.set(key, row);
        order.splice(after + 1, 0, key);
      }
      after = order.indexOf(key);
      row[column] = exchange;
    }
  }
  return order.map(key => {
    const [step = '0', role = '', method = '', resource = '', turn = '1'] = key.split('\u0000');
    const again = turn === '1' ? '' : ` #${turn}`;
    const to = resource === 'main' || resource === '' ? '' : ` to ${resource}`;
    return {
      label: `step ${Number(step) + 1} · ${role} ${method}${to}${again}`,
      exchanges: rows.get(key) ?? [],
    };
  });
}

function exchangeCell(
  exchange: Exchange | undefined,
  shared: { request: ReadonlySet<string> | null; response: ReadonlySet<string> | null },
  lone: boolean,
): HTMLElement {
  if (!exchange) return h('td.absent', null, 'not sent');
  const { end, note, response } = exchange;
  const time = `${exchange.startedMs.toFixed(1)} → ${exchange.endedMs.toFixed(1)} ms · connection ${exchange.connection}`;
  return h(
    lone ? 'td.lone' : 'td',
    null,
    block(requestLines(exchange), shared.request),
    bodyText(exchange.request.bodyBytes, exchange.request.body),
    response ? block(responseLines(exchange), shared.response) : h('p.absent', null, 'no response'),
    response && bodyText(response.bodyBytes, response.body),
    end === 'complete' ? null : h('p.end', null, note ? `${end}: ${note}` : end),
    h('p.time', null, time),
  );
}

/** A table of exchanges, or a sentence where nothing reached a server. */
export function wire(results: readonly Result[]): HTMLElement {
  const shown = results.filter(result => result.observed !== null || result.exchanges.length > 0);
  const rows = aligned(shown);
  if (rows.length === 0) return h('p.none', null, 'Nothing reached a server.');
  const own = rows.some(({ exchanges }) =>
    exchanges.some(
      exchange =>
        exchange && [...requestLines(exchange), ...responseLines(exchange)].some(item => !item.telling),
    ),
  );
  const table = h(
    'table.wire',
    null,
    h(
      'thead',
      null,
      h('tr', null, ...shown.map(result => h('th', { scope: 'col' }, engineTitle(result.engine)))),
    ),
    ...rows.map(({ label, exchanges }) => {
      const present = exchanges.filter(exchange => exchange !== undefined);
      const shared = {
        request: sharedKeys(present.map(requestLines)),
        response: sharedKeys(present.filter(exchange => exchange.response).map(responseLines)),
      };
      const missing = present.length < exchanges.length;
      return h(
        'tbody',
        null,
        h('tr.step', null, h('th', { scope: 'rowgroup', colspan: String(shown.length) }, label)),
        h('tr', null, ...exchanges.map(exchange => exchangeCell(exchange, shared, missing))),
      );
    }),
  );
  const toggle = h(
    'button.toggle',
    {
      type: 'button',
      'aria-pressed': 'false',
      click: () => {
        const all = table.classList.toggle('all');
        toggle.setAttribute('aria-pressed', String(all));
        toggle.textContent = all ? 'only the lines that matter' : 'every line';
      },
    },
    'every line',
  );
  return h('div.scroll', null, own ? toggle : null, table);
}
