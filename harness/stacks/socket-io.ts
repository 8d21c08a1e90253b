/** Socket.IO: its HTTP long-polling. */
import { corsArgument } from './express.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { jsList, textOf } from './print.ts';
import { CORS_DIALECT, optionConstants } from './print-js.ts';
import type { Stack, StackNote } from './types.ts';

const ONLY_ITS_PATH: StackNote = {
  text: "This is for Socket.IO's own path only: the other routes of the HTTP server, 404 among them, need CORS of their own. WebSocket connections are no CORS requests: a browser opens them to any origin.",
  workaround: 'Check the Origin of WebSocket connections with `allowRequest`.',
};

export const socketIo: Stack = {
  id: 'socket-io',
  title: 'Socket.IO',
  ecosystem: 'npm',
  aliases: ['socket.io'],
  marks: { packages: ['socket.io'], headers: [] },
  docs: 'https://socket.io/docs/v4/handling-cors/',
  configure: policy => ({
    files: [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import { Server } from 'socket.io';",
          '',
          ...optionConstants(policy, CORS_DIALECT),
          '',
          `const io = new Server(httpServer, { cors: ${corsArgument(policy, "request.url.split('?')[0]")} });`,
        ]),
      },
    ],
    notes: [ONLY_ITS_PATH, ...withoutPrivateNetwork(policy)],
  }),
  gettingStarted: {
    source: 'https://socket.io/docs/v4/handling-cors/#configuration',
    files: ({ rules: [rule] }) => [
      {
        path: 'server.mjs',
        language: 'js',
        text: textOf([
          "import { Server } from 'socket.io';",
          '',
          'const io = new Server(httpServer, {',
          '  cors: {',
          `    origin: ${jsList(rule.origins.exact).replace(/^\[([^,]*)\]$/, '$1')}`,
          '  }',
          '});',
        ]),
      },
    ],
  },
};
