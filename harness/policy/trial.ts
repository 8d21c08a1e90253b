/** One request of one attempt, with what the wire says of it; and what it shows, once a check has read it. */

import type { ScriptReport, StepObservation } from '../case/observation.ts';
import { isRedirectStatus } from '../standard/redirect.ts';
import { isPutOff } from '../standard/response.ts';
import type { Outcome } from '../standard/types.ts';
import { type Exchange, headerValue } from '../wire/exchange.ts';
import type { Attacker } from './attacker.ts';
import type { AttemptInfo, PageAttempt, WireProbe } from './attempts.ts';
import type { Concept } from './checks/check.ts';
import { answerText, diagnose, diagnoseEnd, diagnosePreflight, type WireReason } from './diagnose.ts';
import type { PolicyValues } from './policy-values.ts';

/** A case as one engine ran it. Only runs that came to an end belong here. */
export interface PolicyCaseRun {
  readonly derived: PageAttempt;
  readonly engine: string;
  /** For each step that makes a request, in order. */
  readonly steps: readonly {
    readonly outcome: Outcome;
    readonly observation: StepObservation;
    /** What the model makes of the same bytes, if it can follow them. */
    readonly replayed?: Outcome;
  }[];
}

export interface ProbeRun {
  readonly probe: WireProbe;
  readonly exchange: Exchange;
}

/** One thing seen in one place by one engine. */
export interface Symptom {
  /** The resource's name in the policy. */
  readonly resource: string;
  /** Method and path, or what else tells places apart. */
  readonly place: string;
  readonly saw: string;
  /** What a headline calls the place, where that is not its name. */
  readonly where?: string;
  /** What exactly it is about there: header names. */
  readonly names?: readonly string[];
  /** What it is like there, for the headline. */
  readonly how?: string;
  /** The value that is wrong, in the same words in every run: another one is another fault to whoever accepted it. */
  readonly exactly?: string;
  /** Nothing of the policy declares it: it was tried beside what is declared. */
  readonly unasked?: boolean;
  readonly origin?: string;
  /** Absent for a plain request. */
  readonly engine?: string;
  readonly case?: string;
  /** Instead of the check's own. */
  readonly severity?: 'error' | 'warning' | 'note';
  readonly rank?: number;
  /** Why the answer that is shown does not do, where its lines alone do not say so: one short sentence without a full stop. */
  readonly why?: string;
  /** Only a preflight was allowed: the request is carried out, but no answer was seen that the page can read. */
  readonly carriedOut?: boolean;
  /** Its status, where nothing was read but an answer that the server gives without the headers that the policy sends. */
  readonly otherAnswer?: number;
  /** Joins the check's text: what exactly. */
  readonly detail?: string;
  /** What mends it, where that is another kind of change than the check's own. */
  readonly fixes?: Concept;
  /** What to do, in whole sentences, where it is more to the point than what the check says. */
  readonly send?: (values: PolicyValues) => string;
  readonly attacker?: Attacker;
  /** The user's credentials were included. */
  readonly credentials?: boolean;
  /** The request and the answer that decide. */
  readonly exchange?: Exchange;
}

export const DECLARED: ReadonlySet<string> = new Set([
  'allowed',
  'header',
  'preflights',
  'repeat',
  'max-age',
  'cache',
  'errors',
]);

/** One request of one attempt. */
export class Trial {
  readonly about: AttemptInfo;
  /** The attempt's. */
  readonly id: string;
  /** Absent for a plain request. */
  readonly engine: string | undefined;
  /** Which of the attempt's requests it is, from 0. */
  readonly index: number;
  readonly outcome: Outcome;
  readonly exchanges: readonly Exchange[];
  /** It was asked in a mode that CORS plays no part in, so its answer shows nothing that CORS refuses. */
  readonly withoutCors: boolean;
  readonly script: ScriptReport | undefined;
  readonly replayed: Outcome | undefined;
  /** The reason on the wire for which script may not have the answer; null if there is none. */
  readonly reason: WireReason | null;

  private constructor(
    own: Pick<Trial, 'about' | 'id' | 'engine' | 'index' | 'outcome' | 'exchanges'> & {
      readonly withoutCors?: boolean;
      readonly script?: ScriptReport;
      readonly replayed?: Outcome | undefined;
      readonly reason: WireReason | null;
    },
  ) {
    this.about = own.about;
    this.id = own.id;
    this.engine = own.engine;
    this.index = own.index;
    this.outcome = own.outcome;
    this.exchanges = own.exchanges;
    this.withoutCors = own.withoutCors === true;
    this.script = own.script;
    this.replayed = own.replayed;
    this.reason = own.reason;
  }

