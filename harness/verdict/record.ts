/** The published form of a run: results.json. */
import { z } from 'zod';
import { parseEngineName } from '../case/engine-name.ts';
import { CLASSES, outcomeSchema } from '../case/schema.ts';
import { checkStateSchema, findingSchema } from './finding.ts';

export const SCHEMA = 'cors-conformance/results/2';

/** The name of an engine: a family, or an instance such as "chromium@123" (see case/engine-name.ts). */
export const engineNameSchema = z
  .string()
  .refine(name => parseEngineName(name) !== null, 'not the name of an engine');
export type RunEngineName = z.infer<typeof engineNameSchema>;

const headerLines = z.array(z.tuple([z.string(), z.string()]).readonly()).readonly();

const exchangeSchema = z.object({
  step: z.int(),
  role: z.enum(['preflight', 'actual']),
  resource: z.string(),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: headerLines,
    bodyBytes: z.number(),
    body: z.string().optional(),
  }),
  response: z
    .object({
      status: z.int(),
      reason: z.string().optional(),
      headers: headerLines,
      interim: z
        .array(z.object({ status: z.int(), headers: headerLines }))
        .readonly()
        .optional(),
      trailers: headerLines.optional(),
      bodyBytes: z.number(),
      body: z.string().optional(),
      undecodable: z.literal(true).optional(),
    })
    .nullable(),
  end: z.enum(['complete', 'no-answer', 'cut', 'malformed']),
  connection: z.int(),
  startedMs: z.number(),
  endedMs: z.number(),
  note: z.string().optional(),
});

export const VERDICTS = ['pass', 'fail', 'info', 'not-applicable', 'harness-error', 'not-run'] as const;
export const verdictSchema = z.enum(VERDICTS);
export type VerdictName = z.infer<typeof verdictSchema>;

export const checkSchema = z.object({
  /** For example "outcome", "2.wire", "readable:etag": a leading number is the step, counted from 1. */
  id: z.string(),
  expected: z.string(),
  observed: z.string(),
  ok: z.boolean(),
});

export const explanationSchema = z.object({
  /** One plain sentence. */
  text: z.string(),
  /** The step of the Standard that decided. */
  spec: z.string().optional(),
  /** What to change on the server, where that helps. */
  fix: z.string().optional(),
});

export const resultSchema = z.object({
  case: z.object({
    id: z.string(),
    suite: z.string(),
    title: z.string(),
    class: z.enum(CLASSES),
    spec: z.array(z.string()),
    because: z.string().optional(),
    links: z.array(z.string()).optional(),
    /** What is sent, what is answered and what is expected, in sentences made from the case's data. */
    text: z.array(z.string()).optional(),
    /** Only from `verify`: the checks of the policy that this case serves. */
    checks: z.array(z.string()).optional(),
  }),
  engine: engineNameSchema,
  /** The outcome of each request step, as the case expects it. */
  expected: z.object({ outcome: outcomeSchema, blockedAt: z.enum(['preflight', 'response']).optional() }),
  /** The same as observed, for the step that decided (the first one that differs, else the last). */
  observed: z
    .object({
      outcome: outcomeSchema,
      blockedAt: z.enum(['preflight', 'response']).optional(),
      script: z.array(z.unknown()),
    })
    .nullable(),
  exchanges: z.array(exchangeSchema),
  checks: z.array(checkSchema),
  verdict: verdictSchema,
  /** `unlisted`: differs from the Standard in a build that the list of deviations was never held against. */
  outcome: z.enum(['expected', 'regression', 'stale', 'unlisted']),
  /** What a failure is due to, by replaying the exchanges through the model. */
  fault: z.enum(['server', 'engine', 'none']).optional(),
  /**
   * The known deviation or baseline entry that explains a result. Of one that is `unlisted`: the deviation that shows in
   * the same way in other builds, for which it is listed.
   */
  deviation: z.object({ id: z.string(), what: z.string(), link: z.string() }).optional(),
  /** Further known deviations that show in the result, such as in headers that play no part in CORS. */
  alsoDeviates: z.array(z.object({ id: z.string(), what: z.string(), link: z.string() })).optional(),
  explanation: z.array(explanationSchema),
  /** Why there is no verdict: not-run, not-applicable, harness-error. */
  reason: z.string().optional(),
  /** Only from `verify`: the findings that explain a failure. */
  findings: z.array(z.string()).optional(),
  durationMs: z.number(),
});

export const engineRecordSchema = z.object({
  name: engineNameSchema,
  version: z.string(),
  build: z.string(),
  channel: z.string(),
  os: z.string(),
  driver: z.string(),
  /** Set where the engine could not be started. */
  notRun: z.string().optional(),
  /** The exact command that would get it. */
  fix: z.string().optional(),
});

const staleSchema = z.object({ what: z.string(), reason: z.string() });

export const recordSchema = z.object({
  schema: z.literal(SCHEMA),
  tool: z.object({ version: z.string(), commit: z.string().optional() }),
  run: z.object({
    started: z.string(),
    durationMs: z.number(),
    command: z.string(),
    host: z.string(),
    /** Only from `verify`: what was sent and opened in all engines. */
    requests: z.int().optional(),
    preflights: z.int().optional(),
    pages: z.int().optional(),
    /** Set if it was cut short: how many results there are, of how many. */
    interrupted: z.object({ done: z.int(), of: z.int() }).optional(),
    /** Set if it holds only some of the shards of a run; `merged`: the others should be here, too. */
    shards: z
      .object({
        of: z.int(),
        has: z.array(z.int()),
        merged: z.boolean().optional(),
        /** Only from `verify`: entries of the baseline that did not show in this part; stale if they show in none. */
        unseen: z.array(staleSchema).optional(),
      })
      .optional(),
    /** Differences that are not listed for an engine's build do not fail the run. */
    unlisted: z.literal('ok').optional(),
    /** Warnings fail the run, too. */
    strict: z.boolean().optional(),
  }),
  target: z.object({
    name: z.string(),
    url: z.string().optional(),
    policy: z.unknown().optional(),
    /** The configuration file, relative to the working folder, with forward slashes. */
    config: z.string().optional(),
  }),
  engines: z.array(engineRecordSchema),
  results: z.array(resultSchema),
  /** Only from `verify`. */
  findings: z.array(findingSchema).optional(),
  /** Only from `verify`: entries of the baseline that no longer hold. They fail the run. */
  stale: z.array(staleSchema).optional(),
  /** Only from `verify`: every check with what became of it. */
  checks: z.array(checkStateSchema).optional(),
});

export type Check = z.infer<typeof checkSchema>;
export type Result = z.infer<typeof resultSchema>;
export type EngineRecord = z.infer<typeof engineRecordSchema>;
export type RunRecord = z.infer<typeof recordSchema>;
