/**
 * Explanations: from a prediction's trace to one plain sentence, the link to the step that decided, and what to
 * change on the server. The sentences begin with the words of browsers' consoles, so that a search finds them.
 * Values from servers stand in them as they are: whoever prints them escapes them.
 */

import { explainAllowOrigin, type Taint } from './explain-origin.ts';
import { isRedirectStatus } from './redirect.ts';
import type { Prediction, TraceStep } from './types.ts';
import { isUrl } from './url.ts';

export interface Explanation {
  /** One plain sentence. */
  readonly text: string;
  /** The link to the step that decided, if it was one of the Standard's. */
  readonly spec?: string | undefined;
  /** What to change, where that helps: on the server, unless it says otherwise. */
  readonly fix?: string | undefined;
}

/** Why a request ended as it did: the decisive step first. Empty only for a trace without steps. */
export function explain(prediction: Prediction): Explanation[] {
  const { trace } = prediction;
  const stop = trace.findLast(step => step.result === 'stop');
  if (stop && prediction.script.outcome !== 'readable') return [explainStep(stop, trace)];
  const decisive =
    trace.find(step => step.id === 'not-modelled') ??
    trace.findLast(step => step.id === 'response.cors-check') ??
    trace.findLast(step => step.id.startsWith('filter.') || step.id.startsWith('main.'));
  return decisive ? [{ text: decisive.text, spec: decisive.section }] : [];
}

/** What a step is explained from. */
interface Explaining {
  readonly step: TraceStep;
  readonly value: Value;
  /** Beginning of the sentence: where the request was blocked. */
  readonly blocked: string;
  /** The answer that has to change. */
  readonly answer: string;
  /** How the origin became null by a redirect; undefined if it did not. */
  readonly taint: Taint | undefined;
}

const EXPLAINED: Readonly<Record<string, (explaining: Explaining) => Explanation>> = {
  'cors.allow-origin-missing': explainMissing,
  'cors.allow-origin-wildcard-with-credentials': explainWildcard,
  'cors.allow-origin-differs': explainDifferent,
  'cors.allow-credentials-missing': explainCredentials,
  'cors.allow-credentials-differs': explainCredentials,
  'preflight.status': ({ step: { section: spec }, value }) => ({
    text: `${AT_PREFLIGHT}${ACCESS_CONTROL}It does not have HTTP ok status: it has ${value('status')}.`,
    spec,
    fix: preflightStatusFix(value('status')),
  }),
  'preflight.redirect': ({ step: { section: spec }, value }) => ({
    text: `${AT_PREFLIGHT}${ACCESS_CONTROL}Redirect is not allowed for a preflight request (status ${value('status')}).`,
    spec,
    fix: 'Answer OPTIONS at this very URL with 204. A redirect to https, to a login page or to a trailing slash must not come before it.',
  }),
  'preflight.list-invalid': ({ step: { section: spec }, value }) => ({
    text: `${AT_PREFLIGHT}${value('header')} is '${value('value')}', which is not a comma-separated list of names, so all of it fails.`,
    spec,
    fix: `List bare names, separated by commas, in ${value('header')}.`,
  }),
  'preflight.method': ({ step, value }) => explainMethod(step.section, value),
  'preflight.header': ({ step, value }) => explainHeader(step.section, value),
  construct: ({ step }) => ({ text: `The call itself fails: ${step.text}`, spec: step.section }),
};

/**
 * The explanation of one step.
 *
 * @param trace the steps that led to it: they tell how a redirect made the origin null
 */
export function explainStep(step: TraceStep, trace: readonly TraceStep[] = []): Explanation {
  const value = (name: string) => step.values[name] ?? '(absent)';
  const atPreflight = value('at') === 'preflight';
  const explained = EXPLAINED[step.id];
  if (!explained) return plain(step);
  return explained({
    step,
    value,
    blocked: atPreflight ? `${AT_PREFLIGHT}${ACCESS_CONTROL}` : 'Blocked at the response: ',
    answer: atPreflight ? 'the answer to OPTIONS' : 'this answer',
    taint: taintOf(value('origin'), value('page origin'), trace),
  });
}

