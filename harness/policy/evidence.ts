/** What ran, as the checks read it: one trial for each request of each attempt, and every failure in its context. */
import { isOkStatus } from '../standard/response.ts';
import { namesInVary } from '../standard/vary.ts';
import { type Exchange, type HeaderLine, headerValue, isEndless, isUnsent } from '../wire/exchange.ts';
import { type AttemptInfo, cookieOf, type SeenAnswers } from './attempts.ts';
import type { PolicyResource } from './config/read.ts';
import type { WireReason } from './diagnose.ts';
import type { PolicyPlan } from './plan.ts';
import { type Refused, refusedIn } from './refused-preflight.ts';
import { endedBy, isRefusedNow, onlyLoggedOut } from './session.ts';
import {
  DECLARED,
  isFailed,
  type PolicyCaseRun,
  type ProbeRun,
  type Symptom,
  symptomOf,
  Trial,
} from './trial.ts';

/** A declared request that a page could not make, or not read. */
export interface FailedRequest {
  readonly trial: Trial;
  readonly reason: WireReason | null;
  readonly refused: Refused;
  /** What all trials of the resource show. */
  readonly context: ResourceContext;
  readonly symptom: Symptom;
}

/** What all trials of a resource show; a single failure is read in its light. */
export interface ResourceContext {
  /** Any answer to an actual request from a declared origin named an origin. */
  readonly answersAllow: boolean;
  /** The same of any resource. */
  readonly anyAllows: boolean;
  /** The methods whose answers this origin may read. */
  readonly allowedMethodsFor: (origin: string | null) => readonly string[];
  /** Where requests are redirected to without CORS headers: the values of Location. */
  readonly redirects: ReadonlySet<string>;
  /** An answer to an actual request from a declared origin names that origin. */
  readonly namesOrigins: boolean;
  /** No answer has a header of the CORS protocol or tells that it varies by Origin, whatever the origin. */
  readonly silent: boolean;
  /** A preflight from this origin passed. */
  readonly preflightPassed: (origin: string | null) => boolean;
  /** The same method is answered below 400 without an Origin. */
  readonly servedPlain: (method: string) => boolean;
  /** OPTIONS without an Origin is refused, too: as unauthorized. */
  readonly refusesOptions: boolean;
  /** What a refused preflight would have had to carry, and the status it then gets; undefined if that is not known. */
  readonly guard: { readonly names: readonly string[]; readonly status: number } | undefined;
}

/** What a run brings. */
export interface Ran {
  readonly runs: readonly PolicyCaseRun[];
  readonly probes: readonly ProbeRun[];
  /** How many requests had been answered when the first got 429 or 503. */
  readonly limitedAfter?: number;
}

/** Everything that ran, read once. */
export class PolicyEvidence implements SeenAnswers {
  readonly plan: PolicyPlan;
  /** Those that say something about the server's policy. */
  readonly trials: readonly Trial[];
  /** Answered with 429 or 503: these stand for no verdict. */
  readonly limited: readonly Trial[];
  /** Requests that an engine never sent. */
  readonly unsent: readonly Trial[];
  /** How many requests had been answered when the first was refused for now. */
  readonly limitedAfter: number | undefined;
  /** The statuses by which the login was refused in the end; empty if it lasted. */
  readonly endedBy: ReadonlySet<number>;
  /** Refused because the login had ended: these stand for no verdict. */
  readonly loggedOut: readonly Trial[];
  readonly #byAsk = new Map<string, Trial[]>();
  #failures: readonly FailedRequest[] | undefined;

