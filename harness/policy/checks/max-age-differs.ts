import { RANKS } from '../../verdict/finding.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyCheck } from './check.ts';
import { MAX_AGE_ASKS, maxAgeSymptom, maxAgesOf, undeclaredMaxAge } from './max-age-helpers.ts';

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
  headline: ({ where }) => `Browsers remember the preflight of ${where} for longer or shorter than declared`,
  untried: undeclaredMaxAge,
  symptoms: evidence =>
    maxAgesOf(evidence)
      .filter(({ seconds, declared }) => seconds !== null && seconds !== declared)
      .map(seen => maxAgeSymptom(seen, `It is "${seen.text}"; declared are ${seen.declared} seconds.`)),
};

export default check;
