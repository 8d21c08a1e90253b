import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';
import { namedOrigin } from './origin-line.ts';

export default failureCheck({
  id: 'credentials-missing',
  must: 'Declared credentials are allowed',
  text: 'Access-Control-Allow-Credentials is missing, though the policy declares credentials.',
  spec: CHECK_LINKS.credentials,
  fixes: 'credentials',
  send: values =>
    `Send "Access-Control-Allow-Credentials: true", on the preflight and on the answer. Keep ${namedOrigin(values)} beside it, never "*", and "Vary: Origin".`,
  because: 'credentials are not allowed',
  relevant: { in: ({ about }) => about.credentials, else: 'the policy declares no credentials' },
  claims: ({ reason }) => {
    if (reason?.id !== 'credentials-missing') return null;
    return reason.at === 'preflight' ? { detail: 'It is missing on the preflight.' } : {};
  },
});
