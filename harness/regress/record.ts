/** The published form of a comparison of two servers: regress.json. */
import { z } from 'zod';
import { engineRecordSchema, explanationSchema } from '../verdict/record.ts';
import { CHANGE_SEVERITIES, type ChangeSeverity, EFFECTS, LEVELS } from './change.ts';
import { CORS_HEADERS } from './facts.ts';
import { SIDES } from './plan.ts';

const REGRESS_SCHEMA = 'cors-conformance/regress/2';

const bySide = <T extends z.ZodType>(of: T) => z.object({ before: of, after: of });

const headerChangeSchema = z.object({
  on: z.enum(['preflight', 'actual']),
  /** A response header; or "status"; or "end": how the answer ended if it is not whole; or "time": it took long. */
  name: z.enum([...CORS_HEADERS, 'status', 'end', 'time']),
  /** Lists sorted, without repetition; "(the request's origin)" stands for itself. Null if it is absent. */
  before: z.string().nullable(),
  after: z.string().nullable(),
});

const lines = z.array(z.tuple([z.string(), z.string()]).readonly()).readonly();

const evidenceSchema = z.object({
  role: z.enum(['preflight', 'actual']),
  request: z.object({ method: z.string(), url: z.string(), headers: lines, body: z.string().optional() }),
  response: z
    .object({ status: z.int(), reason: z.string().optional(), headers: lines, bodyBytes: z.number() })
    .nullable(),
  end: z.enum(['complete', 'no-answer', 'cut', 'malformed']),
  note: z.string().optional(),
});

const transitionsSchema = z
  .array(z.object({ transition: z.string(), requests: z.array(z.string()).readonly() }))
  .readonly();

const changeSchema = z.object({
  /** Stable between runs and releases: --accept names a change by it. */
  id: z.string(),
  /** page: script sees it. wire: only the wire shows it. form: it stands on the wire and changes nothing. */
  level: z.enum(LEVELS),
  /** unlisted: someone who is not listed may do more. closed: a declared page may do less. Else the level. */
  severity: z.enum(CHANGE_SEVERITIES),
  effect: z.enum(EFFECTS),
  who: z.enum(['listed', 'unlisted', 'null', 'none', 'everyone', 'others']),
  seen: bySide(z.string()).nullable(),
  cause: headerChangeSchema.nullable(),
  meaning: z.string(),
  why: explanationSchema.extend({ side: z.enum(SIDES) }).optional(),
  requests: z
    .array(z.object({ id: z.string(), title: z.string(), engines: z.array(z.string()).readonly() }))
    .readonly(),
  /** What exactly changed in which of them: --accept goes by it. */
  transitions: transitionsSchema.optional(),
  engines: z.array(z.string()).readonly(),
  /** What the first of the requests sent, and what it was answered. */
  evidence: bySide(z.array(evidenceSchema).readonly()),
  output: z.array(z.string()).readonly().optional(),
  /** Why it is intended, by the file of accepted changes. */
  accepted: z.string().optional(),
  /** What of it that file accepts, and what not, if it is not all of it: then it fails. */
  acceptedInPart: z.object({ covered: transitionsSchema, uncovered: transitionsSchema }).optional(),
});

const sideSchema = z.object({
  /** "2.8.5", "working tree (2.8.6)", "git:main (2.8.6)", or the URL or command of a server. */
  label: z.string(),
  /** As the package itself says it; absent for a server. */
  version: z.string().optional(),
  /** Every installed package with its version. A list, since names such as cookie-signature look like secrets as keys. */
  dependencies: z.array(z.object({ package: z.string(), version: z.string() })).readonly(),
});

export const regressSchema = z.object({
  schema: z.literal(REGRESS_SCHEMA),
  tool: z.object({ version: z.string(), commit: z.string().optional() }),
  run: z.object({ started: z.string(), durationMs: z.number(), command: z.string() }),
  subject: z.object({
    /** npm, pypi, go, cargo, maven; "servers" if two servers were given. */
    ecosystem: z.string(),
    /** The package, or what the two servers have in common. */
    name: z.string(),
    /** Packages that move along with it. */
    along: z.array(z.string()).readonly(),
    /** What else was installed by name, with its version on the later side. */
    others: z.array(z.object({ package: z.string(), version: z.string() })).readonly(),
  }),
  sides: bySide(sideSchema),
  /** Packages, besides the subject, whose versions differ between the sides. */
  differing: z
    .array(z.object({ package: z.string(), before: z.string().nullable(), after: z.string().nullable() }))
    .readonly(),
  script: z.string(),
  asked: z.object({
    requests: z.number(),
    origins: z.array(z.string()).readonly(),
    paths: z.array(z.string()).readonly(),
    headers: z.array(z.string()).readonly(),
    /** What nobody named. */
    assumed: z.array(z.enum(['origins', 'paths'])).readonly(),
  }),
  engines: z.array(engineRecordSchema),
  /** Why the comparison shows nothing; empty if the servers were asked what they decide. */
  gaps: z.array(z.object({ id: z.string(), text: z.string() })).readonly(),
  changes: z.array(changeSchema).readonly(),
  /** Requests that a server does not answer alike each time. */
  unstable: z
    .array(
      z.object({
        title: z.string(),
        engine: z.string(),
        sides: z.array(z.enum(SIDES)).readonly(),
        /** True if only one of the two is so, and not just once: then it is a change. */
        counts: z.boolean(),
      }),
    )
    .readonly(),
  /** Requests that did not finish, with the reason. */
  unfinished: z.array(z.object({ title: z.string(), engine: z.string(), reason: z.string() })).readonly(),
  /** Entries of the file of accepted changes for what no longer happens. */
  stale: z
    .array(
      z.object({
        id: z.string(),
        reason: z.string(),
        /** What happens in its place. */
        note: z.string().optional(),
      }),
    )
    .readonly(),
  /** The least severe change that fails the comparison. */
  failOn: z.enum(CHANGE_SEVERITIES),
  /** changed: something fails it. same: nothing does. not-exercised: nothing could have. */
  outcome: z.enum(['changed', 'same', 'not-exercised']),
});

export type RegressRecord = z.infer<typeof regressSchema>;
export type RegressChange = RegressRecord['changes'][number];

/** True if a change fails a comparison. */
export const changeFails = (
  { severity, accepted }: Pick<RegressChange, 'severity' | 'accepted'>,
  failOn: ChangeSeverity,
): boolean =>
  accepted === undefined && CHANGE_SEVERITIES.indexOf(severity) <= CHANGE_SEVERITIES.indexOf(failOn);

/** @param record without what follows from the rest */
export function completeRecord(record: Omit<RegressRecord, 'schema' | 'outcome'>): RegressRecord {
  const { changes, unstable, stale, gaps, failOn } = record;
  const isChanged =
    changes.some(change => changeFails(change, failOn)) ||
    unstable.some(({ counts }) => counts) ||
    stale.length > 0;
  const outcome = isChanged ? 'changed' : gaps.length > 0 ? 'not-exercised' : 'same';
  return { schema: REGRESS_SCHEMA, ...record, outcome };
}

/** The packages whose versions differ between two sides, by name. */
export function differingOf(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  subject: ReadonlySet<string>,
): RegressRecord['differing'] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter(name => before[name] !== after[name] && !subject.has(name))
    .map(name => ({ package: name, before: before[name] ?? null, after: after[name] ?? null }));
}

/** Packages with their versions as the record lists them. */
export const packageList = (versions: Readonly<Record<string, string>>): RegressRecord['subject']['others'] =>
  Object.entries(versions).map(([name, version]) => ({ package: name, version }));
