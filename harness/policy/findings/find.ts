/** From what ran to what a report says: one finding for each cause, worst first, and the state of every check. */

import { wordList } from '../../case/words.ts';
import {
  type CheckState,
  type Evidence,
  explanationOf,
  type Finding,
  MOST_EVIDENCE,
  RANKS,
  SEVERITIES,
} from '../../verdict/finding.ts';
import { boundedLines } from '../../wire/bounds.ts';
import { isUnsent } from '../../wire/exchange.ts';
import type { Concept, PolicyCheck, Told } from '../checks/check.ts';
import { CHECKS } from '../checks/index.ts';
import type { PolicyResource } from '../config/read.ts';
import { decidingLines } from '../diagnose.ts';
import type { PolicyEvidence } from '../evidence.ts';
import type { Symptom } from '../trial.ts';
import { type Sorted, sortOut } from './causes.ts';
import { curlFor, decidingHeaders } from './curl.ts';
import { exactlyOf } from './exactly.ts';
import { groupLetIn } from './let-in.ts';
import type { KnownStack } from './remedies.ts';
import { remedyOf, wrongIn } from './remedy-of.ts';
import { checkStates } from './states.ts';
import { decidingNames, whereOf } from './told.ts';

export interface Judgement {
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly checks: readonly CheckState[];
  /** The findings that explain what an engine showed of a case, by `engine case`. */
  readonly explains: ReadonlyMap<string, readonly string[]>;
}

export interface JudgeOptions {
  /** The checks that are wanted. Default: all. */
  readonly checks?: readonly PolicyCheck[];
  readonly stack?: KnownStack | null;
  /** What sortOut() makes of the evidence by all checks, if that is known. */
  readonly sorted?: Sorted;
  /** Scheme, host and port at which the server really answers; for curl. */
  readonly url?: string;
}

const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)];

function evidenceOf(symptoms: readonly Symptom[]): Evidence[] {
  const seen = new Map<string, Evidence>();
  for (const { engine, case: id, saw } of symptoms) {
    const key = `${engine} ${saw}`;
    if (!seen.has(key)) seen.set(key, { ...(engine && { engine }), ...(id && { case: id }), saw });
  }
  return [...seen.values()].slice(0, MOST_EVIDENCE);
}

const someOf = (values: readonly string[]): string =>
  values.length <= 4 ? values.join(', ') : `${values.slice(0, 3).join(', ')} and ${values.length - 3} more`;

/** The symptom that shows it best: with credentials, and on the wire, where the bytes alone decide. */
function mostTelling(symptoms: readonly Symptom[]): Symptom {
  const score = ({ credentials, engine, exchange, unasked, carriedOut, otherAnswer }: Symptom) =>
    (unasked ? 0 : 32) +
    (otherAnswer === undefined ? 16 : 0) +
    (carriedOut ? 0 : 8) +
    (exchange?.response ? 4 : 0) +
    (credentials ? 2 : 0) +
    (engine === undefined || engine === 'model' ? 1 : 0);
  return symptoms.reduce((a, b) => (score(b) > score(a) ? b : a));
}

interface ShownWith {
  readonly fixes: Concept;
  readonly url: string | undefined;
  readonly secrets: ReadonlySet<string>;
}

/** The request and the answer that decide, and a line for the shell. */
function shownOf({ exchange, credentials = false }: Symptom, { fixes, url, secrets }: ShownWith) {
  if (!exchange) return {};
  const { response, request, note } = exchange;
  const decides = decidingNames(fixes, credentials);
  return {
    request: { method: request.method, url: request.url, headers: boundedLines(decidingHeaders(exchange)) },
    ...(response
      ? {
          answer: {
            status: response.status,
            ...(response.reason !== undefined && { reason: response.reason }),
            lines: boundedLines(decidingLines(response.headers)),
            ...(decides.length > 0 && { decides }),
          },
        }
      : { noAnswer: note ?? 'no answer' }),
    curl: curlFor(exchange, url, secrets),
  };
}

function rankOf(check: PolicyCheck, symptoms: readonly Symptom[]): number {
  const rank = Math.min(...symptoms.map(one => one.rank ?? check.rank));
  return rank === RANKS.readsWithCredentials && !symptoms.some(one => one.credentials && !one.carriedOut)
    ? RANKS.reads
    : rank;
}

/** Declared resources first, then declared errors, and what nothing declares last. */
function inOrder(symptoms: readonly Symptom[]): Symptom[] {
  const group = ({ resource, unasked }: Symptom) => (unasked ? 2 : resource === 'errors' ? 1 : 0);
  return [...symptoms].sort((a, b) => group(a) - group(b) || (a.place < b.place ? -1 : 1));
}

interface Context {
  readonly evidence: PolicyEvidence;
  readonly sorted: Sorted;
  readonly options: JudgeOptions;
}

/** Header names as the policy spells them. */
function spelt(names: readonly string[], resource: PolicyResource | undefined): string[] {
  const { requestHeaders = [], exposedHeaders = [] } = resource ?? {};
  const own = new Map([...requestHeaders, ...exposedHeaders].map(name => [name.toLowerCase(), name]));
  return unique(names.map(name => own.get(name.toLowerCase()) ?? name));
}

const placesOf = (symptoms: readonly Symptom[]): string[] =>
  unique(symptoms.map(one => one.where ?? one.place));

/** What the policy declares, if any of it is concerned: what was tried beside it says no more then. */
function declaredFirst(ordered: readonly Symptom[]): readonly Symptom[] {
  const declared = ordered.filter(one => !one.unasked);
  return declared.length > 0 ? declared : ordered;
}

