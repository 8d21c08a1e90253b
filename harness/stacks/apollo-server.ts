/** Apollo Server on Express. */
import { corsArgument, express } from './express.ts';
import { withoutPrivateNetwork } from './notes.ts';
import { textOf } from './print.ts';
import { CORS_DIALECT, optionConstants } from './print-js.ts';
import type { Stack } from './types.ts';

export const apolloServer: Stack = {
  id: 'apollo-server',
  title: 'Apollo Server on Express',
  ecosystem: 'npm',
  aliases: ['apollo'],
  marks: { packages: ['@apollo/server'], headers: [] },
  docs: 'https://www.apollographql.com/docs/apollo-server/security/cors',
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
          '// On the app, not on the path of GraphQL only: pages read 404 and other errors too. startStandaloneServer() takes',
          '// no options for CORS, it allows every origin: use expressMiddleware() after this.',
          `app.use(cors(${corsArgument(policy)}));`,
        ]),
      },
    ],
    notes: withoutPrivateNetwork(policy),
  }),
  gettingStarted: {
    source: 'https://www.apollographql.com/docs/apollo-server/getting-started',
    // startStandaloneServer() does this.
    files: express.gettingStarted.files,
  },
};
