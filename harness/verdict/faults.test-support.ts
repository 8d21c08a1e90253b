/** Faults that an engine could have: what the model shows of a case, with one thing wrong. Each must be seen. */
import type { ScriptReport, StepObservation } from '../case/observation.ts';
import type { Case, RequestStep } from '../case/schema.ts';
import type { Exchange, HeaderLine } from '../wire/exchange.ts';

export interface Fault {
  readonly what: string;
  readonly case: Case;
  /** The check that must tell of it. */
  readonly check: string;
  readonly plant: (steps: StepObservation[]) => StepObservation[];
}

const allow: HeaderLine = ['Access-Control-Allow-Origin', '{request:origin}'];
const preflight = {
  headers: [
    [...allow],
    ['Access-Control-Allow-Methods', 'PUT, DELETE'],
    ['Access-Control-Allow-Headers', 'x-a, x-b, authorization, content-type'],
    ['Access-Control-Allow-Credentials', 'true'],
    ['Access-Control-Max-Age', '600'],
  ] as [string, string][],
};
const actual = {
  headers: [
    [...allow],
    ['Access-Control-Allow-Credentials', 'true'],
    ['Cache-Control', 'no-store'],
    ['X-Hidden', '1'],
  ] as [string, string][],
  body: 'secret',
};

function caseOf(request: RequestStep['request'], server: Partial<RequestStep['server']> = {}): Case {
  return {
    id: 'a-case',
    title: 'A case',
    spec: ['https://fetch.spec.whatwg.org/'],
    steps: [{ request, server: { preflight, actual, ...server }, expect: { outcome: 'readable' } }],
  };
}

/** A redirect to a third origin: what follows is of the origin "null". */
const redirected = (request: RequestStep['request']): Case =>
  caseOf(request, {
    actual: { status: 307, headers: [...actual.headers, ['Location', '{url:hop2}']] },
    resources: { hop2: { at: 'other-target', preflight, actual } },
  });

type Plant = Fault['plant'];

/** Changes the exchange with this number, counted over all of the only step. */
const inExchange =
  (at: number, change: (exchange: Exchange) => Exchange): Plant =>
  steps =>
    steps.map(step => ({
      ...step,
      exchanges: step.exchanges.map((one, n) => (n === at ? change(one) : one)),
    }));

const inHeaders = (at: number, change: (headers: readonly HeaderLine[]) => readonly HeaderLine[]): Plant =>
  inExchange(at, exchange => ({
    ...exchange,
    request: { ...exchange.request, headers: change(exchange.request.headers) },
  }));

const withLine = (at: number, ...line: HeaderLine): Plant => inHeaders(at, headers => [...headers, line]);
const withoutLine = (at: number, name: string): Plant =>
  inHeaders(at, headers => headers.filter(([other]) => other.toLowerCase() !== name));
const withValue = (at: number, name: string, value: string): Plant =>
  inHeaders(at, headers => headers.map(line => (line[0].toLowerCase() === name ? [line[0], value] : line)));

const inScript =
  (change: (script: ScriptReport) => Partial<ScriptReport>): Plant =>
  steps =>
    steps.map(step => ({ ...step, script: { ...step.script, ...change(step.script) } }));

const put = caseOf({ method: 'PUT', headers: [['X-A', '1']], body: 'text' });
const putAway = redirected({
  method: 'PUT',
  headers: [
    ['X-A', '1'],
    ['Authorization', 'Basic dTpw'],
  ],
});
const get = caseOf({});
const xhr = caseOf({ api: 'xhr', method: 'PUT', body: 'text', uploadListener: 'before-send' });
const misdirected = caseOf({}, { actual: [{ ...actual, status: 421 }, actual] });
const blocked = caseOf({}, { actual: { headers: [] } });
const reloading = caseOf({ cache: 'reload' });

