/** Symptoms of what is declared and does not work. */
import { type Exchange, headerValue } from '../wire/exchange.ts';
import type { About } from './derived.ts';
import { type Asked, answerText, diagnose, diagnosePreflight, type Reason } from './diagnose.ts';
import type { RuleId } from './rule-texts.ts';
import { type CaseRun, type Evidenced, exchangesOf, type Symptom, seenIn } from './symptoms.ts';

const DECLARED = new Set([
  'allowed',
  'allowed-header',
  'repeat',
  'max-age',
  'cache-ladder',
  'error-readable',
]);

const askedBy = (about: About): Asked => ({
  origin: about.origin ?? '',
  credentials: about.credentials,
  method: about.method,
  headers: about.headers,
});

interface Preflighted {
  readonly about: About;
  readonly exchange: Exchange;
  readonly ok: boolean;
}

/** What all runs show of a resource; a single failure is read in its light. */
interface Context {
  readonly preflights: readonly Preflighted[];
  /** Whether any actual request from a declared origin got a fitting Access-Control-Allow-Origin. */
  readonly answersAllow: boolean;
}

function contextOf(runs: readonly CaseRun[]): Context {
  const preflights: Preflighted[] = [];
  let answersAllow = false;
  for (const run of runs) {
    const { about } = run.derived;
    if (!DECLARED.has(about.check)) continue;
    for (const exchange of exchangesOf(run)) {
      if (exchange.role === 'preflight')
        preflights.push({ about, exchange, ok: diagnosePreflight(exchange, askedBy(about)) === null });
      else if (
        exchange.response &&
        about.check !== 'error-readable' &&
        headerValue(exchange.response.headers, 'access-control-allow-origin') !== null
      )
        answersAllow = true;
    }
  }
  return { preflights, answersAllow };
}

/** A refused preflight beside one that passes: they differ in the origin, the method or the headers asked for. */
function refusedFor(about: About, context: Context): RuleId | null {
  const passed = context.preflights.filter(one => one.ok);
  if (passed.length === 0) return null;
  const sameMethod = passed.filter(one => one.about.method === about.method);
  const asksTheSame = (one: Preflighted) => one.about.headers.join() === about.headers.join();
  if (sameMethod.some(one => asksTheSame(one) && one.about.origin !== about.origin))
    return 'origin-not-allowed';
  return sameMethod.length > 0 ? 'header-not-allowed' : 'method-not-allowed';
}

function statusRule(status: number, about: About, context: Context): RuleId {
  if (status < 500) {
    const refused = refusedFor(about, context);
    if (refused) return refused;
  }
  if (status === 401 || status === 403 || status === 407) return 'preflight-auth';
  return status === 404 || status === 405 || status === 501 ? 'preflight-not-routed' : 'preflight-status';
}

function missingRule(reason: Reason & { id: 'origin-missing' }, about: About, context: Context): RuleId {
  if (reason.at === 'preflight') {
    const refused = refusedFor(about, context);
    if (refused) return refused;
    return context.answersAllow ? 'preflight-without-cors' : 'origin-not-allowed';
  }
  if (reason.status >= 400 && (context.answersAllow || about.check === 'error-readable'))
    return 'error-without-cors';
  const passed = context.preflights.some(one => one.ok && one.about.origin === about.origin);
  return passed && !context.answersAllow ? 'response-without-cors' : 'origin-not-allowed';
}

/** The rule that a reason on the wire breaks, and what exactly. */
function ruleFor(
  reason: Reason,
  about: About,
  context: Context,
): { rule: RuleId; detail?: string; place?: string } {
  const at = reason.at === 'preflight' ? ' on the preflight' : '';
  switch (reason.id) {
    case 'no-answer':
      return {
        rule: 'no-answer',
        detail: `To the ${reason.at === 'preflight' ? 'preflight' : 'request'}: ${reason.note}.`,
      };
    case 'redirect':
      return {
        rule: reason.at === 'preflight' ? 'preflight-redirect' : 'redirect-without-cors',
        detail: `It points to ${reason.location || '(no Location)'}.`,
      };
    case 'status':
      return {
        rule: statusRule(reason.status, about, context),
        detail: `The preflight is answered with ${reason.status}.`,
      };
    case 'origin-missing':
      return { rule: missingRule(reason, about, context) };
    case 'origin-wildcard':
      return { rule: 'wildcard-with-credentials' };
    case 'origin-repeated':
      return { rule: 'origin-repeated', detail: `Seen${at}: ${reason.values.join(', ')}.` };
    case 'origin-misspelt':
      return { rule: 'origin-misspelt', detail: `"${reason.value}"${at}: ${reason.how}.` };
    case 'origin-other':
      return { rule: 'origin-not-allowed', detail: `The answer${at} names ${reason.value} instead.` };
    case 'credentials-missing':
      return { rule: 'credentials-missing', ...(at && { detail: 'It is missing on the preflight.' }) };
    case 'credentials-misspelt':
      return { rule: 'credentials-misspelt', detail: `It is "${reason.value}"${at}.` };
    case 'list-malformed':
      return { rule: 'list-malformed', detail: `${reason.header}: ${reason.value}` };
    case 'method':
      return {
        rule: 'method-not-allowed',
        detail: reason.wildcard
          ? 'Access-Control-Allow-Methods is "*", which is no wildcard where credentials are included.'
          : reason.listed === null
            ? 'Access-Control-Allow-Methods is missing.'
            : `Allowed are ${reason.listed}.${reason.listed.toUpperCase().includes(about.method) ? ' Methods are compared with case.' : ''}`,
      };
    case 'header':
      return {
        rule: 'header-not-allowed',
        place: reason.names.join(', '),
        detail: reason.wildcard
          ? `Access-Control-Allow-Headers is "*", which ${about.credentials ? 'is no wildcard where credentials are included' : 'does not cover Authorization'}.`
          : reason.listed === null
            ? 'Access-Control-Allow-Headers is missing.'
            : `Allowed are ${reason.listed}.`,
      };
  }
}