  constructor(plan: PolicyPlan, ran: Ran) {
    this.plan = plan;
    this.limitedAfter = ran.limitedAfter;
    const all = [...ran.runs.flatMap(Trial.ofRun), ...ran.probes.map(Trial.ofProbe)];
    this.limited = all.filter(trial => trial.limited);
    this.unsent = all.filter(trial => trial.sentNothing && !isFromCache(trial));
    // Of a server that answers, what was not sent because of others says nothing.
    const givenUp = all.some(({ actual }) => actual?.response)
      ? all.filter(({ exchanges }) => exchanges.some(isUnsent))
      : [];
    this.endedBy = endedBy(all);
    this.loggedOut = this.endedBy.size > 0 ? all.filter(one => onlyLoggedOut(one, plan, this.endedBy)) : [];
    const left = new Set([...this.limited, ...this.unsent, ...givenUp, ...this.loggedOut]);
    this.trials = all.filter(trial => !left.has(trial));
    for (const trial of this.trials) {
      const known = this.#byAsk.get(trial.about.ask);
      if (known) known.push(trial);
      else this.#byAsk.set(trial.about.ask, [trial]);
    }
  }

  /** The trials of a question. */
  of(ask: string): readonly Trial[] {
    return this.#byAsk.get(ask) ?? [];
  }

  /** The declared resources, and `errors`. */
  resource(name: string): PolicyResource | undefined {
    return this.plan.resources.find(one => one.name === name);
  }

  /** Trials of what is declared, with the attempts that belong together side by side. */
  get declared(): readonly Trial[] {
    return this.trials.filter(({ about }) => DECLARED.has(about.ask));
  }

  /** The trials of each attempt in each engine, in order. */
  attempts(ask: string): Trial[][] {
    const groups = new Map<string, Trial[]>();
    for (const trial of this.of(ask)) {
      const key = `${trial.engine} ${trial.id}`;
      const known = groups.get(key);
      if (known) known.push(trial);
      else groups.set(key, [trial]);
    }
    return [...groups.values()];
  }

  header(resource: string, origin: string, name: string): string | null {
    const answer = this.of('allowed').findLast(
      ({ about, actual }) =>
        about.resource === resource &&
        about.origin === origin &&
        about.method === 'GET' &&
        actual?.response?.status === 200,
    )?.actual?.response;
    return answer ? headerValue(answer.headers, name) : null;
  }

  allowedBy(ask: string): { readonly about: AttemptInfo; readonly allowOrigin: string | null }[] {
    return this.of(ask).flatMap(({ about, last, allowOrigin }) =>
      last?.response ? [{ about, allowOrigin }] : [],
    );
  }

  refusedPreflight(resource: string): readonly HeaderLine[] | undefined {
    return this.of('preflights').find(
      ({ about, last }) =>
        about.resource === resource && last?.response != null && !isOkStatus(last.response.status),
    )?.last?.request.headers;
  }

  isPermitted({ resource, origin, method, headers }: Parameters<SeenAnswers['isPermitted']>[0]): boolean {
    return this.of('attackers').some(
      ({ about, isPermitted }) =>
        about.origin === origin &&
        about.resource === resource &&
        about.method === method &&
        about.credentials &&
        about.headers.join() === headers.join() &&
        isPermitted,
    );
  }

  isRefusedNow(name: string): boolean {
    const resource = this.resource(name);
    return resource !== undefined && isRefusedNow(resource, this.trials);
  }

  /** Whether the answers of a resource have no end. */
  isStream(resource: string): boolean {
    return this.of('allowed').some(
      ({ about, actual }) => about.resource === resource && isEndless(actual?.response?.headers ?? []),
    );
  }

  /** Whether a declared page reads the whole, so that what fails otherwise fails for another reason. */
  readsWhole({ about }: Trial): boolean {
    return this.of('allowed').some(
      trial =>
        trial.readable &&
        trial.about.resource === about.resource &&
        trial.about.origin === about.origin &&
        trial.about.method === about.method &&
        trial.about.credentials === about.credentials,
    );
  }

  /** Every declared request that failed; of an attempt only the first. */
  get failures(): readonly FailedRequest[] {
    this.#failures ??= failuresOf(this);
    return this.#failures;
  }
}

/** What an HTTP cache answers is not a request that the server failed. */
const isFromCache = ({ about, index, reason, exchanges }: Trial): boolean =>
  about.ask === 'cache' && index > 0 && (reason === null || exchanges.length === 0);

