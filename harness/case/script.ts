/**
 * A case bound to real addresses, and what its script answers. Pure: the scripted target and the model both
 * ask here, so they cannot disagree about what a case says.
 */
import { keptIn, remembered } from '../standard/remember.ts';
import type { HeaderLine, RequestRole } from '../wire/exchange.ts';
import type { AnswerToSend } from '../wire/respond.ts';
import type { PlaceName, Ports } from './places.ts';
import { originOf, PLACES } from './places.ts';
import { REASON_PHRASES } from './reason-phrases.ts';
import type { Answer, Case, CaseRequest, Realm, RequestStep, Resource } from './schema.ts';

/** A case with the addresses of one run of it. */
export interface BoundCase {
  readonly case: Case;
  /** Unique per run: 16 lower-case letters and digits; part of every URL, so that nothing is shared between runs. */
  readonly nonce: string;
  readonly ports: Ports;
  /** Where a policy is verified, a page may be on any origin, not only on the lab's places. */
  readonly anyOrigin?: boolean;
}

/** What the server received, as far as an answer may refer to it. */
export interface ReceivedRequest {
  readonly headers: readonly HeaderLine[];
}

export class CaseScriptError extends Error {
  override readonly name = 'CaseScriptError';
}

/** The path of a resource: the same on every place. */
function pathOf(scene: Pick<BoundCase, 'nonce'>, resource: string): string {
  return `/c/${scene.nonce}/${resource}`;
}

/** Splits a path made by pathOf; null for any other path. */
export function parsePath(path: string): { nonce: string; resource: string } | null {
  const match = /^\/c\/([a-z0-9]+)\/([A-Za-z0-9_.~-]+)/.exec(path);
  return match ? { nonce: match[1] as string, resource: match[2] as string } : null;
}

/** Where a resource lives: as the first step that says so, else the case's place for `main`, else its target. */
export function placeOf(theCase: Case, resource: string): PlaceName {
  let found: PlaceName | undefined;
  for (const step of theCase.steps) {
    if ('request' in step) found ??= step.server?.resources?.[resource]?.at;
  }
  return found ?? theCase.at ?? 'target';
}

/** The absolute URL of a resource. */
export function urlOf(scene: BoundCase, resource: string): string {
  return originOf(placeOf(scene.case, resource), scene.ports) + pathOf(scene, resource);
}

/** The serialized origin of the page that runs a step. @throws ScriptError where the lab has no such page */
export function pageOriginOf(scene: BoundCase, step: RequestStep): string {
  const page = step.page ?? scene.case.page ?? 'site';
  if (page in PLACES) return originOf(page as PlaceName, scene.ports);
  if (scene.anyOrigin) return page;
  throw new CaseScriptError(
    `${scene.case.id}: the page "${page}" is not a place of the lab (${Object.keys(PLACES).join(', ')})`,
  );
}

/** Where in the page a step runs. A frame on another place has a realm of its own, that of a page. */
export function realmOf(theCase: Pick<Case, 'realm'>, step: RequestStep): Realm {
  return step.frame ? 'page' : (step.realm ?? theCase.realm ?? 'page');
}

/** The serialized origin that script runs under: the frame's where a step has one, else the page's. */
export function scriptOriginOf(scene: BoundCase, step: RequestStep): string {
  return step.frame ? originOf(step.frame, scene.ports) : pageOriginOf(scene, step);
}

const PLACEHOLDER = /\{([a-z]+(?:-[a-z]+)*)(?::([^{}]*))?\}/g;

/** The names that may stand in braces, for messages and docs. */
export const PLACEHOLDERS = {
  origin: 'the origin of the page or frame that runs the step, or of a place: {origin:other-site}',
  url: 'the URL of main, or of another resource: {url:hop2}',
  path: 'the same without the origin',
  port: 'the port of a place',
  nonce: 'the letters and digits that are unique to this run',
  request: 'the value of a header line of the request being answered: {request:origin}; empty if absent',
} as const;

/**
 * Replaces the placeholders of a text.
 * @throws ScriptError for a placeholder that does not exist or that this place of the script cannot know
 */
