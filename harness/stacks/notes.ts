/** Notes that hold for several stacks. */
import type { CorsPolicy } from './cors-policy.ts';
import type { StackNote } from './types.ts';

/** For a stack whose CORS layer knows nothing of Access-Control-Allow-Private-Network. */
export const withoutPrivateNetwork = (policy: CorsPolicy): StackNote[] =>
  policy.rules.some(one => one.privateNetwork)
    ? [
        {
          text: 'It does not answer Access-Control-Request-Private-Network: a page of a public site cannot reach this server in a private network where a browser asks for that.',
          workaround:
            'Add Access-Control-Allow-Private-Network: true to the answer to a preflight that asks for it, in a middleware before this one.',
          check: 'private-network-missing',
        },
      ]
    : [];
