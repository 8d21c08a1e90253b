import { isPutOff } from '../../standard/response.ts';
import { RANKS } from '../../verdict/finding.ts';
import { headerValue } from '../../wire/exchange.ts';
import { CHECK_LINKS } from '../attempts.ts';
import { symptomOf } from '../trial.ts';
import type { PolicyCheck } from './check.ts';
import { DECLARED_ASKS } from './failure-check.ts';

const check: PolicyCheck = {
  id: 'rate-limited',
  must: 'The server answers every request of the run',
  severity: 'error',
  rank: RANKS.fails,
  text: 'The server refused to answer for now. What it refused stands for no verdict, so a part of the policy was not tried.',
  spec: CHECK_LINKS.cors,
  fixes: 'limit',
  asks: [...DECLARED_ASKS, 'no-origin', 'attackers'],
  headline: ({ where }) => `${where} could not be verified: the server refused to answer so many requests`,
  symptoms: evidence =>
    evidence.limited.flatMap(trial => {
      const exchange = trial.exchanges.find(one => isPutOff(one.response?.status ?? 0));
      if (!exchange?.response) return [];
      const { status, headers } = exchange.response;
      const wait = headerValue(headers, 'retry-after');
      const after = evidence.limitedAfter === undefined ? '' : ` after ${evidence.limitedAfter} requests`;
      return [
        {
          ...symptomOf(trial, exchange),
          place: trial.about.path,
          detail: `The first ${status} came${after}${wait === null ? '' : `, with Retry-After: ${wait}`}.`,
        },
      ];
    }),
};

export default check;