export function fill(text: string, scene: BoundCase, step: RequestStep, asked?: ReceivedRequest): string {
  if (!text.includes('{')) return text;
  return text.replace(PLACEHOLDER, (whole, name: string, arg: string | undefined) => {
    const bad = (why: string) => new CaseScriptError(`${scene.case.id}: ${whole} ${why}`);
    const place = (): PlaceName => {
      if (arg === undefined || !(arg in PLACES))
        throw bad(`does not name a place (${Object.keys(PLACES).join(', ')})`);
      return arg as PlaceName;
    };
    switch (name) {
      case 'origin':
        return arg === undefined ? scriptOriginOf(scene, step) : originOf(place(), scene.ports);
      case 'url':
        return urlOf(scene, arg ?? 'main');
      case 'path':
        return pathOf(scene, arg ?? 'main');
      case 'port': {
        const { server, secure } = PLACES[place()];
        return String(scene.ports[server][secure ? 'https' : 'http']);
      }
      case 'nonce':
        return scene.nonce;
      case 'request': {
        if (!asked || !arg) throw bad('stands where no request is being answered, or names no header');
        return asked.headers
          .filter(([n]) => n.toLowerCase() === arg.toLowerCase())
          .map(([, v]) => v)
          .join(', ');
      }
      default:
        throw bad(`is not a placeholder (known: ${Object.keys(PLACEHOLDERS).join(', ')})`);
    }
  });
}

const fillLines = (
  lines: readonly HeaderLine[] | undefined,
  scene: BoundCase,
  step: RequestStep,
  asked?: ReceivedRequest,
): HeaderLine[] =>
  (lines ?? []).map(([n, v]) => [fill(n, scene, step, asked), fill(v, scene, step, asked)] as const);

/** The request of a step with its placeholders filled in. */
export interface BoundRequest {
  readonly url: string;
  readonly request: CaseRequest;
}

/** @throws ScriptError as fill does */
export function bindRequest(scene: BoundCase, step: RequestStep): BoundRequest {
  const { request } = step;
  const url = request.url === undefined ? urlOf(scene, request.to ?? 'main') : fill(request.url, scene, step);
  const bound: CaseRequest = { ...request };
  if (request.headers) bound.headers = fillLines(request.headers, scene, step) as [string, string][];
  if (request.referrer) bound.referrer = fill(request.referrer, scene, step);
  if (typeof request.body === 'string') bound.body = fill(request.body, scene, step);
  return { url: url + fill(request.suffix ?? '', scene, step), request: bound };
}

/** An answer ready to be sent: placeholders filled in, defaults applied, framing decided, every line in place. */
export type BoundAnswer = AnswerToSend;

/** What is answered where the script has nothing to say: an error that no CORS check passes. */
const UNSCRIPTED: Answer = { status: 501, body: 'not scripted' };

/** Answers as they were bound, which are the same each time a scene is run: by a browser, and by models to compare. */
const boundAnswersOf = remembered((_scene: BoundCase) => new Map<string, BoundAnswer>());

/** Whether an answer repeats what it was asked: then it has to be bound for each request anew. */
const isBoundAnew = remembered((answer: Answer) => JSON.stringify(answer).includes('{request'));

/** The running count of one step's answers. Make a new one per step. */
export class StepScript {
  readonly #scene: BoundCase;
  readonly #index: number;
  readonly #step: RequestStep;
  readonly #resources: Readonly<Record<string, Resource>>;
  readonly #given = new Map<string, number>();

  constructor(scene: BoundCase, stepIndex: number) {
    const step = scene.case.steps[stepIndex];
    if (!step || !('request' in step))
      throw new CaseScriptError(`${scene.case.id}: step ${stepIndex + 1} makes no request`);
    this.#scene = scene;
    this.#index = stepIndex;
    this.#step = step;
    this.#resources = resourcesOf(scene.case, stepIndex);
  }