export const faults: readonly Fault[] = [
  {
    what: 'a cookie on a preflight',
    case: put,
    check: 'OPTIONS:cookie',
    plant: withLine(0, 'Cookie', 'a=b'),
  },
  {
    what: 'Authorization on a preflight',
    case: put,
    check: 'OPTIONS:authorization',
    plant: withLine(0, 'Authorization', 'Basic dTpw'),
  },
  {
    what: 'an author header on a preflight',
    case: put,
    check: 'OPTIONS:x-a',
    plant: withLine(0, 'X-A', '1'),
  },
  { what: 'an author header that is missing', case: put, check: 'PUT:x-a', plant: withoutLine(1, 'x-a') },
  {
    what: 'an author header with another value',
    case: put,
    check: 'PUT:x-a',
    plant: withValue(1, 'x-a', '2'),
  },
  { what: 'a header that nobody set', case: get, check: 'GET:x-own', plant: withLine(0, 'X-Own', '1') },
  {
    what: 'another Origin',
    case: get,
    check: 'GET:origin',
    plant: withValue(0, 'origin', 'https://evil.example'),
  },
  { what: 'no Origin', case: get, check: 'GET:origin', plant: withoutLine(0, 'origin') },
  {
    what: 'another requested method',
    case: put,
    check: 'OPTIONS:access-control-request-method',
    plant: withValue(0, 'access-control-request-method', 'POST'),
  },
  {
    what: 'another type of the body',
    case: put,
    check: 'PUT:content-type',
    plant: withValue(1, 'content-type', 'text/html'),
  },
  {
    what: 'a body that is lost',
    case: put,
    check: 'PUT:body',
    plant: inExchange(1, one => ({ ...one, request: { ...one.request, body: '', bodyBytes: 0 } })),
  },
  {
    what: 'a cookie without credentials',
    case: get,
    check: 'GET:cookie',
    plant: withLine(0, 'Cookie', 'a=b'),
  },
  {
    what: 'Authorization kept on the way to another origin',
    case: putAway,
    check: 'PUT hop2:authorization',
    plant: withLine(3, 'Authorization', 'Basic dTpw'),
  },
  {
    what: 'the real Origin after a redirect has tainted it',
    case: putAway,
    check: 'PUT hop2:origin',
    plant: withValue(3, 'origin', 'http://localhost:41001'),
  },
  {
    what: 'the real Origin on the second preflight',
    case: putAway,
    check: 'OPTIONS hop2:origin',
    plant: withValue(2, 'origin', 'http://localhost:41001'),
  },
  {
    what: 'a second preflight that asks for another method',
    case: putAway,
    check: 'OPTIONS hop2:access-control-request-method',
    plant: withValue(2, 'access-control-request-method', 'GET'),
  },
  {
    what: 'a second preflight that asks for no header',
    case: putAway,
    check: 'OPTIONS hop2:access-control-request-headers',
    plant: withoutLine(2, 'access-control-request-headers'),
  },
  {
    what: 'another query',
    case: get,
    check: 'GET:url',
    plant: inExchange(0, one => ({ ...one, request: { ...one.request, url: `${one.request.url}?more` } })),
  },
  {
    what: 'a request too many',
    case: get,
    check: 'wire',
    plant: steps => steps.map(step => ({ ...step, exchanges: [...step.exchanges, ...step.exchanges] })),
  },
  {
    what: 'a preflight that is left out',
    case: put,
    check: 'wire',
    plant: steps => steps.map(step => ({ ...step, exchanges: step.exchanges.slice(1) })),
  },
  { what: 'a step that did not run', case: get, check: 'outcome', plant: () => [] },
  {
    what: 'the connection of the request that was misdirected',
    case: misdirected,
    check: 'connections',
    plant: inExchange(1, one => ({ ...one, connection: 1 })),
  },
  {
    what: 'no Cache-Control for cache mode reload',
    case: reloading,
    check: 'GET:cache-control',
    plant: withoutLine(0, 'cache-control'),
  },
  {
    what: 'a Referer with its path',
    case: get,
    check: 'GET:referer',
    plant: withValue(0, 'referer', 'http://localhost:41001/agent/page'),
  },
  {
    what: 'another Sec-Fetch-Site',
    case: get,
    check: 'GET:sec-fetch-site',
    plant: withValue(0, 'sec-fetch-site', 'same-origin'),
  },
  {
    what: 'a response that should be blocked',
    case: blocked,
    check: 'settled',
    plant: inScript(() => ({ settled: 'resolved' })),
  },
  {
    what: 'another error',
    case: blocked,
    check: 'error',
    plant: inScript(() => ({ error: { name: 'NetworkError', message: '' } })),
  },
  { what: 'another type', case: get, check: 'type', plant: inScript(() => ({ type: 'basic' })) },
  { what: 'another status', case: get, check: 'status', plant: inScript(() => ({ status: 204 })) },
  {
    what: 'another status text',
    case: get,
    check: 'status-text',
    plant: inScript(() => ({ statusText: 'Fine' })),
  },
  {
    what: 'another URL of the response',
    case: putAway,
    check: 'url',
    plant: inScript(({ url = '' }) => ({ url: url.replace('hop2', 'main') })),
  },
  {
    what: 'a redirect that is not told',
    case: putAway,
    check: 'redirected',
    plant: inScript(() => ({ redirected: false })),
  },
  {
    what: 'a hidden header that is shown',
    case: get,
    check: 'headers',
    plant: inScript(({ headers = [] }) => ({ headers: [...headers, ['x-hidden', '1']] })),
  },
  {
    what: 'a header value that is changed',
    case: get,
    check: 'headers',
    plant: inScript(({ headers = [] }) => ({ headers: headers.map(([name]) => [name, 'x']) })),
  },
  { what: 'another body', case: get, check: 'body', plant: inScript(() => ({ body: '' })) },
  {
    what: 'a body that fails',
    case: get,
    check: 'body-error',
    plant: inScript(() => ({ bodyError: 'TypeError' })),
  },
  {
    what: 'events in another order',
    case: xhr,
    check: 'events',
    plant: inScript(({ events = [] }) => ({ events: events.toReversed() })),
  },
  {
    what: 'an upload event that is missing',
    case: xhr,
    check: 'events',
    plant: inScript(({ events = [] }) => ({ events: events.filter(event => event !== 'upload.load') })),
  },
  {
    what: 'a readyState that is left out',
    case: xhr,
    check: 'events',
    plant: inScript(({ events = [] }) => ({
      events: events.filter(event => event !== 'readystatechange:2'),
    })),
  },
  {
    what: 'a result that nobody asked for',
    case: get,
    check: 'result',
    plant: inScript(() => ({ result: 'load' })),
  },
];
