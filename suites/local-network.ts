import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acam, acao, allowed, answer, blockedAtResponse, one, preflighted, readable } from './helpers.ts';
import { apiName } from './title-helpers.ts';

const outside = (because: string) => ({ class: 'outside', because }) as const;
const SAME_SPACE = outside(
  'Local Network Access is a separate specification; it does not affect requests within one address space.',
);
const GIVEN_UP = outside(
  'Private Network Access, with its preflights, was replaced by Local Network Access, which has none.',
);
const ONLY_CHROMIUM: Partial<Case> = {
  ...outside(
    'The member targetAddressSpace is defined by Local Network Access, which one engine has implemented.',
  ),
  engines: ['chromium'],
};

/** What a preflight would say to a server on a private network. */
const NO_SIGN = {
  'access-control-request-private-network': null,
  'access-control-request-local-network': null,
};

const putAllowed = { preflight: answer(acao(), acam('PUT')), actual: allowed };

export const localNetwork = defineSuite({
  id: 'local-network',
  title: 'Local network access',
  about: 'Between two servers of the same machine, nothing is added to CORS and nothing is taken away.',
  cases: [
    ...(['fetch', 'xhr'] as const).map(api =>
      one({
        id: `lna-loopback-to-loopback/${api}`,
        title: `A page on loopback fetches from loopback by ${apiName(api)} without permission`,
        spec: SPEC.localNetworkAccess,
        request: { api },
        server: allowed,
        expect: readable({ wire: ['GET'], status: 200 }),
        ...SAME_SPACE,
      }),
    ),
    one({
      id: 'lna-loopback-to-loopback/other-address',
      title: 'A page on localhost fetches from 127.0.0.1 without permission',
      spec: SPEC.localNetworkAccess,
      server: allowed,
      expect: readable({ wire: ['GET'], status: 200 }),
      ...SAME_SPACE,
      at: 'ipv4-target',
    }),
    one({
      id: 'lna-loopback-to-loopback/still-cors',
      title: 'A response from the same machine is blocked without Access-Control-Allow-Origin',
      spec: SPEC.localNetworkAccess,
      server: answer(),
      expect: blockedAtResponse(),
      ...SAME_SPACE,
    }),
    one({
      id: 'lna-loopback-to-loopback/space-named',
      title: 'A request with targetAddressSpace loopback reaches a server on loopback',
      spec: SPEC.localNetworkAccess,
      request: { targetAddressSpace: 'loopback' },
      server: allowed,
      expect: readable({ wire: ['GET'], status: 200 }),
      ...ONLY_CHROMIUM,
    }),
    ...(['local', 'public'] as const).map(space =>
      one({
        id: `lna-loopback-to-loopback/space-${space}`,
        title: `A request with targetAddressSpace ${space} does not reach a server on loopback`,
        spec: SPEC.localNetworkAccess,
        request: { targetAddressSpace: space },
        server: allowed,
        expect: { outcome: 'error', error: 'TypeError', wire: [] },
        ...ONLY_CHROMIUM,
        notModelled: 'The model has no address spaces.',
      }),
    ),
    one({
      id: 'pna-preflight/no-extra-preflight',
      title: 'A simple request to a server on loopback is not preflighted',
      spec: SPEC.privateNetworkAccess,
      server: allowed,
      expect: readable({ wire: ['GET'], requestHeaders: NO_SIGN }),
      ...GIVEN_UP,
    }),
    one({
      id: 'pna-preflight/no-extra-header',
      title:
        'A preflight to a server on loopback has no Access-Control-Request-Private-Network and needs no answer to it',
      spec: SPEC.privateNetworkAccess,
      request: { method: 'PUT' },
      server: putAllowed,
      expect: preflighted({ preflightHeaders: NO_SIGN, accessControlRequestMethod: 'PUT' }),
      ...GIVEN_UP,
    }),
    one({
      id: 'pna-preflight/allowed-anyway',
      title: 'Access-Control-Allow-Private-Network does not replace any other header',
      spec: SPEC.privateNetworkAccess,
      request: { method: 'PUT' },
      server: {
        preflight: answer(acao(), ['Access-Control-Allow-Private-Network', 'true']),
        actual: allowed,
      },
      expect: { outcome: 'blocked', blockedAt: 'preflight', wire: ['OPTIONS'] },
      ...GIVEN_UP,
    }),
  ],
});
