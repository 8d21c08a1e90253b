/** Fastify with @fastify/cors. */
import type { CorsPolicy } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { textOf } from './print.ts';
import { BEFORE_ALL, CORS_DIALECT, ONE_CHOOSES, optionConstants, pickByPath } from './print-js.ts';
import type { Stack } from './types.ts';

const register = (policy: CorsPolicy): string[] => {
  if (policy.rules.length === 1) return [`await app.register(cors, ${policy.rules[0].name});`];
  return [
    ONE_CHOOSES,
    'await app.register(cors, {',
    '  delegator: (request, done) => {',
    "    const [path] = request.url.split('?');",
    `    done(null, ${pickByPath(policy, 'path')});`,
    '  },',
    '});',
  ];
};

export const fastify: Stack = {
  id: 'fastify',
  title: 'Fastify with @fastify/cors',
  ecosystem: 'npm',
  aliases: ['fastify-cors', '@fastify/cors'],
  marks: { packages: ['@fastify/cors', 'fastify'], headers: [] },
  docs: 'https://github.com/fastify/fastify-cors',
  configure: policy => ({
    files: [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import cors from '@fastify/cors';",
          '',
          ...optionConstants(policy, {
            ...CORS_DIALECT,
            methodsReason: 'The default is GET, HEAD and POST.',
          }),
          '',
          BEFORE_ALL,
          ...register(policy),
        ]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: 'https://github.com/fastify/fastify-cors#usage',
    files: () => [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf(["import cors from '@fastify/cors';", '', 'await app.register(cors, {});']),
      },
    ],
  },
};
