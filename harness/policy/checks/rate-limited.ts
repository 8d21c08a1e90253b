import { isPutOff } from '../../standard/response.ts';
import { RANKS } from '../../verdict/finding.ts';
import { headerValue } from '../../wire/exchange.ts';
import { CHECK_LINKS } from '../attempts.ts';
import { symptomOf, type Trial } from '../trial.ts';
import type { PolicyCheck } from './check.ts';
import { DECLARED_ASKS } from './failure-check.ts';

const isServed = ({ exchanges }: Trial): boolean =>
  exchanges.some(({ role, response }) => role === 'actual' && response !== null);

/** Nothing was answered otherwise: it is not the run that is too fast. */
const UNAVAILABLE = {
  how: 'answers every request with 503',
  send: () =>
    'Try the curl line: a maintenance mode may be on, or what stands behind a proxy may not have started (target.ready waits for it). Then verify again.',
};

const check: PolicyCheck = {
  id: 'rate-limited',
  must: 'The server answers every request of the run',
  severity: 'error',
  rank: RANKS.fails,
  text: 'The server refused to answer for now. What it refused stands for no verdict, so a part of the policy was not tried.',
  spec: CHECK_LINKS.cors,
  fixes: 'limit',
  asks: [...DECLARED_ASKS, 'no-origin', 'attackers'],
  headline: ({ where, how }) =>
    `${where} could not be verified: the server ${how || 'refused to answer so many requests'}`,
  symptoms: evidence => {
    const isDown = !evidence.trials.some(isServed);
    return evidence.limited.flatMap(trial => {
      const exchange = trial.exchanges.find(one => isPutOff(one.response?.status ?? 0));
      if (!exchange?.response) return [];
      const { status, headers } = exchange.response;
      const wait = headerValue(headers, 'retry-after');
      const after = evidence.limitedAfter === undefined ? '' : ` after ${evidence.limitedAfter} requests`;
      return [
        {
          ...symptomOf(trial, exchange),
          place: trial.about.path,
          ...(isDown && status === 503 && UNAVAILABLE),
          detail: `The first ${status} came${after}${wait === null ? '' : `, with Retry-After: ${wait}`}.`,
        },
      ];
    });
  },
};

export default check;
