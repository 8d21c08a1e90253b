/** What an audit finds in preflights alone: requests that the server would carry out, unread. Pure. */
import { corsCheck } from '../standard/cors-check.ts';
import { explanationOf, type Finding, RANKS } from '../verdict/finding.ts';
import type { Attacker } from './attacker.ts';
import { attackersFor, LOOK_ALIKES } from './attackers.ts';
import { ORIGIN_CHECKS } from './checks/origins.ts';
import { originRules } from './config/origins.ts';
import { groupLetIn } from './findings/let-in.ts';
import { toldOnly } from './findings/told.ts';
import { type InferenceAnswer, isMethodAllowed } from './infer.ts';

/** Anybody's pages. */
const STRANGERS = [
  { origin: 'https://any-site.example', kind: 'unrelated' },
  { origin: 'null', kind: 'null' },
] as const;

const isStranger = ({ kind }: Suspect): boolean => STRANGERS.some(stranger => stranger.kind === kind);

type Suspect = Pick<Attacker, 'origin' | 'kind'>;

/** Origins like those that are meant to read, one of each kind that careless matching lets in. @param given as the user named them; else the server's own */
export function lookAlikesOf(url: string, given: readonly string[]): readonly Attacker[] {
  const { origin } = new URL(url);
  const all = attackersFor(originRules(given.length > 0 ? [...given] : [origin]), origin);
  return all.filter(({ id }) => LOOK_ALIKES.includes(id));
}

/** Origins whose preflights are asked for even if they do not read: another layer may answer those. */
export const suspectOrigins = (lookAlikes: readonly Attacker[]): ReadonlySet<string> =>
  new Set([...STRANGERS, ...lookAlikes].map(({ origin }) => origin));

/**
 * The worst of what preflights with credentials allow pages of anybody, or look-alikes: a browser then sends the request
 * with the user's cookies, and the server carries it out. Whether the methods are served is not asked: that could change
 * data.
 * @param sends preflights, answered
 * @returns null if there is no such thing. Without credentials a request is one that anybody can make anyway
 */
export function carriedOutFinding(
  url: string,
  sends: readonly InferenceAnswer[],
  lookAlikes: readonly Attacker[],
): Finding | null {
  const suspects: readonly Suspect[] = [...STRANGERS, ...lookAlikes];
  const allowed = ORIGIN_CHECKS.flatMap(check =>
    suspects
      .filter(({ kind }) => kind === check.kind)
      .map(suspect => ({
        check,
        suspect,
        answers: sends.filter(
          one => one.question.origin === suspect.origin && isMethodAllowed(one) && allowsCredentials(one),
        ),
      })),
  ).filter(({ answers }) => answers.length > 0);
  const [worst] = allowed;
  const [shown] = worst?.answers ?? [];
  if (!worst || !shown?.response) return null;
  const { check, suspect, answers } = worst;
  const { origin } = suspect;
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
    origins: allowed.map(one => one.suspect.origin),
    letIn: groupLetIn(allowed.map(one => one.suspect)),
    engines: [],
    request: { method: 'OPTIONS', url, headers: [...shown.question.headers] },
    answer: {
      status,
      lines: headers,
      decides: ['access-control-allow-origin', 'access-control-allow-credentials'],
    },
    explanation: explanationOf(
      `Preflights of pages ${isStranger(suspect) ? 'of anybody' : `on ${origin}`} are allowed with credentials.`,
      ['The pages cannot read the answers, but what the requests do is done.'],
    ),
    fix: 'Answer a preflight by the same list of origins as the request itself: to an Origin that is not on it, send neither Access-Control-Allow-Origin nor Access-Control-Allow-Credentials.',
    helpUri: `docs/findings/${check.id}.md`,
    spec: check.spec,
    fault: 'server',
    evidence: [],
  };
}

const allowsCredentials = ({ question, response }: InferenceAnswer): boolean =>
  response !== null && corsCheck(question.origin ?? '', 'include', response.headers).ok;
