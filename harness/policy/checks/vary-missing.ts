import type { Step } from '../../case/schema.ts';
import { variesByOrigin } from '../../standard/vary.ts';
import { RANKS } from '../../verdict/finding.ts';
import { type Exchange, headerValue } from '../../wire/exchange.ts';
import { AGAIN } from '../asks/again.ts';
import {
  type Ask,
  CHECK_LINKS,
  infoOf,
  type PageAttempt,
  pageFor,
  requestOf,
  type SeenAnswers,
  step,
  type WireProbe,
} from '../attempts.ts';
import { baseDomain } from '../config/origins.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { unsafeHeaderNames } from '../names.ts';
import { pageProbe } from '../page-probe.ts';
import { isOpenable, originsOf, type PolicyPlan, safeMethodOf, urlFor } from '../plan.ts';
import { type Symptom, symptomOf, type Trial } from '../trial.ts';
import { keptAnswers, uncachedAsk } from './cache-helpers.ts';
import type { PolicyCheck } from './check.ts';

/** Two sites share a part of the HTTP cache only if they are the same site. */
function sameSite(a: string, b: string): boolean {
  if (a === 'null' || b === 'null') return false;
  const [first, second] = [new URL(a), new URL(b)];
  return first.protocol === second.protocol && baseDomain(first.hostname) === baseDomain(second.hostname);
}

function ladders(plan: PolicyPlan, resource: PolicyResource): PageAttempt[] {
  const [first, ...others] = originsOf(resource).filter(isOpenable);
  if (first === undefined || safeMethodOf(resource) !== 'GET') return [];
  if (unsafeHeaderNames(resource.headers).length > 0) return [];
  const { credentials, path, name } = resource;
  const cached = {
    ...requestOf(resource, urlFor(plan, path), { method: 'GET', credentials }),
    cache: 'default' as const,
  };
  const ladder = (id: string, title: string, steps: Step[]): PageAttempt => ({
    case: {
      id: `cache-ladder/${slug(`${name} ${id}`)}`,
      title,
      spec: [CHECK_LINKS.vary],
      ...pageFor(first),
      fresh: true,
      notModelled: 'The HTTP cache is not part of the model.',
      steps,
    },
    about: infoOf(resource, { ask: 'cache', origin: first, method: 'GET', credentials }),
  });
  const readable = (page?: string) => step(cached, { outcome: 'readable' }, page);
  const sibling = others.find(other => sameSite(first, other));
  return [
    ladder('', `GET ${path} is readable after the same URL was loaded without CORS`, [
      step({ ...cached, mode: 'no-cors' }, { outcome: 'opaque' }),
      readable(),
    ]),
    ...(sibling === undefined
      ? []
      : [
          ladder('sibling', `GET ${path} is readable by ${sibling} after ${first} has read it`, [
            readable(),
            readable(sibling),
          ]),
        ]),
  ];
}

const UNCOMPRESSED = 'uncompressed';

/** An answer that says nothing and is compressed is asked for once more as it was before. */
function uncompressed(plan: PolicyPlan, seen: SeenAnswers): WireProbe[] {
  return plan.resources.flatMap(resource => {
    const { name } = resource;
    const [origin] = originsOf(resource);
    if (origin === undefined || seen.header(name, origin, 'content-encoding') === null) return [];
    if (variesByOrigin(seen.header(name, origin, 'vary'))) return [];
    return [
      pageProbe(plan, resource, {
        ask: UNCOMPRESSED,
        must: 'The answer without compression shows whether what compresses it replaces Vary',
        method: 'GET',
        origin,
        lines: [['Accept-Encoding', 'identity']],
      }),
    ];
  });
}

const ask: Ask = {
  id: 'cache',
  what: 'the same URL without CORS first, then with it, out of the HTTP cache',
  attempts: plan => ({ cases: plan.resources.flatMap(resource => ladders(plan, resource)) }),
  followUps: uncompressed,
};

interface Answer {
  readonly trial: Trial;
  readonly exchange: Exchange;
  readonly status: number;
  readonly allowOrigin: string | null;
}

