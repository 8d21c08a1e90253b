/** FastAPI, and Starlette under it, with its CORSMiddleware around the whole app. */
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import { indent, textOf } from './print.ts';
import { pyList, pyPathTest, pyPatterns, snake } from './print-python.ts';
import type { Stack } from './types.ts';

function options(rule: CorsRule): string[] {
  const { origins, credentials, methods, requestHeaders, exposedHeaders, maxAge, privateNetwork } = rule;
  const patterns = pyPatterns(origins);
  const lines = [`allow_origins=${pyList(origins.any ? ['*'] : origins.exact)},`];
  if (patterns !== undefined)
    lines.push('# The whole origin has to match.', `allow_origin_regex=${patterns},`);
  if (credentials) lines.push('allow_credentials=True,');
  lines.push('# The default is GET.', `allow_methods=${pyList(methods)},`);
  lines.push(`allow_headers=${pyList(requestHeaders)},`);
  if (exposedHeaders.length > 0) lines.push(`expose_headers=${pyList(exposedHeaders)},`);
  if (maxAge === undefined) lines.push('# What browsers take by themselves.', 'max_age=5,');
  else lines.push(`max_age=${maxAge},`);
  if (privateNetwork) lines.push('allow_private_network=True,');
  return [`${snake(rule.name)} = dict(`, ...indent(4, lines), ')'];
}

const WHY = [
  '# Around the app, and run as main:asgi. Added by app.add_middleware(), it would stand inside of what answers unhandled',
  '# exceptions: pages could not read a 500.',
];

function wrapped(policy: CorsPolicy): string[] {
  const [first, ...others] = policy.rules;
  if (others.length === 0) return [...WHY, `asgi = CORSMiddleware(app, **${snake(first.name)})`];
  const around = (rule: CorsRule) => `${snake(rule.name)}_app`;
  return [
    ...WHY,
    ...policy.rules.map(rule => `${around(rule)} = CORSMiddleware(app, **${snake(rule.name)})`),
    '',
    '',
    'async def asgi(scope, receive, send):',
    '    path = scope.get("path", "")',
    ...others.flatMap(rule => [
      `    if ${pyPathTest(rule, 'path')}:`,
      `        return await ${around(rule)}(scope, receive, send)`,
    ]),
    `    return await ${around(first)}(scope, receive, send)`,
  ];
}

export const fastapi: Stack = {
  id: 'fastapi',
  title: 'FastAPI and Starlette',
  ecosystem: 'pypi',
  aliases: ['starlette'],
  marks: { packages: ['fastapi', 'starlette'], headers: [['server', /^(?:uvicorn|hypercorn)/i]] },
  docs: 'https://www.starlette.io/middleware/#corsmiddleware',
  configure: policy => ({
    files: [
      {
        path: 'main.py',
        language: 'python',
        text: textOf([
          ...(policy.rules.length > 1 ? ['import re', ''] : []),
          'from starlette.middleware.cors import CORSMiddleware',
          '',
          ...policy.rules.flatMap(rule => [...options(rule), '']),
          ...wrapped(policy),
        ]),
      },
    ],
    notes: [],
  }),
  gettingStarted: {
    source: 'https://fastapi.tiangolo.com/tutorial/cors/#use-corsmiddleware',
    files: ({ rules: [rule] }) => [
      {
        path: 'main.py',
        language: 'python',
        text: textOf([
          'from fastapi.middleware.cors import CORSMiddleware',
          '',
          `origins = ${pyList(rule.origins.exact)}`,
          '',
          'app.add_middleware(',
          '    CORSMiddleware,',
          '    allow_origins=origins,',
          '    allow_credentials=True,',
          '    allow_methods=["*"],',
          '    allow_headers=["*"],',
          ')',
          'asgi = app',
        ]),
      },
    ],
  },
};
