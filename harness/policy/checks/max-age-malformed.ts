import { RANKS } from '../../verdict/finding.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyCheck } from './check.ts';
import { MAX_AGE_ASKS, maxAgeSymptom, maxAgesOf, undeclaredMaxAge } from './max-age-helpers.ts';

const check: PolicyCheck = {
  id: 'max-age-malformed',
  must: 'Access-Control-Max-Age is a whole number of seconds',
  severity: 'warning',
  rank: RANKS.fragile,
  text: 'Access-Control-Max-Age is not a whole number of seconds, so browsers use their default of five seconds.',
  spec: CHECK_LINKS.cache,
  fixes: 'max-age',
  asks: MAX_AGE_ASKS,
  needsPreflight: true,
  explains: { here: ['max-age-ignored'] },
  headline: ({ where, plural }) =>
    `Browsers send the preflight${plural ? 's' : ''} of ${where} again every few seconds`,
  untried: undeclaredMaxAge,
  symptoms: evidence =>
    maxAgesOf(evidence)
      .filter(({ text, seconds }) => text !== null && seconds === null)
      .map(seen => ({
        ...maxAgeSymptom(seen, `It is "${seen.text}"; declared are ${seen.declared} seconds.`),
        ...(seen.text?.includes(',') && { why: 'It is sent more than once, and two numbers are no number' }),
      })),
};

export default check;
