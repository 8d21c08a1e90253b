/** The published form of a run: results.json. */
import { z } from 'zod';
import { CLASSES, outcomeSchema } from '../case/schema.ts';
import { findingSchema } from './finding.ts';

export const SCHEMA = 'cors-conformance/results/1';

export const ENGINE_NAMES = ['chromium', 'firefox', 'webkit', 'model'] as const;
export const engineNameSchema = z.enum(ENGINE_NAMES);
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
    })
    .nullable(),
  end: z.enum(['complete', 'no-answer', 'cut', 'malformed']),
  connection: z.int(),
  startedMs: z.number(),
  endedMs: z.number(),
  note: z.string().optional(),
});

export const VERDICTS = [
  'pass',
  'fail',
  'info',
  'not-applicable',
  'blocked',
  'harness-error',
  'not-run',
] as const;
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
  outcome: z.enum(['expected', 'regression', 'stale']),
  /** What a failure is due to, by replaying the exchanges through the model. */
  fault: z.enum(['server', 'engine', 'harness', 'none']).optional(),
  /** The known deviation or baseline entry that explains a result. */
  deviation: z.object({ id: z.string(), what: z.string(), link: z.string() }).optional(),
  explanation: z.array(explanationSchema),
  /** Why there is no verdict: not-run, not-applicable, blocked, harness-error. */
  reason: z.string().optional(),
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

export const recordSchema = z.object({
  schema: z.literal(SCHEMA),
  tool: z.object({ version: z.string(), commit: z.string().optional() }),
  run: z.object({ started: z.string(), durationMs: z.number(), command: z.string(), host: z.string() }),
  target: z.object({ name: z.string(), url: z.string().optional(), policy: z.unknown().optional() }),
  engines: z.array(engineRecordSchema),
  results: z.array(resultSchema),
  /** Only from `verify`. */
  findings: z.array(findingSchema).optional(),
});

export type Check = z.infer<typeof checkSchema>;
export type Explanation = z.infer<typeof explanationSchema>;
export type Result = z.infer<typeof resultSchema>;
export type EngineRecord = z.infer<typeof engineRecordSchema>;
export type RunRecord = z.infer<typeof recordSchema>;
