import { wordList } from '../../case/words.ts';
import { RANKS } from '../../verdict/finding.ts';
import {
  type Ask,
  CHECK_LINKS,
  infoOf,
  type PageAttempt,
  pageFor,
  requestOf,
  step,
  withoutPreflight,
} from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { originsOf, safeMethodOf, urlFor } from '../plan.ts';
import { type Symptom, symptomOf, type Trial } from '../trial.ts';
import type { PolicyCheck } from './check.ts';
import { otherAnswer, otherStatus } from './other-answer.ts';

const ask: Ask = {
  id: 'undeclared-credentials',
  what: 'credentials that the policy does not declare',
  attempts: plan => ({
    cases: plan.resources.flatMap(resource => {
      const method = safeMethodOf(resource);
      const [origin] = originsOf(resource);
      const { credentials, path, name } = resource;
      if (!method || origin === undefined || credentials) return [];
      const attempt = (asked: PolicyResource, without: readonly string[]): PageAttempt => ({
        case: {
          id: `undeclared-credentials/${slug(without.length > 0 ? `${name} plain` : name)}`,
          title: `${method} ${path} with credentials, which the policy does not declare${without.length > 0 ? `, and without ${wordList(without)}` : ''}, is blocked`,
          spec: [CHECK_LINKS.credentials],
          ...pageFor(origin),
          steps: [
            step(requestOf(asked, urlFor(plan, path), { method, credentials: true }), { outcome: 'blocked' }),
          ],
        },
        about: infoOf(asked, {
          ask: 'undeclared-credentials',
          origin,
          method,
          credentials: true,
          ...(without.length > 0 && { without }),
        }),
      });
      const plain = withoutPreflight(resource);
      return [attempt(resource, []), ...(plain ? [attempt(plain.resource, plain.without)] : [])];
    }),
  }),
};

/** What to say where a page reads nothing but what the server answers without the headers that the policy sends. */
function otherAnswerAmong(evidence: PolicyEvidence, trial: Trial, read: readonly Trial[]): Partial<Symptom> {
  const status = otherStatus(evidence, trial);
  const isWhole = (one: Trial) =>
    one.about.resource === trial.about.resource && otherStatus(evidence, one) === undefined;
  return status === undefined || read.some(isWhole) ? {} : otherAnswer(trial, status, true);
}

const check: PolicyCheck = {
  id: 'credentials-undeclared',
  must: 'Answers to requests with credentials are not readable unless declared',
  severity: 'error',
  rank: RANKS.readsWithCredentials,
  text: 'Answers to requests with credentials are readable, though the policy declares no credentials.',
  spec: CHECK_LINKS.credentials,
  fixes: 'credentials',
  asks: [ask.id],
  ask,
  headline: ({ where, origin }) =>
    `Pages such as ${origin} can read ${where} with your users' cookies, although the policy declares no credentials`,
  untried: ({ resources }) =>
    resources.every(({ credentials }) => credentials) ? 'the policy declares credentials' : undefined,
  symptoms: evidence =>
    evidence
      .of(ask.id)
      .filter(trial => trial.readable)
      .map((trial, _, read) => ({
        ...symptomOf(trial, trial.last),
        ...otherAnswerAmong(evidence, trial, read),
      })),
};

export default check;
