/** Symptoms that stand on the wire, whether or not a page noticed: Vary, max-age, exposed headers, plain requests. */
import { extractDeltaSeconds, extractTokens, FAILURE } from '../standard/header-list.ts';
import { type Exchange, headerValue } from '../wire/exchange.ts';
import { answerText, diagnosePreflight } from './diagnose.ts';
import { SAFELISTED_RESPONSE_HEADERS } from './names.ts';
import type { PolicyResource } from './read.ts';
import {
  type CaseRun,
  type Evidenced,
  exchangesOf,
  type ProbeRun,
  type Symptom,
  seenIn,
} from './symptoms.ts';

interface Answered {
  readonly exchange: Exchange;
  readonly status: number;
  readonly origin: string | null;
  readonly allowOrigin: string | null;
  readonly engine?: string;
  readonly case?: string;
}

function answered(exchange: Exchange, by: { engine?: string; case?: string }): Answered[] {
  const { request, response } = exchange;
  if (!response || exchange.role === 'preflight' || !['GET', 'HEAD'].includes(request.method)) return [];
  if (headerValue(request.headers, 'cookie') !== null) return [];
  return [
    {
      exchange,
      status: response.status,
      origin: headerValue(request.headers, 'origin'),
      allowOrigin: headerValue(response.headers, 'access-control-allow-origin'),
      ...by,
    },
  ];
}

const headersOf = (one: Answered) => one.exchange.response?.headers ?? [];

const namesOrigin = (one: Answered): boolean => {
  const vary = headerValue(headersOf(one), 'vary') ?? '';
  return vary
    .toLowerCase()
    .split(',')
    .some(name => ['origin', '*'].includes(name.trim()));
};

/** No cache may keep it, so nothing depends on Vary (RFC 9111, 5.2.2.5). */
const neverStored = (one: Answered): boolean =>
  /(?:^|,)\s*no-store\s*(?:,|$)/i.test(headerValue(headersOf(one), 'cache-control') ?? '');

/** Kept and used again without asking: an explicit or guessed freshness (RFC 9111, 4.2). */
const staysFresh = (one: Answered): boolean =>
  /max-age=0*[1-9]/i.test(headerValue(headersOf(one), 'cache-control') ?? '') ||
  headerValue(headersOf(one), 'expires') !== null ||
  headerValue(headersOf(one), 'last-modified') !== null;

/** Answers of one URL and status whose Access-Control-Allow-Origin depends on Origin must all say so. */
function varySymptoms(
  resource: PolicyResource,
  runs: readonly CaseRun[],
  probes: readonly ProbeRun[],
): Symptom[] {
  const all = [
    ...runs
      .filter(run => run.derived.about.resource === resource.name)
      .flatMap(run =>
        exchangesOf(run).flatMap(one => answered(one, { engine: run.engine, case: run.derived.case.id })),
      ),
    ...probes
      .filter(one => one.probe.about.resource === resource.name && one.probe.about.check === 'no-origin')
      .flatMap(one => answered(one.exchange, {})),
  ].filter(one => !neverStored(one));
  const statuses = new Set(all.map(one => one.status));
  for (const status of statuses) {
    const answers = all.filter(one => one.status === status);
    if (new Set(answers.map(one => one.allowOrigin)).size < 2) continue;
    const silent = answers.filter(one => !namesOrigin(one));
    if (silent.length === 0) continue;
    return telling(silent).map(one => ({
      rule: 'vary-missing' as const,
      resource: resource.name,
      place: resource.path,
      saw: answerText(one.exchange),
      severity: staysFresh(one) ? 'error' : 'warning',
      ...(one.origin !== null && { origin: one.origin }),
      ...(one.engine && { engine: one.engine }),
      ...(one.case && { case: one.case }),
    }));
  }
  return [];
}

