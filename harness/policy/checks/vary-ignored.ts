import { RANKS } from '../../verdict/finding.ts';
import { headerValue } from '../../wire/exchange.ts';
import { CHECK_LINKS } from '../attempts.ts';
import { symptomOf } from '../trial.ts';
import { type KeptAnswer, keptAnswers, uncachedAsk } from './cache-helpers.ts';
import type { PolicyCheck } from './check.ts';

function whyOf({ fresh }: KeptAnswer): string {
  const allowed = headerValue(fresh.response?.headers ?? [], 'access-control-allow-origin');
  const line =
    allowed === null ? 'no Access-Control-Allow-Origin' : `Access-Control-Allow-Origin: ${allowed}`;
  return `By a URL that was never asked for before, the answer has ${line}, and Vary: Origin`;
}

const check: PolicyCheck = {
  id: 'vary-ignored',
  must: 'Caches in front of the server keep answers apart by Origin, as Vary says',
  severity: 'warning',
  rank: RANKS.fragile,
  text: 'A cache in front of the server gives the answer that was made for one origin to another, although the server says "Vary: Origin". Many caches of content delivery networks look at the URL alone unless they are told otherwise.',
  spec: CHECK_LINKS.vary,
  fixes: 'cache',
  asks: ['no-origin', 'allowed', 'errors', uncachedAsk.id],
  ask: uncachedAsk,
  // What is refused there is refused by the copy; any other place speaks for itself.
  explains: { when: (other, own) => other.place === own.place && other.origin === own.origin },
  headline: ({ where }) =>
    `A cache gives one site the answer of ${where} that was made for another, whatever Vary says`,
  untried: ({ resources }) =>
    resources.some(({ methods }) => methods.includes('GET') || methods.includes('HEAD'))
      ? undefined
      : 'no resource has a method whose answers are kept by caches',
  symptoms: evidence =>
    keptAnswers(evidence)
      .filter(({ says }) => says)
      .map(one => {
        const { trial, kept } = one;
        const fails = trial.about.origin !== null && !trial.about.unasked;
        return {
          ...symptomOf(trial, kept),
          credentials: false,
          why: whyOf(one),
          ...(fails && { severity: 'error' as const, rank: RANKS.fails }),
        };
      }),
};

export default check;
