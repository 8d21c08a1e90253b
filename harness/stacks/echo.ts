/** Echo with its own middleware; release 4 differs in the types and in the name of one option. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import {
  goFile,
  goFunction,
  goList,
  goListFields,
  goNeedsFunction,
  goOriginsVar,
  goOtherPaths,
  goPathVars,
} from './print-go.ts';
import type { Configuration, GettingStarted, Stack } from './types.ts';

/** What differs between its releases. */
export interface EchoRelease {
  /** The path of its module. */
  readonly module: string;
  /** The type of a request's context. */
  readonly context: string;
  /** The option that is a function of the origin. */
  readonly originFunction: string;
  /** What that function returns. */
  readonly verdict: (allowed: string) => string;
}

const RELEASE_5: EchoRelease = {
  module: 'github.com/labstack/echo/v5',
  context: '*echo.Context',
  originFunction: 'UnsafeAllowOriginFunc: func(_ *echo.Context, origin string) (string, bool, error)',
  verdict: allowed => `return origin, ${allowed}, nil`,
};

function options(policy: CorsPolicy, rule: CorsRule, release: EchoRelease): string[] {
  const { name, origins } = rule;
  const lines: string[] = [];
  if (policy.rules.length > 1)
    lines.push(
      ...goFunction(`Skipper: func(c ${release.context}) bool`, [
        `return ${goOtherPaths(policy, rule, 'c.Request().URL.Path')}`,
      ]),
    );
  const asks = !origins.any && goNeedsFunction(rule);
  if (!asks) lines.push(`AllowOrigins: ${goList(origins.any ? ['*'] : origins.exact)},`);
  else
    lines.push(
      ...goFunction(release.originFunction, [release.verdict(`${name}Origins.MatchString(origin)`)]),
    );
  lines.push(...goListFields(rule, 'The default is every method that has a route.'));
  return [
    ...(asks ? goOriginsVar(rule) : []),
    `var ${name} = middleware.CORSWithConfig(middleware.CORSConfig{`,
    ...lines.map(line => `\t${line}`),
    '})',
    '',
  ];
}

const packagesOf = ({ module }: EchoRelease): string[] => [module, `${module}/middleware`];

/** The configuration for one release. */
export const echoConfiguration = (policy: CorsPolicy, release: EchoRelease): Configuration => ({
  files: [
    {
      path: 'cors.go',
      language: 'go',
      text: goFile(packagesOf(release), [
        ...goPathVars(policy),
        ...policy.rules.flatMap(rule => options(policy, rule, release)),
        '// Before authentication and on the whole server, not on a group: a preflight carries no credentials, and errors and',
        '// unknown paths need the headers too.',
        'func useCORS(e *echo.Echo) {',
        `\te.Use(${policy.rules.map(one => one.name).join(', ')})`,
        '}',
      ]),
    },
  ],
  notes: withoutPrivateNetwork(policy),
});

/** What a page of its documentation begins with. */
export const echoGettingStarted = (
  source: string,
  release: EchoRelease,
  call: (policy: CorsPolicy) => string,
): GettingStarted => ({
  source,
  files: policy => [
    {
      path: 'cors.go',
      language: 'go',
      text: goFile(packagesOf(release), ['func useCORS(e *echo.Echo) {', `\te.Use(${call(policy)})`, '}']),
    },
  ],
});

const documentation = 'https://echo.labstack.com/middleware/cors';

export const echo: Stack = {
  id: 'echo',
  title: 'Echo 5',
  ecosystem: 'go',
  aliases: ['labstack-echo', 'echo-v5'],
  marks: { packages: [RELEASE_5.module], headers: [] },
  docs: documentation,
  configure: policy => echoConfiguration(policy, RELEASE_5),
  gettingStarted: echoGettingStarted(
    documentation,
    RELEASE_5,
    ({ rules: [{ origins }] }) =>
      `middleware.CORS(${origins.exact.map(one => JSON.stringify(one)).join(', ')})`,
  ),
};
