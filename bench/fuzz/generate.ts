/**
 * Cases at random. Each starts from a request and a server that allows it, and then has a few things changed, so
 * that most cases get past the first check and differ in one thing from what is allowed.
 */
import fc from 'fast-check';
import type { PlaceName } from '../../harness/case/places.ts';
import type { Answer, Case, CaseRequest, Realm, RequestStep, Resource } from '../../harness/case/schema.ts';
import { type Draw, drawn } from './draw.ts';
import {
  ALLOW_CREDENTIALS,
  ALLOW_ORIGIN,
  ANSWER_HEADERS,
  EXPOSE,
  LISTS,
  LOCATIONS,
  MAX_AGES,
  METHODS,
  PREFLIGHT_STATUSES,
  REQUEST_HEADERS,
  STATUSES,
} from './values.ts';

type Line = [name: string, value: string];
type Script = NonNullable<RequestStep['server']>;

const FETCH = 'https://fetch.spec.whatwg.org/#http-cors-protocol';
const PLACEHOLDER_EXPECTATION = { outcome: 'readable' } as const;

const PLACES: readonly PlaceName[] = [
  'target',
  'target',
  'target',
  'other-target',
  'cross-site-target',
  'site',
  'other-site',
];
const SECURE_PLACES: readonly PlaceName[] = ['secure-target', 'secure-other-target', 'secure-site'];
const REALMS: readonly Realm[] = [
  'sandboxed-frame',
  'sandboxed-frame',
  'worker',
  'srcdoc-frame',
  'data-frame',
];

/** Makes the cases of a run: the same seed and number always give the same ones. */
export function generateCases(seed: number, count: number): Case[] {
  const made = fc.sample(drawn(makeCase), { seed, numRuns: count });
  return made.map((one, n) => ({ ...one, id: `fuzz-${seed}-${n + 1}`.replace('--', '-m') }));
}

function makeCase(draw: Draw): Case {
  const secure = draw.chance(6);
  const places = secure ? SECURE_PLACES : PLACES;
  const realm = draw.chance(7) ? draw.pick(REALMS) : undefined;
  const first = makeStep(draw, places);
  const steps: RequestStep[] = [first];
  if (draw.chance(35)) {
    const more = draw.pick([1, 1, 2, 3]);
    for (let n = 0; n < more; n++) steps.push(nextStep(draw, draw.pick(steps)));
  }
  return {
    id: 'fuzz',
    title: 'what a generated case shows is what the Standard calls for',
    spec: [FETCH],
    ...((secure || draw.chance(15)) && { at: draw.pick(places) }),
    ...(secure && { page: 'secure-site' as const }),
    ...(realm && { realm }),
    steps,
  };
}

function makeStep(draw: Draw, places: readonly PlaceName[]): RequestStep {
  const request = makeRequest(draw);
  return { request, server: makeServer(draw, request, places), expect: PLACEHOLDER_EXPECTATION };
}

/** A later request to the same URL, under the same script or a new one: what the preflight cache is about. */
function nextStep(draw: Draw, before: RequestStep): RequestStep {
  const fresh = makeRequest(draw);
  const request: CaseRequest = draw.chance(40)
    ? before.request
    : {
        ...before.request,
        ...(draw.chance(30) && { headers: fresh.headers ?? [] }),
        ...(draw.chance(30) && { method: fresh.method ?? 'GET', body: fresh.body }),
        ...(draw.chance(30) && credentialsOf(draw, before.request.api)),
        ...(draw.chance(5) && { suffix: '?query' }),
      };
  const server = draw.chance(30) && { server: makeServer(draw, request, PLACES, false) };
  return { request: tidy(request), ...server, expect: PLACEHOLDER_EXPECTATION };
}

/** Without what a request of its kind cannot have. */
function tidy({ body, ...rest }: CaseRequest): CaseRequest {
  const bodiless = /^(get|head)$/i.test(rest.method ?? 'GET') && rest.api !== 'xhr';
  return body === undefined || bodiless ? rest : { ...rest, body };
}

const credentialsOf = (draw: Draw, api: CaseRequest['api']): Partial<CaseRequest> =>
  api === 'xhr'
    ? { withCredentials: draw.chance(50) }
    : { credentials: draw.pick(['omit', 'same-origin', 'include', 'include'] as const) };

const BODIES: readonly NonNullable<CaseRequest['body']>[] = [
  'text',
  '',
  { urlencoded: [['a', 'b']] },
  { multipart: [['a', 'b']] },
  { buffer: 'bytes' },
  { blob: 'blob', type: 'application/json' },
  { blob: 'blob', type: '' },
];

function makeRequest(draw: Draw): CaseRequest {
  const api = draw.chance(35) ? 'xhr' : 'fetch';
  const method = draw.pick(draw.chance(20) ? METHODS.odd : METHODS.usual);
  const headers = draw
    .some(REQUEST_HEADERS.usual, 0, 2)
    .concat(draw.chance(25) ? draw.some(REQUEST_HEADERS.odd, 1, 2) : []);
  const own = api === 'xhr' ? xhrOptions(draw) : fetchOptions(draw);
  return tidy({
    api,
    method,
    ...(headers.length > 0 && { headers: headers.map(([n, v]): Line => [n, v]) }),
    ...(draw.chance(40) && { body: draw.pick(BODIES) }),
    ...(draw.chance(35) && credentialsOf(draw, api)),
    ...own,
  });
}

function fetchOptions(draw: Draw): Partial<CaseRequest> {
  return {
    ...(draw.chance(6) && { mode: draw.pick(['no-cors', 'no-cors', 'same-origin', 'cors', 'navigate']) }),
    ...(draw.chance(8) && { redirect: draw.pick(['error', 'manual'] as const) }),
    ...(draw.chance(5) && { cache: draw.pick(['no-store', 'reload', 'no-cache'] as const) }),
    ...(draw.chance(3) && { keepalive: true }),
  };
}

