/**
 * A case's request as the Standard's model takes it: the realm becomes a client with an origin, the bound request
 * what script asks for. What the model cannot stand in for is said, with the reason.
 */
import { keptIn, remembered } from '../standard/remember.ts';
import type { Client, ScriptBody, ScriptRequest } from '../standard/types.ts';
import type { Case, CaseRequest, Realm, RequestStep } from './schema.ts';
import { type BoundCase, bindRequest, pageOriginOf, realmOf, scriptOriginOf, urlOf } from './script.ts';

/** Either a request for the model, or why it takes none. */
export type ForModel =
  | { readonly request: ScriptRequest; readonly notModelled?: undefined }
  | { readonly request?: undefined; readonly notModelled: string };

/** Every model that runs a scene asks for the same. */
const requestsOf = remembered((_scene: BoundCase) => new Map<RequestStep, ForModel>());

/** @throws ScriptError as binding a request does */
export const forModel = (scene: BoundCase, step: RequestStep): ForModel =>
  keptIn(requestsOf(scene), step, () => madeForModel(scene, step));

function madeForModel(scene: BoundCase, step: RequestStep): ForModel {
  const { case: theCase } = scene;
  const realm = realmOf(theCase, step);
  const reason = theCase.notModelled ?? whyNotModelled(theCase, realm, step.request);
  if (reason !== undefined) return { notModelled: reason };
  const { url, request } = bindRequest(scene, step);
  return { request: scriptRequest(scene, clientOf(scene, step, realm), url, request) };
}

function whyNotModelled(theCase: Case, realm: Realm, request: CaseRequest): string | undefined {
  if (theCase.csp !== undefined) return 'Content Security Policy is another standard';
  if (realm === 'controlled-frame') return 'a service worker stands between the page and the network';
  if (realm === 'unloading-frame' && !request.keepalive)
    return 'the page leaves while the request is under way';
  const other = theCase.pageHeaders?.find(([name]) => name.toLowerCase() !== 'referrer-policy');
  return other && `the page's header ${other[0]} is not modelled`;
}

const OPAQUE: ReadonlySet<Realm> = new Set<Realm>([
  'sandboxed-frame',
  'data-frame',
  'data-worker',
  'data-shared-worker',
]);
const WORKERS: ReadonlySet<Realm> = new Set<Realm>([
  'worker',
  'shared-worker',
  'service-worker',
  'blob-worker',
  'data-worker',
  'data-shared-worker',
]);

const SHARED: ReadonlySet<Realm> = new Set<Realm>(['shared-worker', 'data-shared-worker']);

/** Realms whose policies come with a response of their own; the others have those of the page. */
const FETCHED: ReadonlySet<Realm> = new Set<Realm>([
  'worker',
  'shared-worker',
  'service-worker',
  'sandboxed-frame',
  'sandboxed-same-origin-frame',
  'controlled-frame',
  'unloading-frame',
]);

/** Realms that no document made: a page, and workers that may outlive it. */
const UNCREATED: ReadonlySet<Realm> = new Set<Realm>([
  'page',
  'shared-worker',
  'data-shared-worker',
  'service-worker',
]);

/** The URL of a realm, as the lab serves it: what the referrer is made from. */
function realmUrl(realm: Realm, origin: string): string {
  switch (realm) {
    case 'page':
    case 'srcdoc-frame':
      return `${origin}/agent/page?page=model&token=model`;
    case 'worker':
    case 'shared-worker':
      return `${origin}/agent/realm.js`;
    case 'service-worker':
      return `${origin}/agent/service-worker.js`;
    case 'blob-worker':
    case 'blob-frame':
      return `blob:${origin}/00000000-0000-0000-0000-000000000000`;
    case 'data-worker':
    case 'data-shared-worker':
      return 'data:text/javascript,';
    case 'data-frame':
      return 'data:text/html,';
    case 'about-blank-frame':
      return 'about:blank';
    default:
      return `${origin}/agent/frame.html`;
  }
}

function clientOf(scene: BoundCase, step: RequestStep, realm: Realm): Client {
  const origin = scriptOriginOf(scene, step);
  const policy = scene.case.pageHeaders?.findLast(([name]) => name.toLowerCase() === 'referrer-policy');
  const inherits = !step.frame && !FETCHED.has(realm);
  return {
    origin: OPAQUE.has(realm) ? 'null' : origin,
    url: step.frame ? `${origin}/agent/frame.html` : realmUrl(realm, origin),
    ...(!step.frame && !UNCREATED.has(realm) && { creatorUrl: realmUrl('page', origin) }),
    ...(realm === 'srcdoc-frame' && { srcdoc: true }),
    ...(realm === 'unloading-frame' && { unloading: true }),
    global: WORKERS.has(realm) ? 'worker' : 'window',
    ...(SHARED.has(realm) && { shared: true }),
    topLevelOrigin: pageOriginOf(scene, step),
    ...(policy && (inherits ? { referrerPolicy: policy[1] } : { creatorPolicy: policy[1] })),
  };
}

function scriptRequest(scene: BoundCase, client: Client, url: string, request: CaseRequest): ScriptRequest {
  const { to: _to, url: _url, suffix: _suffix, reads: _reads, abort, headers, body, ...rest } = request;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...(given as Omit<ScriptRequest, 'client' | 'url'>),
    client,
    url,
    ...(headers && { headers }),
    ...(body !== undefined && { body: body as ScriptBody }),
    ...(abort && { abort: abort === 'before' ? abort : boundAbort(scene, abort) }),
  };
}

function boundAbort(
  scene: BoundCase,
  abort: Exclude<CaseRequest['abort'], 'before' | undefined>,
): Exclude<ScriptRequest['abort'], 'before' | undefined> {
  return {
    when: abort.when,
    ...(abort.to !== undefined && { url: urlOf(scene, abort.to) }),
    ...(abort.reason !== undefined && { reason: abort.reason }),
  };
}
