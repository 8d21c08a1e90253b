import { RANKS } from '../../verdict/finding.ts';
import { type Ask, CHECK_LINKS } from '../attempts.ts';
import { pageProbe } from '../page-probe.ts';
import { originsOf, safeMethodOf } from '../plan.ts';
import { hasSession, LOGIN_AGAIN } from '../session.ts';
import { symptomOf } from '../trial.ts';
import type { PolicyCheck } from './check.ts';
import { DECLARED_ASKS } from './failure-check.ts';

/** Servers behind one URL that know different logins answer in turn. */
const TIMES = 3;

const ask: Ask = {
  id: LOGIN_AGAIN,
  what: 'a declared page that was served before, at the end, if it was refused in between',
  attempts: () => ({}),
  followUps: (plan, seen) =>
    plan.resources
      .filter(resource => seen.isRefusedNow(resource.name))
      .flatMap(resource => {
        const method = safeMethodOf(resource);
        const [origin] = originsOf(resource);
        if (!method || origin === undefined) return [];
        return Array.from({ length: TIMES }, (_, n) => ({
          ...pageProbe(plan, resource, {
            ask: LOGIN_AGAIN,
            must: 'What the login gave must be accepted to the end',
            method,
            origin,
            word: `${n}`,
          }),
          alone: true as const,
        }));
      }),
};

const check: PolicyCheck = {
  id: 'login-ended',
  must: 'The login is accepted to the end of the run',
  severity: 'error',
  rank: RANKS.fails,
  text: 'The login, the cookies or the token of the policy were accepted at first and refused at the end. What was refused in between says nothing about CORS, so a part of the policy was not tried.',
  spec: CHECK_LINKS.cors,
  fixes: 'reach',
  send: () =>
    'Look for a declared resource that logs out, for a login that is good for a few requests or seconds only, or for answers that replace the cookie or the token. Leave the one out, or give the verification a login that lasts; then verify again.',
  asks: [...DECLARED_ASKS, LOGIN_AGAIN],
  ask,
  relevant: {
    in: ({ about }, plan) =>
      plan.resources.some(resource => resource.name === about.resource && hasSession(resource)),
    else: 'the policy has no login, cookie or token',
  },
  headline: ({ where }) => `${where} could not be verified to the end: the login was refused after a while`,
  symptoms: evidence =>
    evidence
      .of(LOGIN_AGAIN)
      .filter(trial => evidence.endedBy.has(trial.last?.response?.status ?? 0))
      .map(trial => symptomOf(trial)),
};

export default check;