/** What the headline can say. @param told what is declared, if there is any */
function toldOf(told: readonly Symptom[], shown: Symptom, resource: PolicyResource | undefined): Told {
  const where = placesOf(told.filter(one => !one.carriedOut));
  const how = unique(told.flatMap(one => one.how ?? []));
  const names = spelt(
    told.flatMap(one => one.names ?? []),
    resource,
  );
  return {
    where: whereOf(where),
    plural: where.length > 1,
    carriedOut: whereOf(placesOf(told.filter(one => one.carriedOut))),
    names: wordList(names),
    several: names.length > 1,
    how: how.length === 1 ? (how[0] as string) : '',
    origin: shown.origin ?? '',
    credentials: told.some(one => one.credentials),
  };
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

interface Worse {
  readonly check: PolicyCheck;
  readonly symptoms: readonly Symptom[];
}

/** What follows from a cause and harms more than the cause itself: who relies on one of the two must not miss the other. */
function worseThan({ rank }: PolicyCheck, followers: Sorted['explained']): Worse[] {
  const telling =
    rank > RANKS.reads ? followers.filter(one => (one.symptom.rank ?? one.check.rank) <= RANKS.reads) : [];
  return unique(telling.map(one => one.check)).map(check => ({
    check,
    symptoms: declaredFirst(inOrder(telling.filter(one => one.check === check).map(one => one.symptom))),
  }));
}

function findingOf(check: PolicyCheck, { evidence, sorted, options }: Context): Finding {
  const symptoms = sorted.causes.filter(one => one.check.id === check.id).map(one => one.symptom);
  const sent = symptoms.filter(({ exchange }) => !exchange || !isUnsent(exchange));
  const seen = sent.length > 0 ? sent : symptoms;
  const followers = sorted.explained.filter(one => one.by === check.id);
  const attackers = [...symptoms, ...followers.map(one => one.symptom)].flatMap(one => one.attacker ?? []);
  const shown = mostTelling(seen);
  const ordered = declaredFirst(inOrder(symptoms));
  const places = unique(ordered.map(one => one.place));
  const origins = unique(symptoms.flatMap(one => one.origin ?? []));
  const worse = worseThan(check, followers);
  const isOpen = [check, ...worse.map(one => one.check)].some(({ id }) => id === 'origin-wildcard');
  const letIn = [...(isOpen ? ['any site, without cookies'] : []), ...groupLetIn(attackers)];
  const resource = evidence.resource(shown.resource) ?? evidence.plan.resources[0];
  const told = toldOf(ordered, shown, resource);
  const remedy = remedyOf(check, { shown, seen, evidence, stack: options.stack ?? null });
  const secrets = new Set(resource?.headers.map(([name]) => name.toLowerCase()));
  const details = withoutWeaker(unique(seen.flatMap(({ detail }) => detail ?? [])));
  const severities = symptoms.map(one => one.severity ?? check.severity);
  return {
    id: check.id,
    rule: check.id,
    severity: SEVERITIES.find(one => severities.includes(one)) ?? check.severity,
    rank: Math.min(rankOf(check, symptoms), ...worse.map(one => rankOf(one.check, one.symptoms))),
    headline: [
      check.headline(told),
      ...worse.map(one =>
        lowerFirst(one.check.headline(toldOf(one.symptoms, mostTelling(one.symptoms), resource))),
      ),
    ].join('; '),
    resource: places.join(', '),
    places,
    exactly: exactlyOf(check, ordered),
    ...(origins.length > 0 && { origin: someOf(origins), origins }),
    ...(letIn.length > 0 && { letIn }),
    engines: unique(symptoms.flatMap(one => one.engine ?? [])).sort(),
    ...(shown.why !== undefined && { why: shown.why }),
    ...shownOf(shown, { fixes: wrongIn(check, shown).fixes, url: options.url, secrets }),
    explanation: explanationOf(check.text, details),
    ...(details.length > 0 && { details }),
    ...(remedy && remedy),
    helpUri: `docs/findings/${check.id}.md`,
    spec: check.spec,
    fault: check.id === 'engine-differs' || check.id === 'max-age-ignored' ? 'engine' : 'server',
    evidence: evidenceOf(seen),
  };
}

/** Which findings explain what was seen of a case. */
function explainedCases(sorted: Sorted): Map<string, string[]> {
  const byCase = new Map<string, string[]>();
  const add = ({ engine, case: id }: Symptom, finding: string) => {
    if (!engine || !id) return;
    const known = byCase.get(`${engine} ${id}`) ?? [];
    byCase.set(`${engine} ${id}`, unique([...known, finding]));
  };
  for (const { symptom, check } of sorted.causes) add(symptom, check.id);
  for (const { symptom, by } of sorted.explained) add(symptom, by);
  return byCase;
}

/** Judges what ran by a policy. */
export function judgePolicy(evidence: PolicyEvidence, options: JudgeOptions = {}): Judgement {
  const { checks = CHECKS } = options;
  const wanted = new Set(checks.map(({ id }) => id));
  // A cause that nobody asked about still explains what follows from it.
  const { sorted = sortOut(CHECKS, evidence) } = options;
  const found = CHECKS.filter(
    check => wanted.has(check.id) && sorted.causes.some(one => one.check.id === check.id),
  );
  const findings = found
    // The checks stand in their order: the broader kinds of origin first.
    .map(check => findingOf(check, { evidence, sorted, options }))
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  return {
    findings,
    checks: checkStates(checks, { evidence, sorted, findings }),
    explains: explainedCases(sorted),
  };
}

/** Sentences, without those that another one says of requests with credentials. */
const withoutWeaker = (details: readonly string[]): string[] =>
  details.filter(
    one => !details.some(other => other !== one && other.replace(' with credentials', '') === one),
  );