function xhrOptions(draw: Draw): Partial<CaseRequest> {
  return {
    ...(draw.chance(12) && {
      uploadListener: draw.pick(['before-send', 'after-send', 'object-only'] as const),
    }),
    ...(draw.chance(4) && { sync: true }),
    ...(draw.chance(5) && { responseType: draw.pick(['text', 'json', 'blob', 'arraybuffer']) }),
  };
}

/** What is wrong, or odd, about an answer: each is as likely as any other. */
const FLAWS = ['origin', 'credentials', 'methods', 'headers', 'status', 'max-age', 'twice'] as const;
type Flaw = (typeof FLAWS)[number];

function makeServer(draw: Draw, request: CaseRequest, places: readonly PlaceName[], hops = true): Script {
  const script = makeAnswers(draw, request);
  if (!hops || !draw.chance(22)) return script;
  const resources: Record<string, Resource> = {};
  const names = draw.chance(30) ? ['hop2', 'hop3'] : ['hop2'];
  let from: Resource = script;
  for (const name of names) {
    from.actual = redirectTo(draw, from.actual as Answer, name);
    const hop: Resource = { at: draw.pick(places), ...makeAnswers(draw, request) };
    resources[name] = hop;
    from = hop;
  }
  return { ...script, resources };
}

function redirectTo(draw: Draw, answer: Answer, next: string): Answer {
  const location = (draw.chance(20) ? draw.pick(LOCATIONS) : '{url:NEXT}').replaceAll('NEXT', next);
  const lines: Line[] = [['Location', location]];
  if (draw.chance(3)) lines.push(['Location', draw.pick([location, '/'])]);
  const status = draw.pick([301, 302, 303, 307, 307, 308, 308]);
  return { ...answer, status, headers: [...(answer.headers ?? []), ...lines] };
}

function makeAnswers(draw: Draw, request: CaseRequest): { preflight: Answer; actual: Answer } {
  const flaws = (percent: number) => new Set<Flaw>(draw.chance(percent) ? draw.some(FLAWS, 1, 2) : []);
  return {
    preflight: preflightAnswer(draw, request, flaws(45)),
    actual: actualAnswer(draw, request, flaws(30)),
  };
}

function corsLines(draw: Draw, request: CaseRequest, flaws: ReadonlySet<Flaw>): Line[] {
  const include = request.credentials === 'include' || request.withCredentials === true;
  const lines: Line[] = [];
  const origin = draw.pick(
    flaws.has('origin') ? ALLOW_ORIGIN.odd : ALLOW_ORIGIN.usual.slice(0, include ? 3 : 4),
  );
  if (origin !== null) lines.push(['Access-Control-Allow-Origin', origin]);
  const allow = flaws.has('credentials') ? draw.pick(ALLOW_CREDENTIALS.odd) : 'true';
  if (allow !== null && (include || flaws.has('credentials') || draw.chance(20))) {
    lines.push(['Access-Control-Allow-Credentials', allow]);
  }
  if (flaws.has('twice')) lines.push(draw.pick(lines.length > 0 ? lines : [['Vary', 'Origin'] as Line]));
  return lines;
}

function preflightAnswer(draw: Draw, request: CaseRequest, flaws: ReadonlySet<Flaw>): Answer {
  const lines = corsLines(draw, request, flaws);
  const listed = (header: string, names: readonly string[], flaw: Flaw) => {
    if (!flaws.has(flaw)) lines.push([header, names.join(', ')]);
    else if (!draw.chance(10)) lines.push([header, draw.pick(LISTS)(names)]);
    if (flaws.has(flaw) && draw.chance(15)) lines.push([header, draw.pick(LISTS)(names)]);
  };
  const method = request.method ?? 'GET';
  listed('Access-Control-Allow-Methods', [draw.chance(80) ? normalized(method) : method], 'methods');
  const names = [...new Set([...(request.headers ?? []).map(([name]) => name), 'content-type'])];
  if (names.length > 1 || draw.chance(60)) listed('Access-Control-Allow-Headers', names, 'headers');
  if (flaws.has('max-age') || draw.chance(25)) lines.push(['Access-Control-Max-Age', draw.pick(MAX_AGES)]);
  const status = flaws.has('status') ? draw.pick(PREFLIGHT_STATUSES) : undefined;
  const moved = status !== undefined && status > 300 && status < 309 && status !== 304;
  if (moved) lines.push(['Location', '{url}']);
  return { ...(status !== undefined && { status }), headers: lines };
}

const normalized = (method: string): string =>
  /^(delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method;

function actualAnswer(draw: Draw, request: CaseRequest, flaws: ReadonlySet<Flaw>): Answer {
  const lines = corsLines(draw, request, flaws);
  const more = draw
    .some(ANSWER_HEADERS.usual, 0, 2)
    .concat(draw.chance(20) ? draw.some(ANSWER_HEADERS.odd, 1, 2) : []);
  // What a cache may keep is another standard's; nothing here is meant to be kept.
  lines.push(['Cache-Control', 'no-store'], ...more.map(([n, v]): Line => [n, v]));
  if (draw.chance(35))
    lines.push(['Access-Control-Expose-Headers', draw.pick(draw.chance(50) ? EXPOSE.odd : EXPOSE.usual)]);
  if (draw.chance(4)) lines.push(['Access-Control-Expose-Headers', draw.pick(EXPOSE.odd)]);
  const status = draw.pick(flaws.has('status') ? STATUSES.odd : STATUSES.usual);
  return { ...(status !== 200 && { status }), headers: lines };
}