function symptomsOfStep(run: CaseRun, index: number, context: Context): Symptom[] {
  const { about } = run.derived;
  const one = run.steps[index] as CaseRun['steps'][number];
  const { exchanges } = one.observation;
  const reason = diagnose(exchanges, askedBy(about));
  const last = exchanges.at(-1);
  const page = one.outcome === 'readable' ? 'The page could read it.' : `The page saw: ${one.outcome}.`;
  if (one.outcome === 'readable') {
    if (reason?.id !== 'header' || !reason.wildcard) return [];
    const { rule, detail, place } = ruleFor(reason, about, context);
    return [
      {
        ...seenIn(run),
        rule,
        place: `${about.path} ${place}`,
        severity: 'warning',
        saw: `${page} ${last ? answerText(last) : ''}`,
        detail: `${detail} This browser accepts it all the same; the Standard does not.`,
      },
    ];
  }
  if (about.check === 'cache-ladder' && (!reason || exchanges.length === 0))
    return [
      {
        ...seenIn(run),
        rule: 'vary-missing',
        place: about.path,
        severity: 'error',
        saw: `${page} The answer came from the HTTP cache, where an earlier request without CORS or from another origin had left it.`,
      },
    ];
  if (!reason)
    return [
      {
        ...seenIn(run),
        rule: 'engine-differs',
        saw: `${page} ${last ? answerText(last) : 'No request reached the server.'}`,
        fault: 'engine',
      },
    ];
  const { rule, detail, place } = ruleFor(reason, about, context);
  const decisive = exchanges.find(exchange => diagnose([exchange], askedBy(about)) !== null) ?? last;
  const where =
    rule === 'header-not-allowed'
      ? `${about.path} ${place ?? about.headers.join(', ')}`
      : `${about.method} ${about.path}`;
  return [
    {
      ...seenIn(run),
      rule,
      place: where,
      saw: `${page} ${decisive ? answerText(decisive) : ''}`.trim(),
      ...(detail && { detail }),
      fault: 'server',
    },
  ];
}

/** Symptoms of every declared thing that was tried. */
export function allowedSymptoms({ runs, resources }: Evidenced): Symptom[] {
  const symptoms: Symptom[] = [];
  for (const name of [...resources.map(one => one.name), 'errors']) {
    const own = runs.filter(run => run.derived.about.resource === name);
    const context = contextOf(own);
    for (const run of own) {
      const { check } = run.derived.about;
      if (!DECLARED.has(check)) continue;
      const readable = run.steps.filter(one => one.outcome === 'readable').length;
      if (check === 'repeat' && readable > 0 && readable < run.steps.length) {
        const pattern = run.steps.map(one => (one.outcome === 'readable' ? 'allowed' : 'refused')).join(', ');
        symptoms.push({
          ...seenIn(run),
          rule: 'answer-changes',
          saw: `Four times the same request: ${pattern}.`,
        });
        continue;
      }
      for (const [index, one] of run.steps.entries()) {
        if (one.outcome === 'opaque') continue;
        const found = symptomsOfStep(run, index, context);
        symptoms.push(...found);
        if (found.length > 0) break;
      }
      symptoms.push(...statusSymptoms(run));
    }
  }
  return symptoms;
}

/** A readable answer with another status than the policy says. */
function statusSymptoms(run: CaseRun): Symptom[] {
  const requests = run.derived.case.steps.flatMap(one => ('request' in one ? [one] : []));
  return run.steps.flatMap((one, index) => {
    const wanted = requests[index]?.expect.status;
    const { status } = one.observation.script;
    if (index > 0 || one.outcome !== 'readable' || wanted === undefined || status === wanted) return [];
    return { ...seenIn(run), rule: 'status-differs' as const, saw: `${status} instead of ${wanted}.` };
  });
}