/** One answer that allows and one that does not say it all, for each engine. */
function telling(answers: readonly Answered[]): Answered[] {
  const byKind = new Map<string, Answered>();
  for (const one of answers) {
    const key = `${one.engine} ${one.allowOrigin === null}`;
    if (!byKind.has(key)) byKind.set(key, one);
  }
  return [...byKind.values()];
}

/** What the passing preflights of a resource say of Access-Control-Max-Age. */
function maxAgeSymptoms(resource: PolicyResource, runs: readonly CaseRun[]): Symptom[] {
  const { maxAge } = resource;
  if (maxAge === undefined) return [];
  const symptoms: Symptom[] = [];
  for (const run of runs) {
    const { about } = run.derived;
    if (about.resource !== resource.name || about.attacker || about.check.startsWith('undeclared-')) continue;
    for (const exchange of exchangesOf(run)) {
      if (exchange.role !== 'preflight' || !exchange.response) continue;
      if (diagnosePreflight(exchange, { ...about, origin: about.origin ?? '' }) !== null) continue;
      const { headers } = exchange.response;
      const seconds = extractDeltaSeconds(headers, 'access-control-max-age');
      if (seconds === maxAge) continue;
      const actual = run.steps.some(one =>
        one.observation.exchanges.some(
          other =>
            other.role === 'actual' &&
            other.response &&
            headerValue(other.response.headers, 'access-control-max-age') !== null,
        ),
      );
      symptoms.push({
        ...seenIn(run),
        place: resource.path,
        rule:
          seconds === null
            ? 'max-age-missing'
            : seconds === FAILURE
              ? 'max-age-malformed'
              : 'max-age-differs',
        saw: answerText(exchange),
        detail:
          seconds === null
            ? actual
              ? 'It stands on the answer to the request, where it has no effect.'
              : `Declared are ${maxAge} seconds.`
            : `It is "${headerValue(headers, 'access-control-max-age')}"; declared are ${maxAge} seconds.`,
      });
    }
  }
  return symptoms;
}

/** A browser that counted otherwise although the header was right. */
function maxAgeIgnored(resource: PolicyResource, runs: readonly CaseRun[]): Symptom[] {
  return runs.flatMap(run => {
    const { about } = run.derived;
    if (about.resource !== resource.name || about.check !== 'max-age') return [];
    if (run.steps.some(one => one.outcome !== 'readable')) return [];
    const again = run.steps[1]?.observation.exchanges.some(one => one.role === 'preflight') ?? false;
    return again === (resource.maxAge === 0)
      ? []
      : [
          {
            ...seenIn(run),
            rule: 'max-age-ignored' as const,
            saw: again ? 'It asked again before the time was over.' : 'It did not ask again.',
            fault: 'engine' as const,
          },
        ];
  });
}

const nameList = (names: Iterable<string>) => [...new Set(names)].sort().join(', ');

/** Response headers that the page could read, against those that the policy lets it read. */
function exposeSymptoms(resource: PolicyResource, run: CaseRun): Symptom[] {
  const { about } = run.derived;
  const one = run.steps[0];
  const last = one?.observation.exchanges.findLast(exchange => exchange.role === 'actual');
  if (about.check !== 'allowed' || one?.outcome !== 'readable' || !last?.response) return [];
  const visible = new Set((one.observation.script.headers ?? []).map(([name]) => name.toLowerCase()));
  const wire = new Set(last.response.headers.map(([name]) => name.toLowerCase()));
  const declared = resource.exposedHeaders.map(name => name.toLowerCase());
  const symptoms: Symptom[] = [];
  const all = declared.includes('*');
  const wanted = all ? [...wire].filter(name => !name.startsWith('set-cookie')) : declared;
  const hidden = wanted.filter(name => wire.has(name) && !visible.has(name));
  if (hidden.length > 0) {
    const preflight = one.observation.exchanges.find(exchange => exchange.role === 'preflight');
    const listed = extractTokens(last.response.headers, 'access-control-expose-headers');
    symptoms.push({
      ...seenIn(run),
      rule: 'expose-missing',
      place: `${resource.path} ${all ? '*' : nameList(hidden)}`,
      saw: `Not readable: ${nameList(hidden)}. ${answerText(last)}`,
      detail:
        listed === FAILURE
          ? 'Access-Control-Expose-Headers is not well-formed and counts for nothing.'
          : listed?.includes('*')
            ? 'It is "*", which is no wildcard where credentials are included.'
            : listed === null &&
                preflight?.response &&
                headerValue(preflight.response.headers, 'access-control-expose-headers') !== null
              ? 'It stands on the preflight only, where it has no effect.'
              : listed === null
                ? 'It is missing.'
                : `It names ${listed.join(', ')}.`,
    });
  }
  const extra = [...visible].filter(
    name => !all && !declared.includes(name) && !SAFELISTED_RESPONSE_HEADERS.includes(name),
  );
  if (extra.length > 0)
    symptoms.push({
      ...seenIn(run),
      rule: 'expose-undeclared',
      place: resource.path,
      saw: `Readable: ${nameList(extra)}.`,
    });
  return symptoms;
}

