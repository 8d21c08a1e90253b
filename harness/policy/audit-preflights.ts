/** What an audit finds in preflights alone: requests of strangers that the server would carry out, unread. Pure. */
import { corsCheck } from '../standard/cors-check.ts';
import { explanationOf, type Finding, RANKS } from '../verdict/finding.ts';
import originNull from './checks/origin-null.ts';
import originReflected from './checks/origin-reflected.ts';
import { toldOnly } from './findings/told.ts';
import { type InferenceAnswer, isMethodAllowed } from './infer.ts';

/** Anybody's pages, and the check that is about them. */
const STRANGERS = [
  { origin: 'https://any-site.example', check: originReflected, who: 'any https site' },
  { origin: 'null', check: originNull, who: 'null' },
] as const;

/** The origins of anybody's pages: they are asked for even if they do not read. */
export const STRANGE_ORIGINS: ReadonlySet<string> = new Set(STRANGERS.map(({ origin }) => origin));

/**
 * The worst of what preflights with credentials allow anybody's pages: a browser then sends the request with the
 * user's cookies, and the server carries it out. Whether the methods are served is not asked: that could change data.
 * @param sends preflights, answered
 * @returns null if there is no such thing. Without credentials a request is one that anybody can make anyway
 */
export function carriedOutFinding(url: string, sends: readonly InferenceAnswer[]): Finding | null {
  const allowed = STRANGERS.map(stranger => ({
    ...stranger,
    answers: sends.filter(
      one => one.question.origin === stranger.origin && isMethodAllowed(one) && allowsCredentials(one),
    ),
  })).filter(({ answers }) => answers.length > 0);
  const [worst] = allowed;
  const [shown] = worst?.answers ?? [];
  if (!worst || !shown?.response) return null;
  const { check, origin, answers } = worst;
  const { pathname, search } = new URL(url);
  const methods = [...new Set(answers.map(({ question }) => question.asksMethod as string))];
  const places = methods.map(method => `${method} ${pathname}${search}`);
  const { status, headers } = shown.response;
  const where = `${methods.join(' and ')} ${pathname}${search}`;
  const told = toldOnly({ carriedOut: where, origin, credentials: true });
  return {
    id: check.id,
    rule: check.id,
    severity: check.severity,
    rank: RANKS.reads,
    headline: `${check.headline(told)}, where ${methods.length > 1 ? 'they are' : 'it is'} served`,
    resource: places.join(', '),
    places,
    origin,
    origins: allowed.map(one => one.origin),
    letIn: allowed.map(({ who }) => who),
    engines: [],
    request: { method: 'OPTIONS', url, headers: [...shown.question.headers] },
    answer: {
      status,
      lines: headers,
      decides: ['access-control-allow-origin', 'access-control-allow-credentials'],
    },
    explanation: explanationOf('Preflights of pages of anybody are allowed with credentials.', [
      'The pages cannot read the answers, but what the requests do is done.',
    ]),
    fix: 'Answer a preflight by the same list of origins as the request itself: to an Origin that is not on it, send neither Access-Control-Allow-Origin nor Access-Control-Allow-Credentials.',
    helpUri: `docs/findings/${check.id}.md`,
    spec: check.spec,
    fault: 'server',
    evidence: [],
  };
}

const allowsCredentials = ({ question, response }: InferenceAnswer): boolean =>
  response !== null && corsCheck(question.origin ?? '', 'include', response.headers).ok;
