import { RANKS } from '../../verdict/finding.ts';
import { headerValue } from '../../wire/exchange.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyCheck } from './check.ts';
import { MAX_AGE_ASKS, maxAgeSymptom, maxAgesOf, undeclaredMaxAge } from './max-age-helpers.ts';

const check: PolicyCheck = {
  id: 'max-age-missing',
  must: 'Preflights carry Access-Control-Max-Age',
  severity: 'warning',
  rank: RANKS.fragile,
  text: 'The preflight carries no Access-Control-Max-Age: browsers ask again after five seconds, or every time.',
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
      .filter(({ text }) => text === null)
      .map(seen => {
        const misplaced = evidence.declared.some(
          ({ about, actual }) =>
            about.resource === seen.trial.about.resource &&
            actual?.response &&
            headerValue(actual.response.headers, 'access-control-max-age') !== null,
        );
        return maxAgeSymptom(
          seen,
          misplaced
            ? 'It stands on the answer to the request, where it has no effect.'
            : `Declared are ${seen.declared} seconds.`,
        );
      }),
};

export default check;
