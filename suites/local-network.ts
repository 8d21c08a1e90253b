import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { acam, acao, allowed, answer, blocked, one, preflighted, readable } from './helpers.ts';

const LNA = 'https://wicg.github.io/local-network-access/';
const PNA = 'https://wicg.github.io/private-network-access/';

const outside = (because: string) => ({ class: 'outside', because }) as const;
const SAME_SPACE = outside(
  'Local Network Access is a document beside the Standard; it leaves requests within one address space alone.',
);
const GIVEN_UP = outside(
  'Private Network Access, with its preflights, has been given up for Local Network Access, which has none.',
);
const ONLY_CHROMIUM: Partial<Case> = {
  ...outside('targetAddressSpace belongs to Local Network Access, which one engine has built.'),
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
  about: 'Between two servers of the same machine nothing is added to CORS, and nothing taken away.',
  cases: [
    ...(['fetch', 'xhr'] as const).map(api =>
      one(
        `lna-loopback-to-loopback/${api}`,
        `A page on loopback makes a ${api} request to loopback without further ado`,
        LNA,
        { api },
        allowed,
        readable({ wire: ['GET'], status: 200 }),
        SAME_SPACE,
      ),
    ),
    one(
      'lna-loopback-to-loopback/other-address',
      'The addresses of loopback, by name or by number, are one address space',
      LNA,
      {},
      allowed,
      readable({ wire: ['GET'], status: 200 }),
      { ...SAME_SPACE, at: 'ipv4-target' },
    ),
    one(
      'lna-loopback-to-loopback/still-cors',
      'That a server is on the same machine does not let script read it',
      LNA,
      {},
      answer(),
      blocked(),
      SAME_SPACE,
    ),
    one(
      'lna-loopback-to-loopback/space-named',
      'A request that names the address space of its server goes through',
      LNA,
      { targetAddressSpace: 'loopback' },
      allowed,
      readable({ wire: ['GET'], status: 200 }),
      ONLY_CHROMIUM,
    ),
    ...(['local', 'public'] as const).map(space =>
      one(
        `lna-loopback-to-loopback/space-${space}`,
        `A request that names the address space ${space} does not reach a server on loopback`,
        LNA,
        { targetAddressSpace: space },
        allowed,
        { outcome: 'error', error: 'TypeError', wire: [] },
        {
          ...ONLY_CHROMIUM,
          notModelled: 'Address spaces are no part of the Standard',
        },
      ),
    ),
    one(
      'pna-preflight/no-extra-preflight',
      'A simple request to a server on loopback is not preflighted for being that',
      PNA,
      {},
      allowed,
      readable({ wire: ['GET'], requestHeaders: NO_SIGN }),
      GIVEN_UP,
    ),
    one(
      'pna-preflight/no-extra-header',
      'A preflight to a server on loopback asks for no access to the network, and needs no leave for it',
      PNA,
      { method: 'PUT' },
      putAllowed,
      preflighted({ preflightHeaders: NO_SIGN, accessControlRequestMethod: 'PUT' }),
      GIVEN_UP,
    ),
    one(
      'pna-preflight/allowed-anyway',
      'Access-Control-Allow-Private-Network stands in for no other header',
      PNA,
      { method: 'PUT' },
      {
        preflight: answer(acao(), ['Access-Control-Allow-Private-Network', 'true']),
        actual: allowed,
      },
      { outcome: 'blocked', blockedAt: 'preflight', wire: ['OPTIONS'] },
      GIVEN_UP,
    ),
  ],
});
