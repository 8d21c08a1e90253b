/** Answers as a run brings them, made by hand, for tests of what the checks make of them. */

import assert from 'node:assert/strict';
import type { Outcome } from '../../standard/types.ts';
import type { HeaderLine } from '../../wire/exchange.ts';
import { declaredAsk } from '../asks/declared.ts';
import type { AttemptInfo } from '../attempts.ts';
import varyMissing from '../checks/vary-missing.ts';
import { readConfig } from '../config/read.ts';
import { PolicyEvidence } from '../evidence.ts';
import { type PolicyPlan, planFor } from '../plan.ts';
import type { PolicyCaseRun, ProbeRun } from '../trial.ts';
import { advisesWhatIsSent } from './advice.test-support.ts';
import { type Judgement, judgePolicy } from './find.ts';

export const ORIGIN = 'https://app.example.com';
const SERVER = 'https://api.example.com';

const planOf = (origins: string | string[]) =>
  planFor(
    readConfig({
      target: { url: SERVER },
      policy: {
        origins,
        credentials: true,
        methods: ['GET', 'PUT'],
        requestHeaders: ['Content-Type'],
        exposedHeaders: ['ETag'],
        maxAge: 600,
        resources: [{ path: '/items', body: '{}' }],
      },
    }).config,
    SERVER,
  );

const plan = planOf(ORIGIN);

/** Lines that let an origin read with credentials. */
export const originLines = (origin: string): HeaderLine[] => [
  ['Access-Control-Allow-Origin', origin],
  ['Access-Control-Allow-Credentials', 'true'],
];

type About = Pick<AttemptInfo, 'ask'> & Partial<AttemptInfo> & { readonly preflight?: boolean };

let count = 0;

/** One request of `/items` and its answer. @param given what differs from a GET of the declared origin with credentials */
export function askOf(
  { preflight, ...given }: About,
  status: number,
  headers: readonly HeaderLine[],
): ProbeRun {
  const about: AttemptInfo = {
    resource: plan.resources[0]?.name ?? '',
    path: '/items',
    origin: ORIGIN,
    method: 'GET',
    credentials: true,
    headers: [],
    ...given,
  };
  const request = {
    method: preflight ? 'OPTIONS' : about.method,
    url: `${SERVER}${about.path}`,
    headers: [['Origin', about.origin ?? '']] as HeaderLine[],
  };
  count += 1;
  return {
    probe: { id: `${about.ask}/${count}`, about, must: '', request },
    exchange: {
      role: preflight ? 'preflight' : 'actual',
      resource: about.path,
      request: { ...request, bodyBytes: 0 },
      response: { status, headers: [...headers], bodyBytes: 0 },
      end: 'complete',
      connection: 1,
      startedMs: 0,
      endedMs: 1,
    },
  };
}

/** A page that loads `/items` without CORS, then with it: what it saw, and what the server answered, of each. */
export function cacheRun(
  ...seen: readonly { readonly outcome: Outcome; readonly exchange?: ProbeRun['exchange'] }[]
): PolicyCaseRun {
  const derived = varyMissing.ask?.attempts(plan).cases?.[0];
  if (!derived) throw new Error('the check asks nothing');
  const steps = seen.map(({ outcome, exchange }, step) => ({
    outcome,
    observation: {
      step,
      exchanges: exchange ? [exchange] : [],
      script: { settled: 'rejected' as const, durationMs: 1 },
    },
  }));
  return { derived, engine: 'firefox', steps };
}

/** A page of the declared origin that asks for `/items`: what it saw, and what the server answered. */
export function pageRun(outcome: Outcome, ...exchanges: readonly ProbeRun['exchange'][]): PolicyCaseRun {
  const [derived] = declaredAsk.attempts(plan).cases ?? [];
  if (!derived) throw new Error('the question asks nothing');
  const script = {
    settled: outcome === 'readable' ? ('resolved' as const) : ('rejected' as const),
    durationMs: 1,
  };
  return { derived, engine: 'model', steps: [{ outcome, observation: { step: 0, exchanges, script } }] };
}

/** What is said of a server that answered so. */
export const ran = (...probes: readonly ProbeRun[]): Judgement => ranInPages([], ...probes);

/** The same, with what pages of an engine saw. */
export const ranInPages = (runs: readonly PolicyCaseRun[], ...probes: readonly ProbeRun[]): Judgement =>
  judged(plan, runs, probes);

/** The same for other declared origins. */
export const ranFor = (origins: string[], ...probes: readonly ProbeRun[]): Judgement =>
  judged(planOf(origins), [], probes);

/** Whatever is found, its fix has to change something. */
function judged(held: PolicyPlan, runs: readonly PolicyCaseRun[], probes: readonly ProbeRun[]): Judgement {
  const judgement = judgePolicy(new PolicyEvidence(held, { runs, probes }));
  for (const finding of judgement.findings)
    assert.ok(!advisesWhatIsSent(finding), `${finding.id} advises what is sent: ${finding.fix}`);
  return judgement;
}