/** The redirect after which the Origin header says null. */
function taintOf(origin: string, page: string, trace: readonly TraceStep[]): Taint | undefined {
  if (origin !== 'null' || page === 'null') return undefined;
  const redirect = trace.find(step => step.id === 'redirect.followed' && step.values.origin === 'null');
  const { from = 'one origin', to = 'another' } = redirect?.values ?? {};
  return { from: originOf(from), to: originOf(to) };
}

const originOf = (url: string): string => (isUrl(url) ? new URL(url).origin : url);

function explainMissing({ step, value, blocked, answer, taint }: Explaining): Explanation {
  const code = Number(value('status'));
  const told = code >= 300 ? ` (status ${value('status')})` : '';
  const allow = allowing(value, answer, taint);
  return {
    text: `${blocked}No 'Access-Control-Allow-Origin' header is present on the requested resource${told}.`,
    spec: step.section,
    fix: [...fixOfStatus(code, value('at') === 'preflight'), allow].join(' '),
  };
}

/** What comes before the header: an answer with such a status is most often not the one that was meant. */
function fixOfStatus(status: number, preflight: boolean): string[] {
  if (status < 300) return [];
  if (preflight) return [preflightStatusFix(String(status))];
  if (isRedirectStatus(status))
    return [
      'This answer is a redirect: let the page ask for the URL that it leads to, or allow the page on the redirect as well.',
    ];
  return status < 400
    ? []
    : ['Many servers leave CORS headers out of their error answers: look for the reason of the error first.'];
}

function explainWildcard({ step, value, blocked, answer, taint }: Explaining): Explanation {
  return {
    text: `${blocked}The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.`,
    spec: step.section,
    fix: `${allowing(value, answer, taint)} Or make the request without credentials.`,
  };
}

function explainDifferent({ step, value, blocked, answer, taint }: Explaining): Explanation {
  const origin = value('origin');
  const { what, once, isOther } = explainAllowOrigin(value('Access-Control-Allow-Origin'), origin, taint);
  return { text: `${blocked}${what}`, spec: step.section, fix: fix() };

  function fix(): string {
    if (origin === 'null') return allowing(value, answer, taint);
    const send = `"Access-Control-Allow-Origin: ${origin}"`;
    // Somebody else's page is meant to be kept out: nothing has to be changed for that.
    return isOther
      ? `If pages of ${origin} may read it, send exactly ${send} and "Vary: Origin" with ${answer}; if not, the server does what it should.`
      : `Send exactly ${send}${once} (in ${answer}).`;
  }
}

function explainCredentials({ step, value, blocked, answer, taint }: Explaining): Explanation {
  const got = step.id.endsWith('missing') ? '' : value('Access-Control-Allow-Credentials');
  const hint = got.trim().toLowerCase() === 'true' ? ', in exactly these letters,' : '';
  const fix =
    value('origin') === 'null'
      ? allowing(value, answer, taint)
      : `Send "Access-Control-Allow-Credentials: true" once with ${answer}, if pages of ${value('origin')} may read what it says to a signed-in user. Or make the request without credentials.`;
  return {
    text: `${blocked}The value of the 'Access-Control-Allow-Credentials' header in the response is '${got}' which must be 'true'${hint} when the request's credentials mode is 'include'.`,
    spec: step.section,
    fix,
  };
}

/**
 * What to send so that this origin may read the answer. Never "null": it stands for every sandboxed frame and every
 * page that a redirect made anonymous, so listing it lets any site read.
 */
function allowing(value: Value, answer: string, taint: Taint | undefined): string {
  const origin = value('origin');
  const included = value('credentials mode') === 'include';
  if (origin !== 'null') {
    const credentials = included ? ', "Access-Control-Allow-Credentials: true"' : '';
    return `Send "Access-Control-Allow-Origin: ${origin}"${credentials} and "Vary: Origin" with ${answer}, if pages of ${origin} may read it.`;
  }
  const way = taint
    ? `Let the page ask ${taint.to} directly, or redirect only within one origin.`
    : 'Load the page from a URL of its own, without sandbox or with allow-same-origin, and allow that origin.';
  const publicly = included
    ? 'No header can safely allow this with credentials.'
    : 'Data that everybody may read can be sent with "Access-Control-Allow-Origin: *".';
  return `Do not list null: any site can make requests with that origin. ${way} ${publicly}`;
}