  static ofRun(run: PolicyCaseRun): Trial[] {
    const requests = run.derived.case.steps.flatMap(one => ('request' in one ? [one] : []));
    return run.steps.map(({ outcome, observation, replayed }, index) => {
      const request = requests[index]?.request;
      const { page } = requests[index] ?? {};
      const about = {
        ...run.derived.about,
        credentials: request?.credentials === 'include',
        ...(page !== undefined && { origin: page }),
      };
      const { exchanges, script } = observation;
      // Script has the answer's head, but never the whole of what was declared.
      const seen = script.bodyError !== undefined && DECLARED.has(about.ask) ? 'error' : outcome;
      return new Trial({
        about,
        id: run.derived.case.id,
        engine: run.engine,
        index,
        outcome: seen,
        exchanges,
        withoutCors: request?.mode === 'no-cors',
        script,
        replayed,
        reason: diagnose(exchanges, askedBy(about)) ?? (isFailed(seen) ? diagnoseEnd(exchanges) : null),
      });
    });
  }

  static ofProbe({ probe, exchange }: ProbeRun): Trial {
    const { about, id } = probe;
    const asked = askedBy(about);
    const reason =
      exchange.role === 'preflight' ? diagnosePreflight(exchange, asked) : diagnose([exchange], asked);
    const outcome = reason === null ? 'readable' : 'blocked';
    return new Trial({ about, id, engine: undefined, index: 0, outcome, exchanges: [exchange], reason });
  }

  get readable(): boolean {
    return this.outcome === 'readable';
  }

  /** Whether it was asked on the wire or by the model, so that the bytes alone decide. */
  get onWire(): boolean {
    return this.engine === undefined || this.engine === 'model';
  }

  get last(): Exchange | undefined {
    return this.exchanges.at(-1);
  }

  get preflight(): Exchange | undefined {
    return this.exchanges.find(one => one.role === 'preflight');
  }

  /** A preflight came first, or alone, and let the request pass. */
  get isPermitted(): boolean {
    const { preflight, about } = this;
    return preflight !== undefined && diagnosePreflight(preflight, askedBy(about)) === null;
  }

  /** The answer to the request itself, the last one after redirects. */
  get actual(): Exchange | undefined {
    return this.exchanges.findLast(one => one.role === 'actual');
  }

  /** The exchange that decides: the first that stands against it, else the last. */
  get decisive(): Exchange | undefined {
    const asked = askedBy(this.about);
    return this.exchanges.find(one => diagnose([one], asked) !== null) ?? this.last;
  }

  /** Access-Control-Allow-Origin of the last answer; null if there is none. */
  get allowOrigin(): string | null {
    return this.last?.response
      ? headerValue(this.last.response.headers, 'access-control-allow-origin')
      : null;
  }

  /** The reason for which the same answers would stop a request without credentials; null if they would not. */
  get reasonWithout(): WireReason | null {
    const asked = { ...askedBy(this.about), credentials: false };
    const [only] = this.exchanges;
    return this.exchanges.length === 1 && only?.role === 'preflight'
      ? diagnosePreflight(only, asked)
      : diagnose(this.exchanges, asked);
  }

  /** The server said that it would rather not answer now: 429 or 503, where the policy does not declare just that. */
  get limited(): boolean {
    return this.exchanges.some(({ role, response }) => {
      const status = response?.status ?? 0;
      return isPutOff(status) && (role === 'preflight' || status !== this.about.expects);
    });
  }

  /** The policy has cookies for it, and the engine did not send them: what a page on another site then meets. */
  get lacksCookie(): boolean {
    const { cookie, credentials } = this.about;
    const request = this.exchanges.find(one => one.role === 'actual')?.request;
    return (
      cookie !== undefined &&
      credentials &&
      request !== undefined &&
      headerValue(request.headers, 'cookie') === null
    );
  }

  /** There is an answer that a browser takes for one; what an HTTP cache answered needs none. */
  get isAnswered(): boolean {
    return this.readable || this.exchanges.some(({ response }) => (response?.status ?? 0) >= 100);
  }

  /** A page sent nothing at all: the engine, not the server, was in the way. */
  get sentNothing(): boolean {
    return this.exchanges.length === 0;
  }
}

export const isFailed = (outcome: Outcome): boolean => outcome !== 'readable' && outcome !== 'opaque';

/** Whether a redirect stands among the answers to the request itself. */
export const hasRedirect = ({ exchanges }: Trial): boolean =>
  exchanges.some(({ role, response }) => role === 'actual' && isRedirectStatus(response?.status ?? 0));

export const askedBy = (about: AttemptInfo) => ({
  origin: about.origin ?? '',
  credentials: about.credentials,
  method: about.method,
  headers: about.headers,
});

/** What of a symptom the trial itself gives. */
export function symptomOf(trial: Trial, exchange: Exchange | undefined = trial.decisive): Symptom {
  const { about, engine } = trial;
  const page = engine === undefined || engine === 'model' ? '' : pageText(trial);
  return {
    resource: about.resource,
    place: `${about.method} ${about.path}`,
    saw: `${page}${exchange ? answerText(exchange) : 'No request reached the server.'}`,
    ...(about.origin !== null && { origin: about.origin }),
    ...(engine !== undefined && { engine, case: trial.id }),
    ...(about.credentials && { credentials: true }),
    ...(about.unasked && { unasked: true }),
    ...(exchange && { exchange }),
  };
}

const pageText = ({ readable, outcome }: Trial): string =>
  readable ? 'The page could read it. ' : `The page saw: ${outcome}. `;
