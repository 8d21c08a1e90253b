import { extractTokens, FAILURE } from '../../standard/header-list.ts';
import { headerValue } from '../../wire/exchange.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { FailedRequest } from '../evidence.ts';
import { fixInBytes } from '../findings/remedies.ts';
import { type Claim, failureCheck } from './failure-check.ts';

const LISTS = [
  ['Access-Control-Allow-Methods', 'methods'],
  ['Access-Control-Allow-Headers', 'headers'],
] as const;

/** Which of the two lists is not well-formed; both may be. */
function claimOf({ trial }: FailedRequest): Claim {
  const headers = trial.preflight?.response?.headers ?? [];
  const malformed = LISTS.filter(([name]) => extractTokens(headers, name.toLowerCase()) === FAILURE);
  const values = malformed.map(([name]) => headerValue(headers, name) ?? '');
  const [first] = malformed;
  return {
    why: `${values.map(value => `"${value}"`).join(' and ')}: a list has commas between its names, and nothing else`,
    detail: malformed.map(([name], at) => `${name}: ${values[at]}`).join('; '),
    exactly: malformed.map(([name]) => name).join(', '),
    ...(first && { fixes: first[1] }),
    send: policy => malformed.map(([, fixes]) => fixInBytes({ fixes }, policy)).join(' '),
  };
}

export default failureCheck({
  id: 'list-malformed',
  must: "A preflight's lists are well-formed",
  text: 'A list in the preflight is not well-formed, so the preflight fails as a whole.',
  spec: CHECK_LINKS.preflight,
  fixes: 'methods',
  send: policy => LISTS.map(([, fixes]) => fixInBytes({ fixes }, policy)).join(' '),
  because: 'a list in the preflight is not well-formed',
  needsPreflight: true,
  claims: failure => (failure.reason?.id === 'list-malformed' ? claimOf(failure) : null),
});
