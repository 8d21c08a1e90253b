/** The text of a new configuration file, from a few answers. */
import type { VerifyConfig } from '../policy/config/schema.ts';

export interface InitAnswers {
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
  readonly stack?: string;
  /** The stack that the project's files tell of: verify finds it by itself, so it is only mentioned. */
  readonly recognised?: string;
  /** Resources that say more than their path; `paths` is then not looked at. */
  readonly resources?: readonly AnsweredResource[];
  /** Request headers that carry credentials: each is filled in from the environment. */
  readonly authHeaders?: readonly string[];
  /** Cookies that carry credentials, likewise. */
  readonly authCookies?: readonly string[];
  /** What the owner should look at: whole sentences, written above the policy. */
  readonly notes?: readonly string[];
}

/** A resource, with what it has for itself. */
export interface AnsweredResource {
  readonly path: string;
  readonly methods?: readonly string[];
  readonly body?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The configuration that the answers describe. */
export function configOf(answers: InitAnswers): VerifyConfig {
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
      resources: resourcesOf(answers).map(({ methods, headers, ...resource }) => ({
        ...resource,
        ...(headers && { headers: { ...headers } }),
        ...(methods && { methods: [...methods] }),
      })),
    },
  };
}

const resourcesOf = ({ resources, paths }: InitAnswers): readonly AnsweredResource[] =>
  resources ?? paths.map(path => ({ path }));

const quote = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;
const list = (values: readonly string[]): string => `[${values.map(quote).join(', ')}]`;

/** As JSON: no comments there, but the schema's descriptions show in editors. */
export const jsonText = (answers: InitAnswers): string => `${JSON.stringify(configOf(answers), null, 2)}\n`;

/** As TypeScript, each setting with what it means and what else could stand there. */
export function typescriptText(answers: InitAnswers): string {
  const { command, module, url, stack, recognised = 'express', maxAge } = answers;
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
          "  // What answers CORS there decides which fix is shown; left out, the project's files or the answers tell.",
          `  // stack: ${quote(recognised)},`,
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
    ...(answers.notes ?? []).map(note => `    // Look at this: ${oneLine(note)}`),
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
    ...authLines(answers),
    '    // What is asked for. Each may say for itself what is said above for all.',
    '    resources: [',
    ...resourcesOf(answers).map(resourceLine),
    "      // { path: '/api/items/1', methods: ['PUT'], body: '{\"name\":\"x\"}', status: 200 },",
    '    ],',
    '    // Paths that answer a GET with an error: the declared origins must be able to read it.',
    "    // errors: [{ path: '/api/fails', status: 500 }],",
    '  },',
    '} satisfies VerifyConfig;',
  ].join('\n')}\n`;
}

/** A comment ends with its line, whatever a description or a server put into it. */
const oneLine = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, ' ');

function resourceLine({ path, methods, headers, body, contentType }: AnsweredResource): string {
  const pairs = Object.entries(headers ?? {}).map(([name, value]) => `${quote(name)}: ${quote(value)}`);
  const parts = [
    `path: ${quote(path)}`,
    ...(methods ? [`methods: ${list(methods)}`] : []),
    ...(pairs.length > 0 ? [`headers: { ${pairs.join(', ')} }`] : []),
    ...(body !== undefined ? [`body: ${quote(body)}`] : []),
    ...(contentType !== undefined ? [`contentType: ${quote(contentType)}`] : []),
  ];
  return `      { ${parts.join(', ')} },`;
}

/** Secrets come from the environment: a configuration is committed. */
function authLines({ authHeaders = [], authCookies = [] }: InitAnswers): string[] {
  const variable = (name: string) => `process.env.${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
  const pairs = (names: readonly string[]) =>
    names.map(name => `${quote(name)}: ${variable(name)} ?? ''`).join(', ');
  if (authHeaders.length + authCookies.length === 0)
    return ["    // headers: { Authorization: 'Bearer ' + process.env.TOKEN },"];
  return [
    ...(authHeaders.length > 0 ? [`    headers: { ${pairs(authHeaders)} },`] : []),
    ...(authCookies.length > 0 ? [`    cookies: { ${pairs(authCookies)} },`] : []),
  ];
}
