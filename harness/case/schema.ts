/**
 * What a case is. One zod schema serves three readers: TypeScript (the suites), JSON (cases written elsewhere,
 * through the JSON Schema that `list --schema` prints) and people (the descriptions below are the reference).
 * Longer than other files: one schema, whose parts refer to each other.
 */
import { z } from 'zod';
import { OUTCOMES } from '../standard/types.ts';
import { PLACE_NAMES } from './places.ts';

const headerLines = z
  .array(z.tuple([z.string().min(1), z.string()]))
  .describe(
    'Header lines in order, duplicates kept. One character is one byte (U+0000 to U+00FF). Placeholders are filled in.',
  );

const place = z.enum(PLACE_NAMES).describe('A named origin of the lab: an origin site or a target.');

export const answerSchema = z
  .strictObject({
    status: z.int().min(100).max(999).optional().describe('Default 204 for a preflight, 200 otherwise.'),
    reason: z.string().optional(),
    headers: headerLines.optional(),
    body: z
      .union([z.string(), z.strictObject({ bytes: z.int().min(0) }).describe('That many bytes of "x".')])
      .optional()
      .describe('Isomorphic text. Default: "ok" where the status allows a body.'),
    framing: z
      .enum(['content-length', 'chunked', 'close', 'none'])
      .optional()
      .describe('How the body is delimited. Default content-length; `none` adds no framing header at all.'),
    interim: z
      .array(z.strictObject({ status: z.int().min(100).max(199), headers: headerLines.optional() }))
      .optional()
      .describe('1xx answers sent first.'),
    trailers: headerLines.optional().describe('Sent after a chunked body.'),
    delayMs: z
      .int()
      .min(0)
      .max(60_000)
      .optional()
      .describe('Milliseconds between the request and the first byte.'),
    fault: z
      .enum(['reset', 'hang', 'reset-in-body', 'hang-in-body'])
      .optional()
      .describe('reset/hang: before any byte. …-in-body: after the head and half of the body.'),
    raw: z.string().optional().describe('The whole answer, byte for byte; nothing else is added.'),
    close: z.boolean().optional().describe('Close the connection after the answer.'),
  })
  .describe('One scripted answer.');

const answers = z
  .union([answerSchema, z.array(answerSchema).min(1)])
  .describe('One answer, or one per request in turn; the last one repeats.');

export const resourceSchema = z.strictObject({
  at: place.optional(),
  preflight: answers.optional(),
  actual: answers.optional(),
});

export const bodySchema = z
  .union([
    z.string().describe('A string; the engine adds text/plain;charset=UTF-8.'),
    z.strictObject({ urlencoded: z.array(z.tuple([z.string(), z.string()])) }),
    z.strictObject({ multipart: z.array(z.tuple([z.string(), z.string()])) }),
    z.strictObject({ buffer: z.string().describe('An ArrayBuffer of these bytes; no Content-Type.') }),
    z.strictObject({ blob: z.string(), type: z.string() }),
    z.strictObject({ stream: z.string().describe('A ReadableStream; needs duplex half.') }),
    z.strictObject({ bytes: z.int().min(0).describe('A string of that many "x".') }),
  ])
  .describe('The request body by the type that script passes.');

export const APIS = [
  'fetch',
  'xhr',
  'beacon',
  'image',
  'audio',
  'script',
  'module',
  'font',
  'eventsource',
  'websocket',
  'preload',
  'ping',
  'import-scripts',
  'worker',
  'module-worker',
  'fetch-later',
  'stylesheet',
  'track',
  'form',
] as const;

/** Those that give script a response; of the others it learns no more than a result, or an exception. */
export const showsResponse = (api: (typeof APIS)[number] = 'fetch'): boolean =>
  api === 'fetch' || api === 'xhr';

export const REALMS = [
  'page',
  'worker',
  'shared-worker',
  'service-worker',
  'blob-worker',
  'data-worker',
  'data-shared-worker',
  'sandboxed-frame',
  'sandboxed-same-origin-frame',
  'data-frame',
  'srcdoc-frame',
  'about-blank-frame',
  'blob-frame',
  'controlled-frame',
  'unloading-frame',
] as const;