const namesOrigin = ({ response }: Exchange): boolean =>
  response !== null && headerValue(response.headers, 'access-control-allow-origin') !== null;

/** Something on the path looks at origins, whichever it allows. */
const knowsOrigins = ({ response }: Exchange): boolean =>
  response !== null &&
  (response.headers.some(([name]) => /^access-control-(?:allow|expose|max)-/i.test(name)) ||
    namesInVary(headerValue(response.headers, 'vary')).includes('origin'));

/** Whether the answer to a declared request, not to a declared error, names an origin. */
const isAllowedAnswer = ({ about, exchanges }: Trial): boolean =>
  about.ask !== 'errors' && exchanges.some(exchange => exchange.role === 'actual' && namesOrigin(exchange));

function contextOf(evidence: PolicyEvidence, name: string): ResourceContext & { passed: readonly Trial[] } {
  const own = evidence.declared.filter(({ about }) => about.resource === name);
  const passed = own.filter(one => one.isPermitted);
  const plain = evidence.of('no-origin').filter(({ about }) => about.resource === name);
  const options = evidence.of('plain-options').find(({ about }) => about.resource === name);
  return {
    passed,
    answersAllow: own.some(isAllowedAnswer),
    redirects: new Set(
      own.flatMap(({ reason }) =>
        reason?.id === 'redirect' && reason.at === 'response' ? reason.location : [],
      ),
    ),
    namesOrigins: own.some(
      ({ actual, allowOrigin, about }) =>
        actual?.response && about.origin !== null && allowOrigin === about.origin,
    ),
    allowedMethodsFor: origin => [
      ...new Set(
        own
          .filter(one => one.readable && one.about.origin === origin && isAllowedAnswer(one))
          .map(one => one.about.method),
      ),
    ],
    silent: !evidence.trials.some(
      ({ about, exchanges }) => about.resource === name && exchanges.some(knowsOrigins),
    ),
    anyAllows: evidence.declared.some(isAllowedAnswer),
    preflightPassed: origin => passed.some(({ about }) => about.origin === origin),
    servedPlain: method =>
      plain.some(({ about, last }) => about.method === method && (last?.response?.status ?? 500) < 400),
    refusesOptions: [401, 403, 407].includes(options?.last?.response?.status ?? 0),
    guard: guardOf(evidence, name),
  };
}

function guardOf(evidence: PolicyEvidence, name: string): ResourceContext['guard'] {
  const { response } =
    evidence.of('guarded-preflight').find(({ about }) => about.resource === name)?.last ?? {};
  const resource = evidence.resource(name);
  if (!resource || !response || !isOkStatus(response.status)) return undefined;
  const names = [...resource.headers.map(([one]) => one), ...(cookieOf(resource) ? ['Cookie'] : [])];
  return { names, status: response.status };
}

const keyOf = (trial: Trial): string => `${trial.engine} ${trial.id}`;

/** Allowed and refused in turn: that is a fault of its own. */
const isMixed = (trials: readonly Trial[]): boolean =>
  trials.some(one => one.readable) && trials.some(one => !one.readable);

function failuresOf(evidence: PolicyEvidence): FailedRequest[] {
  const contexts = new Map<string, ReturnType<typeof contextOf>>();
  const told = new Set(
    evidence
      .attempts('repeat')
      .filter(isMixed)
      .map(([first]) => keyOf(first as Trial)),
  );
  return evidence.declared.flatMap((trial): FailedRequest[] => {
    const { about, outcome } = trial;
    if (!isFailed(outcome) || trial.withoutCors || told.has(keyOf(trial)) || isFromCache(trial)) return [];
    told.add(keyOf(trial));
    const context = contexts.get(about.resource) ?? contextOf(evidence, about.resource);
    contexts.set(about.resource, context);
    const { reason } = trial;
    const preflight = reason !== null && reason.at === 'preflight';
    const refused = preflight ? refusedIn(trial, context.passed) : null;
    return [{ trial, reason, refused, context, symptom: symptomOf(trial) }];
  });
}
