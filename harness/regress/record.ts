/** The published form of a comparison of two releases: regress.json. */
import { z } from 'zod';
import { engineRecordSchema, explanationSchema } from '../verdict/record.ts';
import { isChanged } from './changes.ts';
import { CORS_HEADERS } from './facts.ts';
import { SIDES } from './plan.ts';
import { LEVELS } from './settle.ts';

export const REGRESS_SCHEMA = 'cors-conformance/regress/1';

const sides = z.object({ before: z.string(), after: z.string() });

const headerChangeSchema = z.object({
  on: z.enum(['preflight', 'actual']),
  /** A response header, or "status", or "end": how the answer ended where it is not whole. */
  name: z.enum([...CORS_HEADERS, 'status', 'end']),
  /** Lists sorted, without repetition; "(the request's origin)" stands for itself. Null where it is absent. */
  before: z.string().nullable(),
  after: z.string().nullable(),
});

const changeSchema = z.object({
  /** page: script sees it. wire: only the wire shows it. form: it stands on the wire and changes nothing. */
  level: z.enum(LEVELS),
  /** opened: what could not be read now can. closed: the other way round. */
  direction: z.enum(['opened', 'closed', 'other']),
  seen: sides.nullable(),
  headers: z.array(headerChangeSchema).readonly(),
  standing: z.enum(['listed', 'unlisted', 'null', 'none']),
  requests: z.array(z.object({ id: z.string(), words: z.string() })).readonly(),
  engines: z.array(z.string()).readonly(),
  note: z.string().optional(),
  why: explanationSchema.optional(),
});

export const regressSchema = z.object({
  schema: z.literal(REGRESS_SCHEMA),
  tool: z.object({ version: z.string(), commit: z.string().optional() }),
  run: z.object({ started: z.string(), durationMs: z.number(), command: z.string() }),
  package: z.object({
    ecosystem: z.string(),
    name: z.string(),
    before: z.string(),
    after: z.string(),
    /** What else was installed, the same for both. */
    others: z.record(z.string(), z.string()),
  }),
  script: z.string(),
  asked: z.object({
    requests: z.number(),
    origins: z.array(z.string()).readonly(),
    paths: z.array(z.string()).readonly(),
    headers: z.array(z.string()).readonly(),
  }),
  engines: z.array(engineRecordSchema),
  /** True where a page, a cache or a browser can tell the two apart. */
  changed: z.boolean(),
  changes: z.array(changeSchema).readonly(),
  /** Requests that a release does not answer alike each time. */
  unsteady: z
    .array(
      z.object({
        words: z.string(),
        engine: z.string(),
        sides: z.array(z.enum(SIDES)).readonly(),
        /** True where only one of the two is so, and not just once: then it is a change. */
        counts: z.boolean(),
      }),
    )
    .readonly(),
  /** Requests that came to no end in an engine, with the reason. */
  trouble: z.array(z.object({ words: z.string(), engine: z.string(), reason: z.string() })).readonly(),
});

export type RegressRecord = z.infer<typeof regressSchema>;

/** @param record without `changed`, which follows from the rest */
export const completeRecord = (record: Omit<RegressRecord, 'schema' | 'changed'>): RegressRecord => ({
  schema: REGRESS_SCHEMA,
  ...record,
  changed: isChanged(record),
});
