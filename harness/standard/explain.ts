/**
 * Explanations: from a prediction's trace to one plain sentence, the link to the step that decided, and what to
 * change on the server. The sentences begin with the words of browsers' consoles, so that a search finds them.
 * Values from servers stand in them as they are: whoever prints them escapes them.
 */
import { explainAllowOrigin } from './explain-origin.ts';
import type { Prediction, TraceStep } from './types.ts';

export interface Explanation {
  /** One plain sentence. */
  readonly text: string;
  /** The link to the step that decided. */
  readonly spec: string;
  /** What to change, where that helps: on the server, unless it says otherwise. */
  readonly fix?: string;
}

/** Why a request ended as it did: the decisive step first. Empty only for a trace without steps. */
export function explain(prediction: Prediction): Explanation[] {
  const { trace } = prediction;
  const stop = trace.findLast(step => step.result === 'stop');
  if (stop && prediction.script.outcome !== 'readable') return [explainStep(stop)];
  const decisive =
    trace.find(step => step.id === 'not-modelled') ??
    trace.findLast(step => step.id === 'response.cors-check') ??
    trace.findLast(step => step.id.startsWith('filter.') || step.id.startsWith('main.'));
  return decisive ? [{ text: decisive.text, spec: decisive.section }] : [];
}

/** The explanation of one step of a trace. */
export function explainStep(step: TraceStep): Explanation {
  const { section: spec, values } = step;
  const value = (name: string) => values[name] ?? '(absent)';
  const at = value('at') === 'preflight' ? 'preflight' : 'response';
  const blocked = at === 'preflight' ? `${AT_PREFLIGHT}${ACCESS_CONTROL}` : 'Blocked at the response: ';
  const answer = at === 'preflight' ? 'the answer to OPTIONS' : 'this answer';
  switch (step.id) {
    case 'cors.allow-origin-missing': {
      const failed = Number(value('status')) >= 400 && at === 'response';
      return {
        text: `${blocked}No 'Access-Control-Allow-Origin' header is present on the requested resource${
          failed ? ` (status ${value('status')})` : ''
        }.`,
        spec,
        fix: `Send "Access-Control-Allow-Origin: ${value('origin')}" and "Vary: Origin" with ${answer}${
          failed ? '; many servers leave CORS headers out of their error answers' : ''
        }.`,
      };
    }
    case 'cors.allow-origin-wildcard-with-credentials':
      return {
        text: `${blocked}The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.`,
        spec,
        fix: `Send "Access-Control-Allow-Origin: ${value('origin')}", "Access-Control-Allow-Credentials: true" and "Vary: Origin" with ${answer}, or make the request without credentials.`,
      };
    case 'cors.allow-origin-differs': {
      const { what, fix } = explainAllowOrigin(
        value('Access-Control-Allow-Origin'),
        value('origin'),
        value('page origin'),
      );
      return { text: `${blocked}${what}`, spec, fix: `${fix} (in ${answer}).` };
    }
    case 'cors.allow-credentials-missing':
    case 'cors.allow-credentials-differs': {
      const got = step.id.endsWith('missing') ? '' : value('Access-Control-Allow-Credentials');
      const hint = got.trim().toLowerCase() === 'true' ? ', in exactly these letters,' : '';
      return {
        text: `${blocked}The value of the 'Access-Control-Allow-Credentials' header in the response is '${got}' which must be 'true'${hint} when the request's credentials mode is 'include'.`,
        spec,
        fix: `Send "Access-Control-Allow-Credentials: true" once with ${answer}, or make the request without credentials.`,
      };
    }
    case 'preflight.status':
      return {
        text: `${AT_PREFLIGHT}${ACCESS_CONTROL}It does not have HTTP ok status: it has ${value('status')}.`,
        spec,
        fix: preflightStatusFix(value('status')),
      };
    case 'preflight.redirect':
      return {
        text: `${AT_PREFLIGHT}${ACCESS_CONTROL}Redirect is not allowed for a preflight request (status ${value('status')}).`,
        spec,
        fix: 'Answer OPTIONS at this very URL with 204; redirects to https, to a login page or to a trailing slash come too early.',
      };
    case 'preflight.list-invalid':
      return {
        text: `${AT_PREFLIGHT}${value('header')} is '${value('value')}', which is not a comma-separated list of names, so all of it fails.`,
        spec,
        fix: `List bare names, separated by commas, in ${value('header')}.`,
      };
    case 'preflight.method':
      return explainMethod(spec, value);
    case 'preflight.header':
      return explainHeader(spec, value);
    case 'construct':
      return { text: `The call itself fails: ${step.text}`, spec };
    default:
      return plain(step);
  }
}

const AT_PREFLIGHT = 'Blocked at the preflight: ';
const ACCESS_CONTROL = "Response to preflight request doesn't pass access control check: ";

type Value = (name: string) => string;

function preflightStatusFix(status: string): string {
  if (status === '401' || status === '403') {
    return 'Answer OPTIONS with 204 before authentication: a preflight never carries credentials.';
  }
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
  const fix = `List ${missing} in the Access-Control-Allow-Headers of the answer to OPTIONS.`;
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
