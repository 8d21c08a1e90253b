/**
 * Cases at random. Each starts from a request and a server that allows it, and then has a few things changed, so
 * that most cases get past the first check and differ in one thing from what is allowed.
 */
import fc from 'fast-check';
import type { PlaceName } from '../harness/case/places.ts';
import type { Case, CaseRequest, Realm, RequestStep } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { type Draw, drawn } from './draw.ts';
import { type Drawing, makeServer } from './generate-answers.ts';
import {
  credentialsOf,
  givesUp,
  makeCacheable,
  makeRequest,
  makeValidating,
  tidy,
  withAllCredentials,
} from './generate-requests.ts';
import { POLICIES, VALIDATORS } from './values.ts';

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
const SECURE_PLACES: readonly PlaceName[] = [
  'secure-target',
  'secure-other-target',
  'secure-cross-site-target',
  'secure-site',
];
const REALMS: readonly Realm[] = [
  'sandboxed-frame',
  'sandboxed-frame',
  'worker',
  'worker',
  'shared-worker',
  'blob-worker',
  'data-worker',
  'srcdoc-frame',
  'data-frame',
  'about-blank-frame',
  'blob-frame',
  'sandboxed-same-origin-frame',
];

/** What a step that waits lets lapse: what is remembered for a second. */
const WAIT_MS = 1500;

/** Makes the cases of a run: the same seed and number always give the same ones. */
export function generateCases(seed: number, count: number): Case[] {
  const made = fc.sample(drawn(makeCase), { seed, numRuns: count });
  return made.map((one, n) => ({ ...one, id: `fuzz-${seed}-${n + 1}`.replace('--', '-m') }));
}

function makeCase(draw: Draw): Case {
  const secure = draw.chance(8);
  const some = secure ? SECURE_PLACES : PLACES;
  // Chromium keeps nothing that came with the lab's certificates.
  const caching = !secure && draw.chance(8);
  const drawing: Drawing = {
    draw,
    places: !caching && draw.chance(7) ? [...PLACES, ...SECURE_PLACES] : some,
    caching,
    validator: caching && draw.chance(45) ? draw.pick(VALIDATORS) : undefined,
    // An answer that is remembered for a second is only asked for again after a wait: how long a step takes is chance.
    waits: draw.chance(7),
    cookies: !caching && draw.chance(8),
  };
  const realm = draw.chance(9) ? draw.pick(REALMS) : undefined;
  const steps = makeSteps(drawing, secure);
  return {
    id: 'fuzz',
    title: 'what a generated case shows is what the Standard calls for',
    spec: [SPEC.corsProtocol],
    ...((secure || draw.chance(15)) && { at: draw.pick(drawing.places) }),
    ...(secure && { page: 'secure-site' as const }),
    ...(realm && { realm }),
    ...(draw.chance(3) && {
      pageHeaders: [['Referrer-Policy', draw.pick(POLICIES.page)] as [string, string]],
    }),
    steps,
  };
}

function makeSteps(drawing: Drawing, secure: boolean): Case['steps'] {
  const { draw, waits, cookies, caching } = drawing;
  const steps: Case['steps'] = [makeStep(drawing)];
  if (!waits && !cookies && !caching && !draw.chance(35)) return steps;
  const more = draw.pick(waits ? [1, 1, 2] : [1, 1, 2, 3]);
  for (let n = 0; n < more; n++) {
    if (waits) steps.push({ wait: WAIT_MS });
    steps.push(nextStep(drawing, steps.filter(isRequest), secure));
  }
  return steps;
}

function requestOf({ draw, caching, validator }: Drawing): CaseRequest {
  if (validator) return makeValidating(draw);
  return caching ? makeCacheable(draw) : makeRequest(draw);
}

function makeStep(drawing: Drawing): RequestStep {
  const made = requestOf(drawing);
  const request = drawing.cookies ? withAllCredentials(made) : made;
  return { request, server: makeServer(drawing, request), expect: PLACEHOLDER_EXPECTATION };
}

const isRequest = (step: Case['steps'][number]): step is RequestStep => 'request' in step;

/** A later request to the same URL, under the same script or a new one: what the preflight cache is about. */
function nextStep(drawing: Drawing, steps: readonly RequestStep[], secure: boolean): RequestStep {
  const { draw, caching } = drawing;
  const before = draw.pick(steps).request;
  const fresh = requestOf(drawing);
  const again = draw.chance(40);
  const other = caching ? fresh : changed(draw, before, fresh);
  const request = again ? before : other;
  // A server that is silent until script gives up is no server for other requests, nor any other for that one.
  const anew = steps.some(one => givesUp(one.request)) || draw.chance(caching ? 80 : 30);
  const server = anew && { server: makeServer(drawing, request, false) };
  return {
    ...settingOf(drawing, secure),
    request: tidy(request),
    ...server,
    expect: PLACEHOLDER_EXPECTATION,
  };
}

function changed(draw: Draw, before: CaseRequest, fresh: CaseRequest): CaseRequest {
  return {
    ...before,
    ...(draw.chance(30) && { headers: fresh.headers ?? [] }),
    ...(draw.chance(30) && { method: fresh.method ?? 'GET', body: fresh.body }),
    ...(draw.chance(30) && credentialsOf(draw, before.api)),
    ...(draw.chance(5) && { suffix: '?query' }),
  };
}

const PAGES: readonly PlaceName[] = ['site', 'other-site', 'other-site', 'cross-site', 'ipv4-site'];
const SECURE_PAGES: readonly PlaceName[] = ['secure-site', 'secure-other-site', 'secure-cross-site'];

/** Now and then another page, or something else in the page, goes on: what is remembered may not be theirs. */
function settingOf(
  { draw, cookies, caching, validator }: Drawing,
  secure: boolean,
): Pick<RequestStep, 'page' | 'realm' | 'frame'> {
  if (validator || !draw.chance(cookies || caching ? 45 : 18)) return {};
  const other = secure ? SECURE_PAGES : PAGES;
  const pages = cookies ? other.filter(name => name.includes('cross-site')) : other;
  switch (draw.pick(['page', 'realm', 'frame'])) {
    case 'page':
      return { page: draw.pick(pages) };
    case 'realm':
      return { realm: draw.pick(REALMS) };
    default:
      return { frame: draw.pick(pages) };
  }
}
