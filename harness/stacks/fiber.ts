/** Fiber, which is built on fasthttp, with its own middleware; release 2 takes lists as text. */
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
  goOwnPaths,
  goPathVars,
} from './print-go.ts';
import type { Configuration, GettingStarted, Stack } from './types.ts';

/** What differs between its releases. */
export interface FiberRelease {
  /** The path of its module. */
  readonly module: string;
  /** The type of a request's context. */
  readonly context: string;
  /** A list of names or origins. */
  list(values: readonly string[]): string;
  readonly privateNetwork: boolean;
}

const RELEASE_3: FiberRelease = {
  module: 'github.com/gofiber/fiber/v3',
  context: 'fiber.Ctx',
  list: goList,
  privateNetwork: true,
};

function options(
  policy: CorsPolicy,
  rule: CorsRule,
  { context, list, privateNetwork }: FiberRelease,
): string[] {
  const { name, origins } = rule;
  const lines: string[] = [];
  if (policy.rules.length > 1)
    lines.push(
      ...goFunction(`Next: func(c ${context}) bool`, [
        '// Whether to leave this one out.',
        `return ${goOtherPaths(policy, rule, 'c.Path()')}`,
      ]),
    );
  const asks = !origins.any && goNeedsFunction(rule);
  if (!asks) lines.push(`AllowOrigins: ${list(origins.any ? ['*'] : origins.exact)},`);
  else
    lines.push(
      '// Its own *. stands for one or more labels.',
      ...goFunction('AllowOriginsFunc: func(origin string) bool', [
        `return ${name}Origins.MatchString(origin)`,
      ]),
    );
  lines.push(...goListFields(rule, 'The default is GET, POST, HEAD, PUT, DELETE and PATCH.', list));
  if (rule.privateNetwork && privateNetwork) lines.push('AllowPrivateNetwork: true,');
  return [
    ...(asks ? goOriginsVar(rule) : []),
    `var ${name} = cors.New(cors.Config{`,
    ...lines.map(line => `\t${line}`),
    '})',
    '',
  ];
}

const EVERY_ORIGIN = 'c.Set("Access-Control-Allow-Origin", "*")';

/** The middleware leaves it out of answers to requests without Origin, and says nothing of it in Vary. */
function everyOrigin(policy: CorsPolicy, { context }: FiberRelease): string[] {
  const any = policy.rules.filter(one => one.origins.any);
  if (any.length === 0) return [];
  const where = any.map(rule => goOwnPaths(policy, rule, 'c.Path()')).join(' || ');
  const set =
    policy.rules.length === any.length ? [EVERY_ORIGIN] : [`if ${where} {`, `\t${EVERY_ORIGIN}`, '}'];
  return [
    '// On every answer: the middleware leaves it out of those to requests without Origin, and a cache gives one to all.',
    `app.Use(func(c ${context}) error {`,
    ...set.map(line => `\t${line}`),
    '\treturn c.Next()',
    '})',
  ];
}

const packagesOf = ({ module }: FiberRelease): string[] => [module, `${module}/middleware/cors`];

/** The configuration for one release. */
export const fiberConfiguration = (policy: CorsPolicy, release: FiberRelease): Configuration => ({
  files: [
    {
      path: 'cors.go',
      language: 'go',
      text: goFile(packagesOf(release), [
        ...goPathVars(policy),
        ...policy.rules.flatMap(rule => options(policy, rule, release)),
        '// Before authentication and routes: a preflight carries no credentials, and errors and unknown paths need the headers',
        '// too.',
        'func useCORS(app *fiber.App) {',
        ...everyOrigin(policy, release).map(line => `\t${line}`),
        ...policy.rules.map(one => `\tapp.Use(${one.name})`),
        '}',
      ]),
    },
  ],
  notes: release.privateNetwork ? [] : withoutPrivateNetwork(policy),
});

/** What its documentation begins with. */
export const fiberGettingStarted = (source: string, release: FiberRelease): GettingStarted => ({
  source,
  files: () => [
    {
      path: 'cors.go',
      language: 'go',
      text: goFile(packagesOf(release), ['func useCORS(app *fiber.App) {', '\tapp.Use(cors.New())', '}']),
    },
  ],
});

const documentation = 'https://docs.gofiber.io/middleware/cors';

export const fiber: Stack = {
  id: 'fiber',
  title: 'Fiber 3',
  ecosystem: 'go',
  aliases: ['gofiber', 'fiber-v3'],
  marks: { packages: [RELEASE_3.module], headers: [] },
  docs: documentation,
  configure: policy => fiberConfiguration(policy, RELEASE_3),
  gettingStarted: fiberGettingStarted(`${documentation}#examples`, RELEASE_3),
};