const AT_PREFLIGHT = 'Blocked at the preflight: ';
const ACCESS_CONTROL = "Response to preflight request doesn't pass access control check: ";

type Value = (name: string) => string;

function preflightStatusFix(status: string): string {
  if (status === '401' || status === '407') {
    return 'Answer OPTIONS with 204 before authentication: a preflight never carries credentials.';
  }
  if (status === '403') {
    return 'Answer OPTIONS with 204 before whatever forbids it, such as a firewall, a CSRF check or an access rule.';
  }
  if (isRedirectStatus(Number(status)))
    return 'Answer OPTIONS at this very URL with 204: a preflight may not be redirected.';
  if (status === '404' || status === '405') return 'Route OPTIONS for this URL, and answer it with 204.';
  return 'Answer OPTIONS with a status from 200 to 299, such as 204.';
}

function explainMethod(spec: string, value: Value): Explanation {
  const method = value('method');
  const listed = value('Access-Control-Allow-Methods');
  const names = listed.split(',').map(name => name.trim());
  const near = names.find(name => name.toLowerCase() === method.toLowerCase());
  const fix = `List ${method} in the Access-Control-Allow-Methods of the answer to OPTIONS.`;
  const refused = `${AT_PREFLIGHT}Method ${method} is not allowed by Access-Control-Allow-Methods in preflight response`;
  if (near !== undefined) {
    return {
      text: `${refused}: Access-Control-Allow-Methods lists ${near}, the request's method is ${method}, and method names are compared case-sensitively.`,
      spec,
      fix:
        method === method.toUpperCase()
          ? fix
          : `Write the method as ${near} in the request, or list ${method} too.`,
    };
  }
  if (names.includes('*')) {
    return {
      text: `${refused}: '*' is no wildcard when the request's credentials mode is 'include'.`,
      spec,
      fix,
    };
  }
  return { text: `${refused}, which is ${listed === '(absent)' ? 'absent' : `'${listed}'`}.`, spec, fix };
}

function explainHeader(spec: string, value: Value): Explanation {
  const missing = value('missing');
  const listed = value('Access-Control-Allow-Headers');
  const several = missing.includes(',');
  const refused = `${AT_PREFLIGHT}Request header field${several ? 's' : ''} ${missing} ${
    several ? 'are' : 'is'
  } not allowed by Access-Control-Allow-Headers in preflight response`;
  const fix = `List ${missing} in the Access-Control-Allow-Headers of the answer to OPTIONS. Or do not send ${several ? 'them' : 'it'}.`;
  if (listed.split(',').some(name => name.trim() === '*')) {
    const why =
      value('credentials mode') === 'include'
        ? "'*' is no wildcard when the request's credentials mode is 'include'"
        : "'*' does not cover Authorization, which has to be listed by name";
    return { text: `${refused}: ${why}.`, spec, fix };
  }
  return { text: `${refused}, which is ${listed === '(absent)' ? 'absent' : `'${listed}'`}.`, spec, fix };
}

const FIXES: Readonly<Record<string, string>> = {
  'network-failure': 'Make sure that the server answers this request, and with valid HTTP.',
  'redirect.location-invalid': 'Send exactly one Location line, with a valid URL.',
  'redirect.scheme': 'Redirect to an http or https URL.',
  'redirect.too-many': 'Shorten the chain of redirects.',
  'redirect.credentials-cross-origin': 'Leave user name and password out of the Location URL.',
  'redirect.credentials-tainted': 'Leave user name and password out of the Location URL.',
  'redirect.stream-body': 'Answer the upload without a redirect, or with 303.',
  'redirect.error-mode': 'Answer without a redirect, or let the page follow it.',
  'mixed-content': 'Serve the resource over https.',
  'bad-port': 'Serve the resource on another port.',
  corp: 'Send "Cross-Origin-Resource-Policy: cross-origin", or let the page use CORS.',
};

function plain({ id, text, section: spec }: TraceStep): Explanation {
  const fix = FIXES[id];
  return fix === undefined ? { text, spec } : { text, spec, fix };
}
