import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'not-readable',
  must: 'Nothing else keeps a declared page from the answer',
  text: 'A declared page cannot read the answer, though nothing in the CORS headers stands against it.',
  spec: CHECK_LINKS.cors,
  fixes: 'reach',
  because: 'something other than CORS is in the way',
  claims: ({ reason, trial }) =>
    reason === null && (trial.engine === 'model' || trial.replayed !== 'readable') ? {} : null,
});
