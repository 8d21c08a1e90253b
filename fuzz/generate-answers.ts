/** Answers at random: a server that allows a request, but for a flaw or two. */
import type { PlaceName } from '../harness/case/places.ts';
import type { Answer, CaseRequest, RequestStep, Resource } from '../harness/case/schema.ts';
import type { Draw } from './draw.ts';
import { givesUp } from './generate-requests.ts';
import {
  ALLOW_CREDENTIALS,
  ALLOW_ORIGIN,
  ANSWER_HEADERS,
  BODIES,
  CACHING,
  COOKIE_ATTRIBUTES,
  DRAWN_STATUSES,
  EXPOSE,
  LISTS,
  LOCATIONS,
  MAX_AGES,
  POLICIES,
  PREFLIGHT_STATUSES,
  VALIDATED,
} from './values.ts';

type Line = [name: string, value: string];
type Script = NonNullable<RequestStep['server']>;

/** What a whole case is drawn with. */
export interface Drawing {
  readonly draw: Draw;
  /** Where resources live. */
  readonly places: readonly PlaceName[];
  /** A wait stands before each step but the first. */
  readonly waits: boolean;
  /** The case is about cookies: each answer sets one. */
  readonly cookies: boolean;
  /** The case is about the HTTP cache: answers may be kept, and some are validated. */
  readonly caching: boolean;
  /** Each answer has this validator, or is a 304. */
  readonly validator?: Line | undefined;
}

/** What is wrong, or odd, about an answer: each is as likely as any other. */
const FLAWS = ['origin', 'credentials', 'methods', 'headers', 'status', 'max-age', 'twice'] as const;
type Flaw = (typeof FLAWS)[number];

/** What the targets answer to a request of a step; `hops`: a redirect may lead elsewhere. */
export function makeServer(drawing: Drawing, request: CaseRequest, hops = true): Script {
  const { draw, places } = drawing;
  const answers = makeAnswers(drawing, request);
  if (drawing.validator)
    return { ...answers, actual: validatedAnswer(draw, drawing.validator, request, hops) };
  // What a cache makes of an answer that was cut is its own affair.
  const script = drawing.caching ? answers : lateAfterUpload(request, withFaults(draw, request, answers));
  if (!hops || !draw.chance(22)) return draw.chance(4) ? inTurn(drawing, request, script) : script;
  const resources: Record<string, Resource> = {};
  const names = ['hop2', 'hop3', 'hop4'].slice(0, draw.pick([1, 1, 1, 1, 2, 2, 3]));
  let from: Resource = script;
  for (const name of names) {
    from.actual = redirectTo(draw, from.actual as Answer, name);
    const hop: Resource = { at: draw.pick(places), ...silentAtAbort(request, makeAnswers(drawing, request)) };
    resources[name] = hop;
    from = hop;
  }
  return { ...script, resources };
}

/** The end of an upload is told some time after it: what comes at once may come before it. */
function lateAfterUpload({ uploadListener, body }: CaseRequest, script: Script): Script {
  return uploadListener === 'before-send' && body !== undefined
    ? { ...script, actual: { ...(script.actual as Answer), delayMs: 250 } }
    : script;
}

/** Where script gives up at a preflight, one that only a redirect calls for is not answered either: it would be a race. */
function silentAtAbort({ abort }: CaseRequest, script: ReturnType<typeof makeAnswers>): typeof script {
  return typeof abort === 'object' && abort.when === 'preflight'
    ? { ...script, preflight: { ...script.preflight, fault: 'hang' } }
    : script;
}

/** The target changes its mind from one request to the next. */
function inTurn(drawing: Drawing, request: CaseRequest, script: Script): Script {
  // An engine may repeat a request whose connection was reset, and meet the next answer (RFC 9110, section 9.2.2).
  if ([script.preflight, script.actual].some(answer => (answer as Answer).fault === 'reset')) return script;
  const { preflight, actual } = makeAnswers(drawing, request);
  return drawing.draw.chance(50)
    ? { ...script, preflight: [script.preflight as Answer, preflight] }
    : { ...script, actual: [script.actual as Answer, actual] };
}

/** Connections that end early, and the silence of a server in which script gives up. */
function withFaults(draw: Draw, request: CaseRequest, script: Script): Script {
  const { abort, sync } = request;
  const at = typeof abort === 'object' ? abort.when : draw.pick(['actual', 'actual', 'preflight'] as const);
  if (givesUp(request)) return { ...script, [at]: { ...(script[at] as Answer), fault: 'hang' } };
  // An answer to HEAD has no body to end early.
  if (sync || !draw.chance(4) || request.method === 'HEAD') return script;
  const fault = draw.pick(['reset', 'reset-in-body', 'reset-in-body'] as const);
  // Of a body this long some has arrived by the time of the reset, as the model takes it.
  return { ...script, [at]: { ...(script[at] as Answer), fault, body: { bytes: 3000 } } };
}

