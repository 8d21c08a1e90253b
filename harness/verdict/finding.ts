/** What `verify` has to say about a server: one fault, where it shows, how it was seen, and how to mend it. */
import { z } from 'zod';
import { compareEngines } from '../case/engine-name.ts';

export const SEVERITIES = ['error', 'warning', 'note'] as const;
export const severitySchema = z.enum(SEVERITIES);
export type Severity = z.infer<typeof severitySchema>;

export const evidenceSchema = z.object({
  engine: z.string().optional(),
  /** The case whose result shows it: its exchanges are the bytes, its observation what the page saw. */
  case: z.string().optional(),
  /** What the page saw or what stood on the wire, in one sentence. */
  saw: z.string().optional(),
});

const lines = z.array(z.tuple([z.string(), z.string()]).readonly()).readonly();

/** At most this many pieces of evidence for a finding; the rest says the same. */
export const MOST_EVIDENCE = 8;

/** How a server's fault harms its owner, worst first: findings are shown in this order. */
export const RANKS = {
  /** A site reads what it must not, with the user's credentials. */
  readsWithCredentials: 1,
  /** A site reads what it must not without credentials, or has a request carried out, unread. */
  reads: 2,
  /** A declared page cannot do what was declared. */
  fails: 3,
  /** It works, but is fragile or wasteful. */
  fragile: 4,
  /** More is allowed than declared, without effect on reading. */
  beyond: 5,
  /** What an engine does, whatever the server. */
  engine: 6,
} as const;

/** The part of a request that decides. */
export const decidingRequestSchema = z.object({ method: z.string(), url: z.string(), headers: lines });
/** The part of an answer that decides: whole header lines. */
export const decidingAnswerSchema = z.object({
  status: z.int(),
  reason: z.string().optional(),
  lines,
  /** Names of the header lines that decide, whether or not they were sent. Absent where the whole answer does. */
  decides: z.array(z.string()).readonly().optional(),
});

export const findingSchema = z.object({
  /** Stable for the same fault at the same place, so that a baseline can name it. */
  id: z.string(),
  /** The rule's kebab-case name. */
  rule: z.string(),
  severity: severitySchema,
  /** One of RANKS. */
  rank: z.int().min(1).max(6).optional(),
  /** What it means for the owner, in one sentence without a full stop. */
  headline: z.string().optional(),
  /** The resource as the policy names it, usually method and path. */
  resource: z.string(),
  /** The same one by one: a baseline accepts a finding at the places that it names, and at no others. */
  places: z.array(z.string()).optional(),
  /** What exactly it is at each of them, in the same words in every run: a baseline accepts this and no more. */
  exactly: z.record(z.string(), z.array(z.string())).optional(),
  /** The page's origin for which it shows. */
  origin: z.string().optional(),
  /** Every origin concerned. */
  origins: z.array(z.string()).optional(),
  /** Who may read although the policy does not allow it, grouped. */
  letIn: z.array(z.string()).optional(),
  /** Where it was seen; none for what only plain requests showed. */
  engines: z.array(z.string()),
  request: decidingRequestSchema.optional(),
  answer: decidingAnswerSchema.optional(),
  /** Why there is no answer. */
  noAnswer: z.string().optional(),
  /** Why the lines that decide do not do, where they alone do not say so: one sentence without a full stop. */
  why: z.string().optional(),
  /** One shell line that shows it again. */
  curl: z.string().optional(),
  /** What is wrong and why it matters, in plain sentences; the last ones are the first of `details`. */
  explanation: z.string(),
  /** What was seen of it, each kind once, in plain sentences. */
  details: z.array(z.string()).optional(),
  /** How to mend it in the server's own middleware, where that can be told. */
  fix: z.string().optional(),
  /** The stack that the fix is written for. */
  fixFor: z.string().optional(),
  /** That stack is only guessed from the answers. */
  fixGuessed: z.boolean().optional(),
  /** The page about this finding, relative to the root of the package. */
  helpUri: z.string().optional(),
  spec: z.string().optional(),
  fault: z.enum(['server', 'engine', 'none']).optional(),
  evidence: z.array(evidenceSchema),
  /** Set by the baseline: a finding that was accepted. */
  accepted: z.boolean().optional(),
});

export const CHECK_STATES = ['kept', 'broken', 'not-tried'] as const;

/** What became of one check of a policy. */
export const checkStateSchema = z.object({
  /** The id that its findings have. */
  id: z.string(),
  /** What must hold, one sentence without a full stop. */
  title: z.string(),
  state: z.enum(CHECK_STATES),
  /** Why it was not tried, or which other finding explains that it is broken. */
  reason: z.string().optional(),
  severity: severitySchema,
  /** Conclusive attempts by engine; `wire` stands for plain requests. */
  tried: z.array(z.object({ engine: z.string(), attempts: z.int() })),
  /** Broken, and all of its findings are accepted. */
  accepted: z.boolean().optional(),
});

/** Attempts in one order, however they came together: the model, browsers as in records, plain requests. */
export const inEngineOrder = <T extends { readonly engine: string }>(tried: readonly T[]): T[] =>
  [...tried].sort((a, b) => placeOf(a.engine) - placeOf(b.engine) || compareEngines(a.engine, b.engine));

const placeOf = (engine: string): number => (engine === 'model' ? 0 : engine === 'wire' ? 2 : 1);

export type CheckState = z.infer<typeof checkStateSchema>;
export type Evidence = z.infer<typeof evidenceSchema>;
export type Finding = z.infer<typeof findingSchema>;

/** Where it shows, place by place. */
export const placesOf = ({ places, resource }: Pick<Finding, 'places' | 'resource'>): readonly string[] =>
  places ?? [resource];

/** Of so many details the explanation of a finding tells; the rest is counted. */
const TOLD_DETAILS = 3;

/** The explanation of a finding: what it is, then what was seen of it. */
export function explanationOf(text: string, details: readonly string[]): string {
  const more = details.length - TOLD_DETAILS;
  const rest = more > 0 ? [`And ${more} more of the kind.`] : [];
  return [text, ...details.slice(0, TOLD_DETAILS), ...rest].join(' ');
}
