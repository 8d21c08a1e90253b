/** Express with its own middleware, cors. */
import type { CorsPolicy } from './cors-policy.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { textOf } from './print.ts';
import { BEFORE_ALL, CORS_DIALECT, ONE_CHOOSES, optionConstants, pickByPath } from './print-js.ts';
import type { Stack } from './types.ts';

/**
 * The argument of `cors()`: the options, or a function that chooses them by path.
 * @param path an expression for the path of a request
 */
export const corsArgument = (policy: CorsPolicy, path = 'request.path'): string =>
  policy.rules.length === 1
    ? policy.rules[0].name
    : `(request, done) => done(null, ${pickByPath(policy, path)})`;

const middleware = (policy: CorsPolicy): string[] => [
  ...(policy.rules.length > 1 ? [ONE_CHOOSES] : []),
  `app.use(cors(${corsArgument(policy)}));`,
];

export const express: Stack = {
  id: 'express',
  title: 'Express with cors',
  ecosystem: 'npm',
  aliases: ['express-cors', 'cors'],
  marks: { packages: ['cors', 'express'], headers: [['x-powered-by', /^Express$/i]] },
  docs: 'https://expressjs.com/en/resources/middleware/cors.html',
  configure: policy => ({
    files: [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import cors from 'cors';",
          '',
          ...optionConstants(policy, CORS_DIALECT),
          '',
          BEFORE_ALL,
          ...middleware(policy),
        ]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: 'https://expressjs.com/en/resources/middleware/cors.html',
    files: () => [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf(["import cors from 'cors';", '', 'app.use(cors());']),
      },
    ],
  },
};
