import { RANKS } from '../../verdict/finding.ts';
import { type Ask, CHECK_LINKS } from '../attempts.ts';
import { pageProbe } from '../page-probe.ts';
import { originsOf } from '../plan.ts';
import { symptomOf } from '../trial.ts';
import { carriedWords } from './carried.ts';
import type { PolicyCheck } from './check.ts';

const ask: Ask = {
  id: 'partial',
  what: 'a part of a resource that accepts ranges',
  attempts: () => ({}),
  followUps: (plan, seen) =>
    plan.resources.flatMap(resource => {
      const [origin] = originsOf(resource);
      if (origin === undefined || !resource.methods.includes('GET')) return [];
      if (!/bytes/i.test(seen.header(resource.name, origin, 'accept-ranges') ?? '')) return [];
      return [
        pageProbe(plan, resource, {
          ask: 'partial',
          must: 'A partial answer must carry the CORS headers of the whole',
          method: 'GET',
          origin,
          lines: [['Range', 'bytes=0-0']],
        }),
      ];
    }),
};

const check: PolicyCheck = {
  id: 'partial-without-cors',
  must: 'A partial answer carries the CORS headers of the whole',
  severity: 'error',
  rank: RANKS.fails,
  text: 'The answer 206 Partial Content does not carry the CORS headers that the whole answer has: pages that read in ranges fail.',
  spec: CHECK_LINKS.check,
  fixes: 'conditional',
  asks: [ask.id],
  ask,
  relevant: { in: ({ last }) => last?.response?.status === 206, else: 'no resource answered a range' },
  headline: ({ where }) => `Pages cannot read parts of ${where}`,
  symptoms: evidence =>
    evidence
      .of(ask.id)
      .filter(
        trial => trial.last?.response?.status === 206 && trial.reason !== null && evidence.readsWhole(trial),
      )
      .map(trial => ({ ...symptomOf(trial), detail: `${carriedWords(trial)}.` })),
};

export default check;