  /** The answer to the next request of this role for this resource, in the script's order. */
  answer(resource: string, role: RequestRole, method: string, asked: ReceivedRequest): BoundAnswer {
    const list = [this.#resources[resource]?.[role] ?? []].flat();
    const key = `${resource} ${role}`;
    const turn = this.#given.get(key) ?? 0;
    this.#given.set(key, turn + 1);
    const at = Math.min(turn, list.length - 1);
    const scripted = list[at];
    if (!scripted) return this.#bind(UNSCRIPTED, role, method, asked);
    const bind = () => this.#bind(scripted, role, method, asked);
    if (isBoundAnew(scripted)) return bind();
    return keptIn(boundAnswersOf(this.#scene), `${this.#index} ${key} ${at} ${method === 'HEAD'}`, bind);
  }

  #bind(answer: Answer, role: RequestRole, method: string, asked: ReceivedRequest): BoundAnswer {
    const status = answer.status ?? (role === 'preflight' ? 204 : 200);
    const filled = (text: string) => fill(text, this.#scene, this.#step, asked);
    const text = bodyText(answer, status, role, filled);
    const headers = fillLines(answer.headers, this.#scene, this.#step, asked);
    const framing = answer.framing ?? framingOf(answer, status);
    const close = answer.close === true || framing === 'close';
    addFraming(headers, { framing, close, length: text.length });
    return {
      status,
      reason: answer.reason ?? REASON_PHRASES[status] ?? '',
      headers,
      body: method === 'HEAD' ? '' : text,
      chunked: framing === 'chunked',
      interim: (answer.interim ?? []).map(interim => ({
        status: interim.status,
        headers: fillLines(interim.headers, this.#scene, this.#step, asked),
      })),
      trailers: fillLines(answer.trailers, this.#scene, this.#step, asked),
      delayMs: answer.delayMs ?? 0,
      ...(answer.fault && { fault: answer.fault }),
      ...(answer.raw !== undefined && { raw: filled(answer.raw) }),
      close,
    };
  }
}

/** Statuses that never have a body (RFC 9110, section 6.4.1). */
const isBodiless = (status: number): boolean =>
  status === 204 || status === 304 || (status >= 100 && status < 200);

function bodyText(
  { body }: Answer,
  status: number,
  role: RequestRole,
  filled: (text: string) => string,
): string {
  if (typeof body === 'string') return filled(body);
  if (body) return 'x'.repeat(body.bytes);
  return isBodiless(status) || role === 'preflight' ? '' : 'ok';
}

function framingOf({ trailers, body }: Answer, status: number): NonNullable<Answer['framing']> {
  if (trailers) return 'chunked';
  return isBodiless(status) && body === undefined ? 'none' : 'content-length';
}

interface Framing {
  readonly framing: NonNullable<Answer['framing']>;
  readonly close: boolean;
  readonly length: number;
}

/** Adds the lines that delimit the body and end the connection, unless the script has them already. */
function addFraming(headers: HeaderLine[], { framing, close, length }: Framing): void {
  const given = (name: string) => headers.some(([other]) => other.toLowerCase() === name);
  if (framing === 'chunked') headers.push(['Transfer-Encoding', 'chunked']);
  else if (framing === 'content-length' && !given('content-length') && !given('transfer-encoding')) {
    headers.push(['Content-Length', String(length)]);
  }
  if (close && !given('connection')) headers.push(['Connection', 'close']);
}

const resourcesOfCase = remembered((_case: Case) => new Map<number, Record<string, Resource>>());

/** The resources in force at a step: each as the latest step up to it scripted them. */
export const resourcesOf = (theCase: Case, stepIndex: number): Readonly<Record<string, Resource>> =>
  keptIn(resourcesOfCase(theCase), stepIndex, () => resourcesUpTo(theCase, stepIndex));

function resourcesUpTo(theCase: Case, stepIndex: number): Record<string, Resource> {
  let resources: Record<string, Resource> = {};
  for (const step of theCase.steps.slice(0, stepIndex + 1)) {
    if (!('request' in step) || !step.server) continue;
    const { preflight, actual, resources: more } = step.server;
    const main: Resource = { ...(preflight && { preflight }), ...(actual && { actual }) };
    resources = { ...(preflight || actual ? { main } : {}), ...more };
  }
  return resources;
}
