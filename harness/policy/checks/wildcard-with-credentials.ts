import { CHECK_LINKS } from '../attempts.ts';
import { failureCheck } from './failure-check.ts';
import { namedOrigin } from './origin-line.ts';

export default failureCheck({
  id: 'wildcard-with-credentials',
  must: 'With credentials the origin is answered by name',
  text: 'Access-Control-Allow-Origin is "*", which is not a wildcard if credentials are included. Answer the declared origins by name; answering every origin by name would not be a remedy.',
  spec: CHECK_LINKS.credentials,
  fixes: 'origins',
  fixesToo: 'credentials',
  send: values =>
    `Send ${namedOrigin(values)} instead of "*", if the request comes from there; to an undeclared Origin send none. Send "Vary: Origin" in any case.`,
  because: '"*" does not count for requests with credentials',
  explains: { everywhere: ['origin-wildcard'] },
  relevant: { in: ({ about }) => about.credentials, else: 'the policy declares no credentials' },
  claims: ({ reason }) => (reason?.id === 'origin-wildcard' ? {} : null),
});
