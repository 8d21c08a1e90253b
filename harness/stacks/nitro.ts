/** Nitro and, on it, Nuxt: h3 1 in a server middleware. */
import { h3v1Text } from './h3-v1.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { textOf } from './print.ts';
import type { Stack } from './types.ts';

export const nitro: Stack = {
  id: 'nitro',
  title: 'Nitro and Nuxt',
  ecosystem: 'npm',
  aliases: ['nuxt', 'nitropack'],
  marks: {
    packages: ['nitropack', 'nuxt'],
    on: ['h3', 'h3@1', 'vite'],
    headers: [['x-powered-by', /^(?:Nuxt|Nitro)$/i]],
  },
  docs: 'https://nitro.build/guide/routing#middleware',
  configure: policy => ({
    files: [
      {
        path: 'server/middleware/cors.js',
        language: 'js',
        text: h3v1Text(policy, 'export default eventHandler(event => {', '});', [
          '// Middleware runs before every route, also before routeRules: leave `cors: true` out of those.',
        ]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: 'https://nitro.build/guide/routing#route-rules',
    files: () => [
      {
        path: 'nitro.config.mjs',
        language: 'js',
        text: textOf([
          'export default {',
          "  srcDir: 'server',",
          '  routeRules: {',
          "    '/**': { cors: true },",
          '  },',
          '};',
        ]),
      },
    ],
  },
};
