/** Redirects to a URL with a user name or a password in it. */

import { defineSuite } from '../harness/case/define.ts';
import type { Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { inBothApis } from './api-helpers.ts';
import { acah, acao, answer, networkError, one, readable, type Titled } from './helpers.ts';
import { onPageOrigin, onTarget, onThirdOrigin, reachedHop2, redirect } from './redirect-helpers.ts';

const stopped = networkError(['GET']);

const userinfo = (host: string, port: string, info = 'user:pw') =>
  `http://${info}@${host}:{port:${port}}{path:hop2}`;

/** A redirect with a user name in its Location, from one place to another. */
const withUserinfo = ({
  id,
  title,
  from,
  to,
  location,
  expect,
}: Titled & {
  from: 'site' | 'target';
  to: 'site' | 'target' | 'other-target';
  location: string;
  expect: Expectation;
}) => {
  const hop2 = { site: onPageOrigin, target: onTarget, 'other-target': onThirdOrigin }[to];
  return one({
    id,
    title,
    spec: SPEC.redirectFetch,
    server: {
      actual: redirect(location, 302, ...(from === 'site' ? [] : [acao()])),
      resources: { hop2: hop2({ actual: answer(acao('{request:origin}')) }) },
    },
    expect,
    at: from,
  });
};

const infos = [
  ['both', 'user:pw', 'a user name and password'],
  ['user', 'user', 'a user name'],
  ['password', ':pw', 'a password'],
] as const;

const credentialsInUrl = [
  one({
    id: 'redir-userinfo-cross/preflighted',
    title: 'A redirect to a URL with a user name at another origin is a network error before any preflight',
    spec: SPEC.redirectFetch,
    request: { headers: [['X-A', '1']] },
    server: {
      actual: redirect(userinfo('localhost', 'target'), 302),
      resources: { hop2: onTarget({ preflight: answer(acao(), acah('x-a')), actual: answer(acao()) }) },
    },
    expect: stopped,
    at: 'site',
  }),
  ...infos.flatMap(([name, info, what]) =>
    (
      [
        ['site', 'target', 'own-to-a', "from the page's origin to another"],
        ['target', 'target', 'a-to-a', 'within another origin'],
        ['target', 'other-target', 'a-to-b', 'from another origin to a third'],
      ] as const
    ).map(([from, to, way, told]) =>
      withUserinfo({
        id: `redir-userinfo-cross/${way}-${name}`,
        title: `A redirect ${told} with ${what} in its Location is a network error`,
        from,
        to,
        location: userinfo('localhost', to, info),
        expect: stopped,
      }),
    ),
  ),
  ...infos.flatMap(([name, info, what]) =>
    inBothApis(
      withUserinfo({
        id: `redir-userinfo-same-origin/${name}`,
        title: `A redirect within the page's origin may have ${what} in its Location`,
        from: 'site',
        to: 'site',
        location: userinfo('localhost', 'site', info),
        expect: readable({
          type: 'basic',
          status: 200,
          redirected: true,
          url: userinfo('localhost', 'site', info),
          wire: ['GET', 'GET hop2'],
        }),
      }),
    ),
  ),
  withUserinfo({
    id: 'redir-userinfo-after-taint',
    title:
      "A redirect from another origin back to the page's with a user name in its Location is a network error",
    from: 'target',
    to: 'site',
    location: userinfo('localhost', 'site'),
    expect: stopped,
  }),
  one({
    id: 'redir-userinfo-no-cors',
    title:
      'A cross-origin redirect with a user name and password in its Location is followed in mode no-cors',
    spec: SPEC.redirectFetch,
    request: { mode: 'no-cors' },
    server: {
      actual: redirect(userinfo('localhost', 'target', 'user:pw'), 302),
      resources: { hop2: onTarget({ actual: answer() }) },
    },
    expect: { outcome: 'opaque', wire: ['GET', 'GET hop2'] },
  }),
  ...(
    [
      ['at', ''],
      ['colon-at', ':'],
    ] as const
  ).map(([name, info]) =>
    withUserinfo({
      id: `redir-userinfo-empty/${name}`,
      title: `A redirect with "${info}@" before the host is followed, as the URL parser drops it`,
      from: 'target',
      to: 'target',
      location: userinfo('localhost', 'target', info),
      expect: readable({ ...reachedHop2, wire: ['GET', 'GET hop2'] }),
    }),
  ),
];

export const redirectUserinfo = defineSuite({
  id: 'redirect-userinfo',
  title: 'Redirects to URLs with a user name or password',
  cases: credentialsInUrl,
});