export const requestSchema = z
  .strictObject({
    api: z.enum(APIS).optional().describe('Default fetch.'),
    to: z.string().optional().describe('The resource asked for. Default main.'),
    url: z
      .string()
      .optional()
      .describe(
        'An absolute URL instead of a resource; placeholders are filled in. blob:page stands for a blob: URL that the page makes.',
      ),
    objectOf: z.string().optional().describe('The URL of a Blob of this text instead of a resource.'),
    suffix: z.string().optional().describe('Appended to the URL: ?query or #fragment.'),
    method: z.string().optional().describe('As script writes it. Default GET.'),
    headers: headerLines
      .optional()
      .describe('fetch: passed as an array of pairs. XHR: set one by one with setRequestHeader().'),
    headersAs: z
      .enum(['pairs', 'object'])
      .optional()
      .describe('fetch: object appends them to a Headers object first, which combines entries of one name.'),
    body: bodySchema.optional(),
    mode: z
      .string()
      .optional()
      .describe(
        'fetch: cors (the default), no-cors, same-origin, navigate. Elements: cors (the default) stands for the attribute crossorigin; no-cors leaves it out.',
      ),
    credentials: z
      .enum(['omit', 'same-origin', 'include'])
      .optional()
      .describe('fetch: default same-origin.'),
    cache: z.enum(['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached']).optional(),
    redirect: z.enum(['follow', 'error', 'manual']).optional(),
    referrer: z.string().optional(),
    referrerPolicy: z.string().optional(),
    integrity: z.string().optional(),
    keepalive: z.boolean().optional(),
    atOnce: z
      .int()
      .min(2)
      .max(8)
      .optional()
      .describe('fetch: this many equal calls, one right after the other; the last one is reported.'),
    targetAddressSpace: z.string().optional(),
    abort: z
      .union([
        z.literal('before'),
        z.strictObject({
          when: z.enum(['preflight', 'actual']),
          to: z.string().optional(),
          reason: z.string().optional(),
        }),
      ])
      .optional()
      .describe('fetch: abort before the call, or as soon as the target has received that request.'),
    timeoutMs: z.int().min(1).optional().describe('fetch: AbortSignal.timeout(); XHR: timeout.'),
    sync: z.boolean().optional().describe('XHR: open(…, async = false).'),
    withCredentials: z.boolean().optional().describe('XHR.'),
    withCredentialsAfterSend: z.boolean().optional().describe('XHR: set only after send().'),
    uploadListener: z
      .enum(['before-send', 'after-send', 'object-only'])
      .optional()
      .describe('XHR: listen on .upload.'),
    responseType: z.string().optional().describe('XHR.'),
    user: z.string().optional().describe('XHR open().'),
    password: z.string().optional().describe('XHR open().'),
    readsHeader: z
      .string()
      .optional()
      .describe('Reports, as the result, what getResponseHeader() or headers.get() says of this name.'),
    documentDomain: z.boolean().optional().describe('Set document.domain to itself first.'),
    reads: z
      .enum(['clone', 'cache-api', 'write-headers', 'timing', 'body', 'reconnection'])
      .optional()
      .describe(
        'fetch: read the response through clone() or through the Cache API; try to change its headers, and report the error’s name as the result; report whether Resource Timing shows its details; or report whether response.body is null or a stream. EventSource: report only after a reconnection.',
      ),
  })
  .describe('What script in the page does.');

const headerExpectations = z
  .record(
    z.string(),
    z.union([
      z.string(),
      z.null(),
      z.strictObject({ matches: z.string().describe('A regular expression.') }),
      z.strictObject({ lacks: z.string().describe('Absent, or without this text anywhere in it.') }),
    ]),
  )
  .describe('Header name to its exact value, null for absent, or a pattern. Placeholders are filled in.');

export const outcomeSchema = z.enum(OUTCOMES);

const sent = z.enum(['sent', 'not sent']);

export const expectationSchema = z
  .strictObject({
    outcome: outcomeSchema.describe(
      'As script sees it: readable; blocked by CORS; opaque (also opaqueredirect); error (an exception or a network error that is not CORS, or without a request that could show that it is: of an answer from a cache); timeout.',
    ),
    blockedAt: z.enum(['preflight', 'response']).optional().describe('Where a blocked request was stopped.'),
    preflight: sent.optional(),
    actual: sent.optional(),
    wire: z
      .array(z.string())
      .optional()
      .describe(
        'Every request that reaches a server, in order: "OPTIONS", "PUT", or with the resource, "PUT hop2". Instead of preflight and actual.',
      ),
    anyOrder: z.boolean().optional().describe('The wire list holds as a set: several requests run at once.'),
    anyRequests: z
      .boolean()
      .optional()
      .describe(
        'Requests of which nothing is said are not judged: somebody else answers, caches may have run.',
      ),
    status: z.int().optional(),
    type: z.enum(['basic', 'cors', 'default', 'error', 'opaque', 'opaqueredirect']).optional(),
    redirected: z.boolean().optional(),
    url: z.string().optional().describe('response.url or responseURL; placeholders are filled in.'),
    body: z.string().optional(),
    bodyError: z
      .string()
      .optional()
      .describe('The name of the error that reading the body ends in, after the response was readable.'),
    readable: z
      .record(z.string(), z.string())
      .optional()
      .describe('Response headers that script must be able to read, with their values.'),
    hidden: z.array(z.string()).optional().describe('Response headers that script must not see.'),
    allHeaders: z.array(z.string()).optional().describe('Exactly the names that iteration shows, in order.'),
    accessControlRequestMethod: z.string().optional(),
    accessControlRequestHeaders: z.union([z.string(), z.null()]).optional(),
    preflightHeaders: headerExpectations.optional().describe('Header lines of the (first) preflight.'),
    requestHeaders: headerExpectations.optional().describe('Header lines of the last actual request.'),
    requestHeaderNames: z
      .array(z.string())
      .optional()
      .describe('Header lines of the last actual request whose names are spelt just so.'),
    requestHeadersAt: z
      .record(z.string(), headerExpectations)
      .optional()
      .describe('Keyed as in wire: "GET hop2" (or "GET hop2 #2" for a second one).'),
    requestTargets: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        'The request target (path and query) as it stood on the request line, or the whole URL where it begins with http. Keyed as in wire.',
      ),
    requestBody: z.string().optional(),
    error: z.string().optional().describe('The name of the exception or rejection.'),
    events: z
      .array(z.string())
      .optional()
      .describe('XHR: every event in order, "readystatechange:4", "upload.error", "loadend".'),
    connections: z
      .enum(['same', 'different'])
      .optional()
      .describe('Whether the actual requests of the step used one connection.'),
    result: z.string().optional().describe('What an element or another API reports: load, error, true …'),
  })
  .describe(
    'What the page must see and what must reach the wire. Requests that are not expected are failures.',
  );

