import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';

export default failureCheck({
  id: 'list-malformed',
  must: "A preflight's lists are well-formed",
  text: 'A list in the preflight is not well-formed, so the preflight fails as a whole.',
  spec: CHECK_LINKS.preflight,
  fixes: 'methods',
  because: 'a list in the preflight is not well-formed',
  needsPreflight: true,
  claims: ({ reason }) =>
    reason?.id === 'list-malformed' ? { detail: `${reason.header}: ${reason.value}` } : null,
});
