import { RANKS } from '../../verdict/finding.ts';
import { type Ask, CHECK_LINKS, infoOf } from '../attempts.ts';
import { slug } from '../config/read.ts';
import { originsOf, urlFor } from '../plan.ts';
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
      const { credentials, name, path, headers } = resource;
      if (!/bytes/i.test(seen.header(name, origin, 'accept-ranges') ?? '')) return [];
      return [
        {
          id: `partial/${slug(name)}`,
          about: infoOf(resource, { ask: 'partial', origin, method: 'GET', credentials }),
          must: 'A partial answer must carry the CORS headers of the whole',
          request: {
            method: 'GET',
            url: urlFor(plan, path),
            headers: [...headers, ['Origin', origin], ['Range', 'bytes=0-0']],
          },
        },
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