/** Answers that a shared cache may keep under their URL: to GET and HEAD, without a Cookie. */
function answersOf(trial: Trial): Answer[] {
  const all = trial.exchanges.flatMap((exchange): Answer[] => {
    const { role, request, response } = exchange;
    if (!response || role === 'preflight' || !['GET', 'HEAD'].includes(request.method)) return [];
    if (headerValue(request.headers, 'cookie') !== null || neverStored(exchange)) return [];
    const allowOrigin = headerValue(response.headers, 'access-control-allow-origin');
    return [{ trial, exchange, status: response.status, allowOrigin }];
  });
  // Without what the policy sends it may be a refusal, which is kept like any other error.
  return trial.about.without === undefined ? all : all.filter(mayBeKept);
}

/** No cache may keep it, so nothing depends on Vary (RFC 9111, 5.2.2.5). */
const neverStored = ({ response }: Exchange): boolean =>
  /(?:^|,)\s*no-store\s*(?:,|$)/i.test(headerValue(response?.headers ?? [], 'cache-control') ?? '');

const varyOf = ({ response }: Exchange): string | null => headerValue(response?.headers ?? [], 'vary');

const namesOrigin = ({ exchange }: Answer): boolean => variesByOrigin(varyOf(exchange));

/**
 * One answer that allows and one that does not say it all, for each engine: of a browser those that the wire shows for
 * the same origin, whatever else it asked before.
 */
function telling(answers: readonly Answer[]): Answer[] {
  const byKind = new Map<string, Answer>();
  for (const one of answers) {
    const key = `${one.trial.engine} ${one.allowOrigin === null}`;
    if (!byKind.has(key)) byKind.set(key, one);
  }
  const told = [...byKind.values()];
  const onWire = (one: Answer) =>
    told.find(
      ({ trial, allowOrigin }) => trial.onWire && (allowOrigin === null) === (one.allowOrigin === null),
    );
  return told.filter(one => {
    const wire = onWire(one);
    return one.trial.onWire || !wire || wire.trial.about.origin === one.trial.about.origin;
  });
}

/** What to say where only compressed answers are silent. */
function lostByCompression(evidence: PolicyEvidence, { name }: PolicyResource): Partial<Symptom> {
  const says = evidence
    .of(UNCOMPRESSED)
    .some(({ about, last }) => about.resource === name && last && variesByOrigin(varyOf(last)));
  return says
    ? {
        why: 'It says so without compression: what compresses the answer replaces Vary',
        detail:
          'Answers that are not compressed say so: what compresses them replaces Vary instead of adding to it.',
        send: () =>
          'Let what compresses answers add to Vary instead of replacing it: "Vary: Origin, Accept-Encoding".',
      }
    : {};
}

/** Of one URL, the answers of one status whose Access-Control-Allow-Origin depends on Origin without saying so; none if all do. */
function silentAmong(all: readonly Answer[]): Answer[] {
  for (const status of new Set(all.map(one => one.status))) {
    const answers = all.filter(one => one.status === status);
    if (new Set(answers.map(one => one.allowOrigin)).size < 2) continue;
    const silent = answers.filter(one => !namesOrigin(one) && one.allowOrigin !== '*');
    if (silent.length > 0) return telling(silent);
  }
  return [];
}

const silentSymptom = ({ trial, exchange }: Answer): Symptom => ({
  ...symptomOf(trial, exchange),
  place: trial.about.path,
  credentials: false,
});

const silentAnswers = (evidence: PolicyEvidence, resource: PolicyResource): Symptom[] =>
  silentAmong(
    ['allowed', 'repeat', 'attackers', 'no-origin', 'undeclared-credentials']
      .flatMap(id => evidence.of(id))
      .filter(({ about }) => about.resource === resource.name)
      .flatMap(answersOf),
  ).map(one => ({ ...silentSymptom(one), ...lostByCompression(evidence, resource) }));

/** Statuses that a cache may keep without being told for how long (RFC 9110, 15.1). */
const KEPT = [200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501];

