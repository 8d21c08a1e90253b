/** Redirects to a URL with a user name or a password in it. */
import { defineSuite } from '../harness/case/define.ts';
import type { Expectation } from '../harness/case/schema.ts';
import { inBothApis } from './apis.ts';
import { acao, answer, failed, one, readable, spec } from './helpers.ts';
import { A, B, landed, P, redirect } from './redirect-words.ts';

const networkError = failed(['GET']);

const userinfo = (host: string, port: string, info = 'user:pw') =>
  `http://${info}@${host}:{port:${port}}{path:hop2}`;

/** A redirect with a user name in its Location, from one place to another. */
const withUserinfo = (
  id: string,
  title: string,
  from: 'site' | 'target',
  to: 'site' | 'target' | 'other-target',
  location: string,
  expect: Expectation,
) => {
  const hop2 = { site: P, target: A, 'other-target': B }[to];
  return one(
    id,
    title,
    spec.redirectFetch,
    {},
    {
      actual: redirect(location, 302, ...(from === 'site' ? [] : [acao()])),
      resources: { hop2: hop2({ actual: answer(acao('{request:origin}')) }) },
    },
    expect,
    { at: from },
  );
};

const infos = [
  ['both', 'user:pw', 'a user name and a password'],
  ['user', 'user', 'a user name'],
  ['password', ':pw', 'a password'],
] as const;

const credentialsInUrl = [
  ...infos.flatMap(([name, info, what]) =>
    (
      [
        ['site', 'target', 'own-to-a', 'from the own origin to a foreign one'],
        ['target', 'target', 'a-to-a', 'within a foreign origin'],
        ['target', 'other-target', 'a-to-b', 'from one foreign origin to another'],
      ] as const
    ).map(([from, to, way, told]) =>
      withUserinfo(
        `redir-userinfo-cross/${way}-${name}`,
        `A redirect ${told} whose Location has ${what} is a network error`,
        from,
        to,
        userinfo('localhost', to, info),
        networkError,
      ),
    ),
  ),
  ...infos.flatMap(([name, info, what]) =>
    inBothApis(
      withUserinfo(
        `redir-userinfo-same-origin/${name}`,
        `A redirect within the own origin may have ${what} in its Location`,
        'site',
        'site',
        userinfo('localhost', 'site', info),
        readable({ type: 'basic', status: 200, redirected: true, wire: ['GET', 'GET hop2'] }),
      ),
    ),
  ),
  withUserinfo(
    'redir-userinfo-after-taint',
    'A redirect from a foreign origin back to the own one may not have a user name in its Location',
    'target',
    'site',
    userinfo('localhost', 'site'),
    networkError,
  ),
  ...(
    [
      ['at', ''],
      ['colon-at', ':'],
    ] as const
  ).map(([name, info]) =>
    withUserinfo(
      `redir-userinfo-empty/${name}`,
      `"${info}@" before the host is dropped by the URL parser, and the redirect followed`,
      'target',
      'target',
      userinfo('localhost', 'target', info),
      readable({ ...landed, wire: ['GET', 'GET hop2'] }),
    ),
  ),
];

export const redirectUserinfo = defineSuite({
  id: 'redirect-userinfo',
  title: 'Redirects to URLs with credentials',
  cases: credentialsInUrl,
});
