/**
 * What a user writes: how to reach the server, and what its CORS policy is meant to be. One zod schema serves
 * TypeScript (`defineConfig`), JSON (through the JSON Schema) and people (the descriptions are the reference).
 */
import { z } from 'zod';

/** A path of the server, and a query. */
const pathSchema = z
  .string()
  .startsWith('/')
  .refine(path => !path.includes('#'), 'Leave out what begins with #: browsers never send it to the server');

const readySchema = z
  .union([
    z.strictObject({ tcp: z.literal(true) }),
    z.strictObject({
      path: pathSchema.describe('Any HTTP answer counts, unless a status is named.'),
      status: z.int().min(100).max(599).optional(),
    }),
    z.strictObject({ log: z.string().min(1).describe('A regular expression for one line of its output.') }),
  ])
  .describe('When the server counts as ready. Default: its port accepts TCP connections.');

const timeoutsSchema = z.strictObject({
  readyMs: z.int().min(1).max(600_000).default(30_000).describe('Until it is ready.'),
  stopMs: z.int().min(0).max(60_000).default(5_000).describe('Between SIGTERM and SIGKILL.'),
  requestMs: z.int().min(1).max(120_000).default(10_000).describe('For one answer.'),
});

export const targetSchema = z
  .strictObject({
    command: z
      .union([z.string().min(1), z.array(z.string()).min(1)])
      .optional()
      .describe(
        'Starts the server: a line for the shell, or a program and its arguments. {port} is filled in.',
      ),
    module: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A module that exports a Fastify, Express, Koa, Hono, h3, Node or Fetch-API app or handler, a promise of one, or a function that makes one (build, createApp); relative to cwd.',
      ),
    export: z
      .string()
      .min(1)
      .optional()
      .describe('The name of the export. Default: default, app or handler.'),
    url: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Where it answers. Default http://localhost:{port} for a command or a module. A Unix socket is written unix:/path/to/socket.',
      ),
    insecure: z.boolean().optional().describe('Accept any certificate. On loopback that is the default.'),
    ca: z
      .string()
      .min(1)
      .optional()
      .describe('A PEM file with the certificate of an authority to trust, relative to cwd.'),
    http2: z
      .boolean()
      .optional()
      .describe(
        'True for a server that speaks HTTP/2 only. Over TLS that is found out; without TLS, if the server greets first.',
      ),
    publicUrl: z
      .url()
      .optional()
      .describe(
        'The URL that browsers use, where it differs from url: requests for it are passed on to url.',
      ),
    cwd: z
      .string()
      .optional()
      .describe("Working folder, relative to the config file's. Default: that folder."),
    env: z
      .record(z.string(), z.string())
      .default({})
      .describe('More environment. {port} is filled in; PORT is set.'),
    passEnv: z
      .array(z.string().regex(/^[^=\s*]*\*?$/, 'write the name of an environment variable'))
      .optional()
      .describe(
        'Variables of this environment that the server gets besides the usual ones (PATH, HOME, LANG, toolchains): names, or beginnings such as "DATABASE_*". "*" passes everything.',
      ),
    port: z.int().min(1).max(65_535).optional().describe('Default: a free one.'),
    ready: readySchema.default({ tcp: true }),
    timeouts: timeoutsSchema.default({ readyMs: 30_000, stopMs: 5_000, requestMs: 10_000 }),
    maxRequestsPerSecond: z
      .number()
      .positive()
      .optional()
      .describe('No more requests than these are sent in a second. Default: no limit.'),
  })
  .describe('The server under test: command, module, or the url of one that runs already.');

const originSchema = z
  .union([
    z
      .string()
      .min(1)
      .describe(
        'An origin (https://app.example.com), a pattern (https://*.example.com: * is one label, ** one or more; http://localhost:*: any port), "*" or "null".',
      ),
    z.strictObject({
      regex: z.string().min(1).describe('A regular expression; it must match the whole origin.'),
      examples: z.array(z.string()).min(1).describe('Origins that it allows; the pages are opened on them.'),
    }),
  ])
  .describe('An allowed origin.');

const headerNames = z.array(z.string().min(1));
const headerPairs = z.record(z.string(), z.string());

const allowances = {
  origins: z.union([originSchema, z.array(originSchema).min(1)]).describe('Who may read.'),
  credentials: z.boolean().describe('Whether they may with cookies and other credentials. Default false.'),
  methods: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      'Default GET. "*" allows any method; those beside it are sent, or GET. A resource\'s own list says what is sent to it; what the policy lists for all stays allowed.',
    ),
  requestHeaders: headerNames.describe(
    'Request headers that script may set, beyond the safelisted ones; "*" allows any.',
  ),
  exposedHeaders: headerNames.describe('Response headers that script may read, beyond the safelisted ones.'),
  maxAge: z.int().describe('Seconds for which a preflight may be remembered. Not checked where omitted.'),
  privateNetwork: z
    .boolean()
    .describe('Whether Access-Control-Allow-Private-Network may be answered. Default false.'),
  headers: headerPairs.describe('Sent with every request, for example Authorization.'),
  cookies: headerPairs.describe('Sent as the Cookie header if credentials are included.'),
};

