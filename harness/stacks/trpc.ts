/** The standalone server of tRPC. */
import { corsArgument } from './express.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { textOf } from './print.ts';
import { CORS_DIALECT, optionConstants } from './print-js.ts';
import type { Stack } from './types.ts';

const documentation = 'https://trpc.io/docs/server/adapters/standalone';

export const trpc: Stack = {
  id: 'trpc',
  title: 'tRPC standalone',
  ecosystem: 'npm',
  marks: { packages: ['@trpc/server'], headers: [['vary', /trpc-accept/i]] },
  docs: `${documentation}#configuring-cors`,
  configure: policy => ({
    files: [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import { createHTTPServer } from '@trpc/server/adapters/standalone';",
          "import cors from 'cors';",
          '',
          ...optionConstants(policy, CORS_DIALECT),
          '',
          'const server = createHTTPServer({',
          '  router: appRouter,',
          `  middleware: cors(${corsArgument(policy, "request.url.split('?')[0]")}),`,
          '  // tRPC overwrites the Vary header of the middleware: caches go by it.',
          "  responseMeta: () => ({ headers: { Vary: 'Origin' } }),",
          '});',
        ]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: `${documentation}#adding-a-handler-to-enable-cors`,
    files: () => [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import { createHTTPServer } from '@trpc/server/adapters/standalone';",
          "import cors from 'cors';",
          '',
          'const server = createHTTPServer({',
          '  middleware: cors(),',
          '  router: appRouter,',
          '});',
        ]),
      },
    ],
  },
};