function plainSymptoms(resource: PolicyResource, { runs, probes }: Evidenced): Symptom[] {
  const served = runs.some(
    run =>
      run.derived.about.resource === resource.name &&
      run.derived.about.check === 'allowed' &&
      exchangesOf(run).some(
        one => one.role === 'actual' && one.response !== null && one.response.status < 400,
      ),
  );
  return probes.flatMap(({ probe, exchange }): Symptom[] => {
    const { about } = probe;
    if (about.resource !== resource.name) return [];
    const { response } = exchange;
    const at = { resource: resource.name, place: `${about.method} ${about.path}`, saw: answerText(exchange) };
    if (about.check === 'no-origin')
      return served && (!response || response.status >= 400) ? [{ ...at, rule: 'no-origin-refused' }] : [];
    if (about.check === 'vary-injected')
      return response && /cors-conformance/i.test(headerValue(response.headers, 'vary') ?? '')
        ? [{ ...at, rule: 'vary-injected' }]
        : [];
    if (about.check !== 'private-network' || !response) return [];
    const answer = headerValue(response.headers, 'access-control-allow-private-network');
    if (answer === 'true' && !resource.privateNetwork)
      return [{ ...at, place: about.path, rule: 'private-network-undeclared' }];
    return answer !== 'true' && resource.privateNetwork && response.status < 300
      ? [{ ...at, place: about.path, rule: 'private-network-missing' }]
      : [];
  });
}

/** A resource that only ever answers errors although nothing else was declared. */
function failingSymptoms(resource: PolicyResource, runs: readonly CaseRun[]): Symptom[] {
  const own = runs.filter(
    run => run.derived.about.resource === resource.name && run.derived.about.check === 'allowed',
  );
  const answers = own.flatMap(run => exchangesOf(run).filter(one => one.role === 'actual' && one.response));
  const undeclared = own.every(run => resource.status(run.derived.about.method) === undefined);
  const fails = answers.every(one => (one.response?.status ?? 0) >= 400);
  const first = own[0];
  return first && answers.length > 0 && undeclared && fails
    ? [
        {
          ...seenIn(first),
          place: resource.path,
          rule: 'resource-fails',
          saw: answerText(answers[0] as Exchange),
        },
      ]
    : [];
}

/** Symptoms that need no page. */
export function wireSymptoms(evidenced: Evidenced): Symptom[] {
  const { resources, runs, probes } = evidenced;
  return resources.flatMap(resource => [
    ...varySymptoms(resource, runs, probes),
    ...maxAgeSymptoms(resource, runs),
    ...maxAgeIgnored(resource, runs),
    ...runs
      .filter(run => run.derived.about.resource === resource.name)
      .flatMap(run => exposeSymptoms(resource, run)),
    ...plainSymptoms(resource, evidenced),
    ...failingSymptoms(resource, runs),
  ]);
}
