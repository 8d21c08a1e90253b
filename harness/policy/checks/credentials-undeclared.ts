import { RANKS } from '../../verdict/finding.ts';
import { type Ask, CHECK_LINKS, infoOf, pageFor, requestOf, step } from '../attempts.ts';
import { slug } from '../config/read.ts';
import { originsOf, safeMethodOf, urlFor } from '../plan.ts';
import { symptomOf } from '../trial.ts';
import type { PolicyCheck } from './check.ts';

const ask: Ask = {
  id: 'undeclared-credentials',
  what: 'credentials that the policy does not declare',
  attempts: plan => ({
    cases: plan.resources.flatMap(resource => {
      const method = safeMethodOf(resource);
      const [origin] = originsOf(resource);
      const { credentials, path, name } = resource;
      if (!method || origin === undefined || credentials) return [];
      const request = requestOf(resource, urlFor(plan, path), { method, credentials: true });
      return [
        {
          case: {
            id: `undeclared-credentials/${slug(name)}`,
            title: `${method} ${path} with credentials, which the policy does not declare, is blocked`,
            spec: [CHECK_LINKS.credentials],
            ...pageFor(origin),
            steps: [step(request, { outcome: 'blocked' })],
          },
          about: infoOf(resource, { ask: 'undeclared-credentials', origin, method, credentials: true }),
        },
      ];
    }),
  }),
};

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
      .map(trial => symptomOf(trial, trial.last)),
};

export default check;