const statusCode = z.int().min(100).max(599);
const statusByCredentials = z.strictObject({
  include: statusCode.optional().describe('With credentials.'),
  omit: statusCode.optional().describe('Without credentials, for example 401.'),
});
const statusForMethod = z.union([statusCode, statusByCredentials]);

export const policyResourceSchema = z.strictObject({
  path: pathSchema.describe('Path and query.'),
  name: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case words joined by hyphens')
    .optional()
    .describe('Stable; part of the ids of what is found. Default: made from the path.'),
  origins: allowances.origins.optional(),
  credentials: allowances.credentials.optional(),
  methods: allowances.methods.optional(),
  requestHeaders: allowances.requestHeaders.optional(),
  exposedHeaders: allowances.exposedHeaders.optional(),
  maxAge: allowances.maxAge.optional(),
  privateNetwork: allowances.privateNetwork.optional(),
  headers: allowances.headers.optional(),
  cookies: allowances.cookies.optional(),
  body: z.string().optional().describe('Sent with POST, PUT, PATCH and the like.'),
  contentType: z.string().min(1).optional().describe("The body's type. Default application/json."),
  status: z
    .union([statusCode, statusByCredentials, z.record(z.string(), statusForMethod)])
    .optional()
    .describe(
      'Expected: one for all methods, one for each method, or one for each credentials mode ({ include: 200, omit: 401 }). Default: any below 400 that is not a redirect.',
    ),
});

export const errorPathSchema = z.strictObject({
  path: pathSchema,
  method: z.string().min(1).default('GET'),
  headers: headerPairs.default({}).describe('Sent in addition to those of the policy.'),
  body: z.string().optional(),
  contentType: z.string().min(1).default('application/json'),
  status: z.int().min(300).max(599).optional().describe('Default: any from 400.'),
});

export const loginSchema = z
  .strictObject({
    path: pathSchema.describe('Path and query, relative to the target.'),
    method: z.string().min(1).default('POST'),
    headers: headerPairs.default({}),
    body: z.string().optional(),
    contentType: z.string().min(1).default('application/json'),
    status: z.int().min(200).max(399).optional().describe('Default: any below 400.'),
    token: z
      .string()
      .min(1)
      .optional()
      .describe('Where the token is in the JSON answer: access_token or data.token.'),
    header: z.string().min(1).default('Authorization').describe('The request header that carries the token.'),
    scheme: z.string().default('Bearer').describe('Stands before the token; empty for none.'),
  })
  .describe('Sent once before the run. Its cookies, and its token if you name one, go with every request.');

export const policySchema = z
  .strictObject({
    origins: allowances.origins,
    credentials: allowances.credentials.default(false),
    methods: allowances.methods.default(['GET']),
    requestHeaders: allowances.requestHeaders.default([]),
    exposedHeaders: allowances.exposedHeaders.default([]),
    maxAge: allowances.maxAge.optional(),
    privateNetwork: allowances.privateNetwork.default(false),
    headers: allowances.headers.default({}),
    cookies: allowances.cookies.default({}),
    resources: z
      .array(policyResourceSchema)
      .min(1)
      .describe('What is asked for. Each may say for itself what the policy says for all.'),
    errors: z
      .array(z.union([pathSchema, errorPathSchema]))
      .default([])
      .describe('Requests that are answered with an error; declared origins must be able to read it.'),
    unrouted: z
      .union([pathSchema, z.literal(false)])
      .optional()
      .describe(
        'A path that no route serves, for the same check. Default: one beside the first resource, for information only. False: none.',
      ),
    login: loginSchema.optional(),
  })
  .describe('What the server should allow, to whom.');

export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: z.string().min(1).optional().describe('Names the server in reports. Default: its URL.'),
    stack: z
      .string()
      .min(1)
      .optional()
      .describe('What answers CORS there; decides which fix is shown. Default: guessed from its answers.'),
    target: targetSchema,
    policy: policySchema,
  })
  .describe('The configuration of cors-conformance verify.');

export type VerifyConfig = z.input<typeof configSchema>;
export type ParsedConfig = z.output<typeof configSchema>;
export type ParsedTarget = z.output<typeof targetSchema>;
export type ParsedPolicy = z.output<typeof policySchema>;
export type ParsedLogin = z.output<typeof loginSchema>;
export type DeclaredOrigin = z.output<typeof originSchema>;

/** Returns its argument; gives a cors.config.ts its types. */
export function defineConfig(config: VerifyConfig): VerifyConfig {
  return config;
}

/** The JSON Schema (draft 2020-12) of a configuration file, as it is written: defaults are optional. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configSchema, { io: 'input' }) as Record<string, unknown>;
}
