/** The text of a new configuration file, from a few answers. */
import type { Stack, VerifyConfig } from '../policy/schema.ts';

export interface Answers {
  /** How to reach the server: one of the three. */
  readonly command?: string;
  readonly module?: string;
  readonly url?: string;
  readonly origins: readonly string[];
  readonly credentials: boolean;
  readonly paths: readonly string[];
  readonly methods: readonly string[];
  readonly requestHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly maxAge?: number;
  readonly stack?: Stack;
}

/** The configuration that the answers describe. */
export function configOf(answers: Answers): VerifyConfig {
  const { command, module, url, origins, maxAge, stack } = answers;
  return {
    ...(stack && { stack }),
    target: {
      ...(command !== undefined && { command }),
      ...(module !== undefined && { module }),
      ...(url !== undefined && { url }),
    },
    policy: {
      origins: origins.length === 1 ? (origins[0] as string) : [...origins],
      credentials: answers.credentials,
      methods: [...answers.methods],
      requestHeaders: [...answers.requestHeaders],
      exposedHeaders: [...answers.exposedHeaders],
      ...(maxAge !== undefined && { maxAge }),
      resources: answers.paths.map(path => ({ path })),
    },
  };
}

const quote = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;
const list = (values: readonly string[]): string => `[${values.map(quote).join(', ')}]`;

/** As JSON: no comments there, but the schema's descriptions show in editors. */
export const jsonText = (answers: Answers): string => `${JSON.stringify(configOf(answers), null, 2)}\n`;

/** As TypeScript, each setting with what it means and what else could stand there. */
export function typescriptText(answers: Answers): string {
  const { command, module, url, stack, maxAge } = answers;
  const reach =
    command !== undefined
      ? [
          '    // Starts the server; {port} is a free port, and PORT is set in its environment.',
          `    command: ${quote(command)},`,
          '    // It counts as ready once its port accepts connections. Or:',
          "    // ready: { path: '/health', status: 200 },",
          "    // ready: { log: 'listening on' },",
        ]
      : module !== undefined
        ? ['    // Exports an app, a server or a handler.', `    module: ${quote(module)},`]
        : [
            '    // A server that runs already. Or: command, which starts it.',
            `    url: ${quote(url ?? '')},`,
          ];
  return `${[
    '// What the server should allow. `npx cors-conformance verify` tries it in real browsers;',
    '// `npx cors-conformance verify --dry-run` lists every request first.',
    "import type { VerifyConfig } from 'cors-conformance';",
    '',
    'export default {',
    ...(stack
      ? ['  // What answers CORS there: decides which fix is shown.', `  stack: ${quote(stack)},`]
      : [
          '  // What answers CORS there decides which fix is shown; guessed where this is left out.',
          "  // stack: 'express-cors',",
        ]),
    '  target: {',
    ...reach,
    ...(url !== undefined && (command !== undefined || module !== undefined)
      ? [`    url: ${quote(url)},`]
      : []),
    '    // The URL that browsers know the server by, where it is another one:',
    "    // publicUrl: 'https://api.example.com',",
    '  },',
    '  policy: {',
    '    // Exact origins, patterns (https://*.example.com, http://localhost:*), { regex, examples }, "*" or "null".',
    `    origins: ${list(answers.origins)},`,
    '    // Whether these origins may read with cookies and other credentials.',
    `    credentials: ${answers.credentials},`,
    '    // Allowed for every resource; a resource that has a list of its own is asked with that one only.',
    `    methods: ${list(answers.methods)},`,
    '    // Request headers that script may set, response headers that it may read, beyond the safelisted ones.',
    `    requestHeaders: ${list(answers.requestHeaders)},`,
    `    exposedHeaders: ${list(answers.exposedHeaders)},`,
    '    // Seconds for which a preflight may be remembered; not checked where it is left out.',
    maxAge === undefined ? '    // maxAge: 600,' : `    maxAge: ${maxAge},`,
    '    // Sent with every request, for servers that ask for it:',
    "    // headers: { Authorization: 'Bearer ' + process.env.TOKEN },",
    '    // What is asked for. Each may say for itself what is said above for all.',
    '    resources: [',
    ...answers.paths.map(path => `      { path: ${quote(path)} },`),
    "      // { path: '/api/items/1', methods: ['PUT'], body: '{\"name\":\"x\"}', status: 200 },",
    '    ],',
    '    // Paths that answer a GET with an error: the declared origins must be able to read it.',
    "    // errors: [{ path: '/api/fails', status: 500 }],",
    '  },',
    '} satisfies VerifyConfig;',
  ].join('\n')}\n`;
}