/** Whether a cache may keep an error: some by their status, others if they say for how long. */
function mayBeKept({ status, exchange }: Answer): boolean {
  const headers = exchange.response?.headers ?? [];
  const control = headerValue(headers, 'cache-control') ?? '';
  return (
    KEPT.includes(status) ||
    /(?:^|[,\s])(?:s-maxage|max-age)\s*=\s*"?[1-9]/i.test(control) ||
    headerValue(headers, 'expires') !== null
  );
}

/** The declared errors, each URL by itself: of a path that nothing declares nobody minds. */
function silentErrors(evidence: PolicyEvidence): Symptom[] {
  const answers = ['errors', 'attackers']
    .flatMap(id => evidence.of(id))
    .filter(({ about }) => about.resource === 'errors' && !about.unasked)
    .flatMap(answersOf)
    .filter(mayBeKept);
  const paths = new Set(answers.map(({ trial }) => trial.about.path));
  return [...paths].flatMap(path =>
    silentAmong(answers.filter(({ trial }) => trial.about.path === path)).map(silentSymptom),
  );
}

/** A page that reads the answer of the server, but not what the HTTP cache had kept for another one. */
function cacheTrouble(evidence: PolicyEvidence): Symptom[] {
  return evidence.attempts(ask.id).flatMap(trials => {
    // Nothing is in the cache of what did not even load without CORS.
    if (trials.some(({ withoutCors, outcome }) => withoutCors && outcome !== 'opaque')) return [];
    const failed = trials.find(({ outcome }) => outcome !== 'readable' && outcome !== 'opaque');
    // What the page cannot read from the server either is not the cache's fault.
    if (!failed || !evidence.readsWhole(failed)) return [];
    // A cache answers at once: a request that waits does so for something else, such as an answer that goes on.
    if (failed.outcome === 'timeout' || (failed.reason !== null && failed.exchanges.length > 0)) return [];
    const kept = trials[0]?.actual;
    return [
      {
        ...symptomOf(failed, kept),
        place: failed.about.path,
        credentials: false,
        saw: `The page saw: ${failed.outcome}. The answer came from the HTTP cache, where an earlier request without CORS or from another origin had left it.`,
      },
    ];
  });
}

/** An answer that a cache gives out for another origin, which the server does not tell it to keep apart. */
const outOfCache = (evidence: PolicyEvidence): Symptom[] =>
  keptAnswers(evidence)
    .filter(({ says, fresh }) => !says && fresh.role !== 'preflight')
    .map(({ trial, kept }) => ({
      ...symptomOf(trial, kept),
      place: trial.about.path,
      credentials: false,
      why: 'It is out of a cache: by a URL that was never asked for before, another origin is allowed, or none',
      send: () =>
        'Send "Vary: Origin" with every answer of the URL, whatever the Origin of the request. Then empty the cache.',
    }));

const check: PolicyCheck = {
  id: 'vary-missing',
  must: 'Answers that depend on the Origin say so in Vary',
  severity: 'warning',
  rank: RANKS.fragile,
  text: 'The answer depends on Origin, but does not say so with "Vary: Origin": a cache gives one origin the answer meant for another, or for none. It must stand on every answer of this URL, also on those without Access-Control-Allow-Origin.',
  spec: CHECK_LINKS.vary,
  fixes: 'vary',
  asks: ['allowed', 'no-origin', 'attackers', 'errors', AGAIN, uncachedAsk.id, ask.id],
  ask,
  headline: ({ where, plural }) =>
    `A cache can give one site the ${plural ? `answers of ${where} that were` : `answer of ${where} that was`} made for another`,
  untried: ({ resources }) =>
    resources.some(({ methods }) => methods.includes('GET') || methods.includes('HEAD'))
      ? undefined
      : 'no resource has a method whose answers are kept by caches',
  symptoms: evidence => [
    ...evidence.plan.resources.flatMap(resource => silentAnswers(evidence, resource)),
    ...silentErrors(evidence),
    ...cacheTrouble(evidence),
    ...outOfCache(evidence),
  ],
};

export default check;
