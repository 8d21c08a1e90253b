/** The development server of Vite. */

import type { CorsPolicy } from './cors-policy.ts';
import { corsArgument } from './express.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { textOf } from './print.ts';
import { CORS_DIALECT, optionConstants } from './print-js.ts';
import type { Stack } from './types.ts';

const argument = (policy: CorsPolicy): string => corsArgument(policy, "request.url.split('?')[0]");

export const vite: Stack = {
  id: 'vite',
  title: 'Vite development server',
  ecosystem: 'npm',
  marks: { packages: ['vite'], headers: [] },
  docs: 'https://vite.dev/config/server-options#server-cors',
  configure: policy => ({
    files: [
      {
        path: 'vite.config.mjs',
        language: 'js',
        text: textOf([
          "import { defineConfig } from 'vite';",
          '',
          ...optionConstants(policy, CORS_DIALECT),
          '',
          'export default defineConfig({',
          '  server: {',
          '    // Never `true` here: every site that a developer visits could read the source code.',
          `    cors: ${argument(policy)},`,
          '    // Names under which the server is reached, if not localhost:',
          "    // allowedHosts: ['api.example.com'],",
          '  },',
          '});',
        ]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: 'https://vite.dev/config/#configuring-vite',
    files: () => [
      {
        path: 'vite.config.mjs',
        language: 'js',
        text: textOf(["import { defineConfig } from 'vite';", '', 'export default defineConfig({});']),
      },
    ],
  },
};