export const stepSchema = z.union([
  z.strictObject({
    name: z.string().optional().describe('What the step is for, in a few words: "store a cookie".'),
    page: z
      .union([place, z.string().regex(/^[a-z][a-z0-9+.-]*:\/\/[^/]*$/)])
      .optional()
      .describe(
        "The origin whose page makes the request. Default: the case's. A plain origin only as there.",
      ),
    realm: z.enum(REALMS).optional().describe("Where in that page the script runs. Default: the case's."),
    frame: place
      .optional()
      .describe('A frame of this origin inside that page makes the request, instead of a realm of the page.'),
    request: requestSchema,
    server: z
      .strictObject({
        preflight: answers.optional(),
        actual: answers.optional(),
        resources: z
          .record(z.string(), resourceSchema)
          .optional()
          .describe('More resources: redirect hops and the like.'),
      })
      .optional()
      .describe(
        'What the targets answer during this step. A step without it keeps the script of the step before.',
      ),
    expect: expectationSchema,
  }),
  z.strictObject({ wait: z.int().min(1).describe('Milliseconds.') }),
]);

export const CLASSES = ['must', 'wire', 'may', 'disputed', 'outside'] as const;
const ID = /^[a-z0-9]+(?:[-.][a-z0-9]+)*(?:\/[a-z0-9]+(?:[-.][a-z0-9]+)*)?$/;

export const caseSchema = z.strictObject({
  id: z
    .string()
    .regex(ID, 'lower-case words joined by hyphens, with at most one /variant')
    .describe('Stable and unique.'),
  title: z.string().min(1).describe('A sentence: what must be so.'),
  class: z
    .enum(CLASSES)
    .default('must')
    .describe(
      'must: page-visible rule. wire: server-visible rule. may: the Standard allows both. disputed: the Standard and the engines or its tests disagree. outside: ruled elsewhere.',
    ),
  spec: z.array(z.url()).min(1).describe('Links to the sections that decide.'),
  because: z
    .string()
    .optional()
    .describe('For disputed, may and outside: the reason. Also where a common belief is corrected.'),
  links: z.array(z.url()).optional().describe('Issues and discussions.'),
  at: place.optional().describe('Where the resource main lives. Default target.'),
  page: z
    .union([place, z.string().regex(/^[a-z][a-z0-9+.-]*:\/\/[^/]*$/)])
    .optional()
    .describe(
      'The origin site whose page runs the case. Default site. A plain origin only where a policy is verified.',
    ),
  realm: z.enum(REALMS).optional(),
  csp: z.string().optional().describe('A Content-Security-Policy for the page that runs the case.'),
  pageHeaders: headerLines.optional().describe('More response headers of the page that runs the case.'),
  worker: z.string().optional().describe("The service worker's behaviour, by name."),
  fresh: z.boolean().optional().describe('Run in a browser context or session of its own.'),
  alone: z
    .boolean()
    .optional()
    .describe('From its first step to its last, no other case begins a request; not where the case waits.'),
  slow: z.boolean().optional().describe('Only with --slow.'),
  engines: z
    .array(z.enum(['chromium', 'firefox', 'webkit', 'model']))
    .optional()
    .describe('Only these; elsewhere not-applicable.'),
  notModelled: z
    .string()
    .optional()
    .describe('Why the model cannot predict this case (service workers, the HTTP cache …).'),
  steps: z.array(stepSchema).min(1),
});

export const suiteSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  title: z.string().min(1),
  about: z.string().optional(),
  cases: z.array(caseSchema).min(1),
});

export type Answer = z.input<typeof answerSchema>;
export type Resource = z.input<typeof resourceSchema>;
export type CaseRequest = z.input<typeof requestSchema>;
export type CaseBody = z.input<typeof bodySchema>;
export type Expectation = z.input<typeof expectationSchema>;
export type Step = z.input<typeof stepSchema>;
export type RequestStep = Extract<Step, { request: unknown }>;
export type Case = z.input<typeof caseSchema>;
export type Suite = z.input<typeof suiteSchema>;
export type CaseClass = (typeof CLASSES)[number];
export type Realm = (typeof REALMS)[number];
export type Api = (typeof APIS)[number];
