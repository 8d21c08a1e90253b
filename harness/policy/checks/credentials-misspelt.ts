import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';
import { namedOrigin } from './origin-line.ts';

export default failureCheck({
  id: 'credentials-misspelt',
  must: 'Access-Control-Allow-Credentials is exactly "true"',
  text: 'Access-Control-Allow-Credentials is not exactly "true": browsers take anything else for no.',
  spec: CHECK_LINKS.credentials,
  fixes: 'credentials',
  send: values =>
    `Send exactly "Access-Control-Allow-Credentials: true": once, in lower case. Keep ${namedOrigin(values)} beside it, and "Vary: Origin".`,
  because: 'Access-Control-Allow-Credentials is not exactly "true"',
  relevant: { in: ({ about }) => about.credentials, else: 'the policy declares no credentials' },
  claims: ({ reason }) =>
    reason?.id === 'credentials-misspelt'
      ? { detail: `It is "${reason.value}"${reason.at === 'preflight' ? ' on the preflight' : ''}.` }
      : null,
});
