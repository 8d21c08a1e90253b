import { RANKS } from '../../verdict/finding.ts';
import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'engine-differs',
  must: 'Every engine does what the answers call for',
  severity: 'warning',
  rank: RANKS.engine,
  text: 'The browser did not do what the bytes on the wire call for: given the same bytes, the Standard lets the page read them. The cause is not the server.',
  spec: CHECK_LINKS.cors,
  fixes: 'none',
  because: 'a browser does otherwise than the Standard',
  headline: ({ where }) => `A browser treats ${where} otherwise than the Standard says`,
  relevant: { in: ({ engine }) => engine !== undefined && engine !== 'model', else: 'no browser took part' },
  claims: ({ reason, trial }) =>
    reason === null && trial.engine !== 'model' && trial.replayed === 'readable' ? {} : null,
});
