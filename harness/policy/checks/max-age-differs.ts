import { RANKS } from '../../verdict/finding.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyCheck } from './check.ts';
import {
  MAX_AGE_ASKS,
  maxAgeSymptom,
  maxAgesOf,
  type SeenMaxAge,
  undeclaredMaxAge,
} from './max-age-helpers.ts';

const NOT_AT_ALL = 'not at all';

/** The end of the headline. */
function howItDiffers({ seconds, declared }: SeenMaxAge): string {
  if (seconds === 0) return NOT_AT_ALL;
  return (seconds ?? 0) < declared ? 'for a shorter time than' : 'for longer than';
}

const check: PolicyCheck = {
  id: 'max-age-differs',
  must: 'Access-Control-Max-Age is the declared number of seconds',
  severity: 'warning',
  rank: RANKS.fragile,
  text: 'Access-Control-Max-Age is not the declared number of seconds.',
  spec: CHECK_LINKS.cache,
  fixes: 'max-age',
  asks: MAX_AGE_ASKS,
  needsPreflight: true,
  explains: { here: ['max-age-ignored'] },
  headline: ({ where, plural, how }) =>
    how === NOT_AT_ALL
      ? `Browsers do not remember the preflight${plural ? 's' : ''} of ${where}, although the policy declares it`
      : `Browsers remember the preflight${plural ? 's' : ''} of ${where} ${how || 'for another time than'} declared`,
  untried: undeclaredMaxAge,
  symptoms: evidence =>
    maxAgesOf(evidence)
      .filter(({ seconds, declared }) => seconds !== null && seconds !== declared)
      .map(seen => ({
        ...maxAgeSymptom(seen, `It is "${seen.text}"; declared are ${seen.declared} seconds.`),
        how: howItDiffers(seen),
      })),
};

export default check;
