import { RANKS } from '../../verdict/finding.ts';
import { headerValue } from '../../wire/exchange.ts';
import { AGAIN } from '../asks/again.ts';
import { CHECK_LINKS } from '../attempts.ts';
import { type Symptom, symptomOf } from '../trial.ts';
import { type KeptAnswer, keptAnswers, uncachedAsk } from './cache-helpers.ts';
import type { PolicyCheck } from './check.ts';

function whyOf({ trial, fresh, says }: KeptAnswer): string {
  const allowed = headerValue(fresh.response?.headers ?? [], 'access-control-allow-origin');
  const line =
    allowed === null ? 'no Access-Control-Allow-Origin' : `Access-Control-Allow-Origin: ${allowed}`;
  const since = trial.about.ask === AGAIN ? 'It came after a request without Origin. ' : '';
  return `${since}By a URL that was never asked for before, the answer has ${line}${says ? ', and Vary: Origin' : ''}`;
}

/** Preflights of every method are answered out of the same copy. */
const isPreflight = ({ exchange }: Symptom): boolean => exchange?.role === 'preflight';

const check: PolicyCheck = {
  id: 'vary-ignored',
  must: 'Caches in front of the server keep answers apart by Origin, as Vary says',
  severity: 'warning',
  rank: RANKS.fragile,
  text: 'A cache in front of the server gives the answer that was made for one origin to another, whatever the server says in Vary. Many caches of content delivery networks look at the URL alone unless they are told otherwise.',
  spec: CHECK_LINKS.vary,
  fixes: 'cache',
  asks: ['no-origin', 'allowed', 'preflights', 'errors', AGAIN, uncachedAsk.id],
  ask: uncachedAsk,
  // What is refused there is refused by the copy; any other place speaks for itself.
  explains: {
    when: (other, own) =>
      other.origin === own.origin &&
      (isPreflight(own) ? isPreflight(other) : other.place === own.place && !isPreflight(other)),
  },
  headline: ({ where, plural }) =>
    `A cache gives one site the ${plural ? `answers of ${where} that were` : `answer of ${where} that was`} made for another, whatever Vary says`,
  untried: ({ resources }) =>
    resources.some(({ methods }) => methods.includes('GET') || methods.includes('HEAD'))
      ? undefined
      : 'no resource has a method whose answers are kept by caches',
  symptoms: evidence =>
    keptAnswers(evidence)
      // No cache has to keep preflights at all, so they need no Vary.
      .filter(({ says, fresh }) => says || fresh.role === 'preflight')
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
