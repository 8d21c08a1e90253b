import { isRedirectStatus } from '../../standard/redirect.ts';
import { isOkStatus } from '../../standard/response.ts';
import { RANKS } from '../../verdict/finding.ts';
import { type Exchange, headerValue } from '../../wire/exchange.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyResource } from '../config/read.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { type Symptom, symptomOf, type Trial } from '../trial.ts';
import type { PolicyCheck } from './check.ts';

/** Of a resource that is served elsewhere; of any other nothing was served. */
export const MOVED = 'moved';

/** The answer that the resource itself gave, before any redirect was followed. */
const ownAnswer = ({ exchanges }: Trial): Exchange | undefined =>
  exchanges.find(({ role }) => role === 'actual');

/**
 * Redirected for good, by the same method, to what is served: the resource is only written in another way, such as with
 * a slash at its end. Any other redirect may lead to a login.
 */
function isMoved({ exchanges, actual, about }: Trial): boolean {
  const redirects = exchanges.filter(
    ({ role, response }) => role === 'actual' && isRedirectStatus(response?.status ?? 0),
  );
  return (
    redirects.length > 0 &&
    redirects.every(({ response }) => response?.status === 301 || response?.status === 308) &&
    actual?.request.method === about.method &&
    isOkStatus(actual.response?.status ?? 0)
  );
}

/** Still an error: nobody has asked as an undeclared origin for what is answered there. */
const moved = (method: string, location: string): Partial<Symptom> => ({
  how: MOVED,
  why: `It is served at ${location}`,
  detail: `${method}: every request is redirected to ${location}, where it is served.`,
  send: () =>
    'Declare the path that it is redirected to, so that what is answered there is asked for by undeclared origins, too. Clients that ask for it spare a request.',
});

/** An answer below 400 that is not a redirect; or the status that the policy declares. */
function isServed(resource: PolicyResource, trial: Trial): boolean {
  const status = ownAnswer(trial)?.response?.status ?? 0;
  const declared = resource.status(trial.about.method, trial.about.credentials);
  if (declared !== undefined && declared >= 300) return status === declared;
  return status >= 100 && status < 400 && !isRedirectStatus(status);
}

const causeOf = (status: number, location: string | null): string => {
  if (location !== null) return `every request is redirected to ${location}`;
  if (status === 401 || status === 403)
    return `every request is answered with ${status}: a login, a token or a cookie is missing in the policy, or not accepted`;
  if (status === 404) return 'every request is answered with 404: the path is mistyped, or needs real values';
  if (status === 405) return 'every request is answered with 405: the method is not served there';
  return `every request is answered with ${status}`;
};

function symptomsFor(evidence: PolicyEvidence, resource: PolicyResource, method: string): Symptom[] {
  const isOwn = ({ about }: Trial): boolean =>
    about.ask === 'allowed' && about.resource === resource.name && about.method === method;
  // It may be served to those who are logged in; login-ended tells why that was not seen.
  if (evidence.loggedOut.some(isOwn)) return [];
  const asked = evidence.of('allowed').filter(isOwn);
  const answered = asked.filter(trial => ownAnswer(trial)?.response && !trial.lacksCookie);
  const [first] = answered.filter(({ about }) => about.credentials === resource.credentials);
  const shown = first ?? answered[0];
  if (!shown || answered.some(trial => isServed(resource, trial))) return [];
  const exchange = ownAnswer(shown) as Exchange;
  const { status = 0, headers = [] } = exchange.response ?? {};
  const location = isRedirectStatus(status) ? (headerValue(headers, 'location') ?? '(no Location)') : null;
  if (answered.some(isMoved)) return [{ ...symptomOf(shown, exchange), ...moved(method, location ?? '') }];
  const detail = `${method}: ${causeOf(status, location)}.`;
  return [{ ...symptomOf(shown, exchange), detail, send: () => advice(toCorrect(status, exchange)) }];
}

const advice = (what: string): string =>
  `Try the curl line. Then correct ${what}. In a configuration, leave out a method that is not served there, or declare the status that it has.`;

/** What to look at before the policy is blamed. */
function toCorrect(status: number, { request }: Exchange): string {
  if ([400, 413, 415, 422].includes(status) && request.bodyBytes > 0)
    return 'the body, its Content-Type, the URL or the login';
  if (status === 400 || status === 421)
    return `the URL or the headers, or let the server serve the host name ${new URL(request.url).hostname}, too`;
  return 'the URL, the headers or the login';
}

const check: PolicyCheck = {
  id: 'resource-fails',
  must: 'Every declared method is answered with something other than an error or a redirect',
  severity: 'error',
  rank: RANKS.fails,
  text: 'A declared method was not served where the policy declares it, so what the policy says of it was only tried on errors or redirects. Correct the path, the method, the headers or the login, or declare the status.',
  spec: CHECK_LINKS.cors,
  fixes: 'reach',
  send: () => advice('the URL, the headers or the login'),
  asks: ['allowed'],
  explains: { here: ['error-without-cors', 'status-differs'] },
  headline: ({ where, plural, how }) =>
    how === MOVED
      ? `${where} ${plural ? 'are' : 'is'} redirected to another path, on which undeclared origins were not tried`
      : `Nothing was served for ${where}, so ${plural ? 'they' : 'it'} could not be verified`,
  symptoms: evidence =>
    evidence.plan.resources.flatMap(resource =>
      resource.methods.flatMap(method => symptomsFor(evidence, resource, method)),
    ),
};

export default check;