function redirectTo(draw: Draw, answer: Answer, next: string): Answer {
  const location = (draw.chance(20) ? draw.pick(LOCATIONS) : '{url:NEXT}').replaceAll('NEXT', next);
  const lines: Line[] = [['Location', location]];
  if (draw.chance(3)) lines.push(['Location', draw.pick([location, '/'])]);
  if (draw.chance(6)) lines.push(['Referrer-Policy', draw.pick(POLICIES.answer)]);
  const status = draw.pick([301, 302, 303, 307, 307, 308, 308]);
  return { ...answer, status, headers: [...(answer.headers ?? []), ...lines] };
}

function makeAnswers(drawing: Drawing, request: CaseRequest): { preflight: Answer; actual: Answer } {
  const { draw } = drawing;
  const flaws = (percent: number) => new Set<Flaw>(draw.chance(percent) ? draw.some(FLAWS, 1, 2) : []);
  return {
    preflight: preflightAnswer(drawing, request, flaws(45)),
    actual: actualAnswer(drawing, request, flaws(30)),
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

function preflightAnswer({ draw, waits }: Drawing, request: CaseRequest, flaws: ReadonlySet<Flaw>): Answer {
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
  const maxAge = waits ? MAX_AGES[draw.chance(60) ? 'lapsing' : 'definite'] : MAX_AGES.lasting;
  if (waits || flaws.has('max-age') || draw.chance(25)) {
    lines.push(['Access-Control-Max-Age', draw.pick(maxAge)]);
  }
  const status = flaws.has('status') ? draw.pick(PREFLIGHT_STATUSES) : undefined;
  const moved = status !== undefined && status > 300 && status < 309 && status !== 304;
  if (moved) lines.push(['Location', '{url}']);
  if (draw.chance(3)) lines.push(cookie(draw));
  return { ...(status !== undefined && { status }), headers: lines };
}

const normalized = (method: string): string =>
  /^(delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method;

/** A cookie of this case alone: no other has its path. */
const cookie = (draw: Draw): Line => [
  'Set-Cookie',
  `${draw.pick(['a', 'a', 'b'])}{nonce}=${draw.pick(['1', '2', ''])}; Path=/c/{nonce}${draw.pick(COOKIE_ATTRIBUTES)}`,
];

function actualAnswer(drawing: Drawing, request: CaseRequest, flaws: ReadonlySet<Flaw>): Answer {
  const { draw, cookies } = drawing;
  const lines = corsLines(draw, request, flaws);
  if (drawing.caching) return cacheableAnswer(draw, lines);
  const more = draw
    .some(ANSWER_HEADERS.usual, 0, 2)
    .concat(draw.chance(20) ? draw.some(ANSWER_HEADERS.odd, 1, 2) : []);
  lines.push(['Cache-Control', 'no-store'], ...more.map(([n, v]): Line => [n, v]));
  if (draw.chance(35))
    lines.push(['Access-Control-Expose-Headers', draw.pick(draw.chance(50) ? EXPOSE.odd : EXPOSE.usual)]);
  if (draw.chance(4)) lines.push(['Access-Control-Expose-Headers', draw.pick(EXPOSE.odd)]);
  if (cookies || draw.chance(8)) lines.push(cookie(draw));
  if (request.api === 'eventsource' && draw.chance(85)) lines.push(['Content-Type', 'text/event-stream']);
  const status = draw.pick(flaws.has('status') ? DRAWN_STATUSES.odd : DRAWN_STATUSES.usual);
  return { ...(status !== 200 && { status }), headers: lines, ...shapeOf(draw) };
}

/** An answer that says whether it may be kept. */
function cacheableAnswer(draw: Draw, lines: Line[]): Answer {
  const headers = [...lines, ...draw.pick(CACHING).map(([n, v]): Line => [n, v])];
  if (draw.chance(40)) headers.push(['Access-Control-Expose-Headers', draw.pick(EXPOSE.usual)]);
  const status = draw.pick([200, 200, 200, 200, 203, 404, 500]);
  return { ...(status !== 200 && { status }), headers, body: draw.pick(['one', 'two', 'three']) };
}

/** The first answer of a case is whole and allows the request; a later one may be a 304. */
function validatedAnswer(draw: Draw, validator: Line, request: CaseRequest, first: boolean): Answer {
  const flaws = new Set<Flaw>(!first && draw.chance(30) ? ['origin'] : []);
  const control: Line = ['Cache-Control', draw.pick(VALIDATED)];
  const lines = corsLines(draw, request, flaws);
  if (first || draw.chance(30)) {
    return { headers: [...lines, control, validator], body: draw.pick(['one', 'two', 'three']) };
  }
  const bare = draw.chance(25) ? [] : lines;
  const more = [control, ['X-A', 'validated'] as Line].filter(() => draw.chance(50));
  return { status: 304, headers: [...bare, ...more] };
}

/** How the answer is framed, and what comes before it and in it. */
function shapeOf(draw: Draw): Partial<Answer> {
  return {
    ...(draw.chance(6) && { body: draw.pick(BODIES) }),
    ...(draw.chance(5) && { framing: draw.pick(['chunked', 'close'] as const) }),
    ...(draw.chance(2) && { interim: [{ status: draw.pick([100, 102, 103]) }] }),
  };
}
