import { RANKS } from '../../verdict/finding.ts';
import { headerValue } from '../../wire/exchange.ts';
import { type Ask, CHECK_LINKS } from '../attempts.ts';
import { pageProbe } from '../page-probe.ts';
import { originsOf, safeMethodOf } from '../plan.ts';
import { symptomOf } from '../trial.ts';
import type { PolicyCheck } from './check.ts';

const INJECTED = 'X-Cors-Conformance';

const ask: Ask = {
  id: 'vary-injected',
  what: 'a Vary header in the request',
  attempts: plan => ({
    probes: plan.resources.flatMap(resource => {
      const method = safeMethodOf(resource);
      const [origin] = originsOf(resource);
      if (!method || origin === undefined) return [];
      return [
        pageProbe(plan, resource, {
          ask: 'vary-injected',
          must: 'A Vary header of the request must not be copied into the answer',
          method,
          origin,
          lines: [['Vary', INJECTED]],
        }),
      ];
    }),
  }),
};

const check: PolicyCheck = {
  id: 'vary-injected',
  must: 'A Vary header of the request is not copied into the answer',
  severity: 'warning',
  rank: RANKS.fragile,
  text: 'The Vary header of the request is copied into the answer: a client can decide how caches keep it.',
  spec: CHECK_LINKS.vary,
  fixes: 'vary',
  asks: [ask.id],
  ask,
  headline: ({ where }) => `A client can decide how caches keep ${where}`,
  symptoms: evidence =>
    evidence
      .of(ask.id)
      .filter(({ last }) =>
        (headerValue(last?.response?.headers ?? [], 'vary') ?? '')
          .toLowerCase()
          .includes(INJECTED.toLowerCase()),
      )
      .map(trial => ({ ...symptomOf(trial), credentials: false })),
};

export default check;
