/** What `verify` has to say about a server: one fault, where it shows, how it was seen, and how to mend it. */
import { z } from 'zod';

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

export const findingSchema = z.object({
  /** Stable for the same fault at the same place, so that a baseline can name it. */
  id: z.string(),
  /** The rule's kebab-case name. */
  rule: z.string(),
  severity: severitySchema,
  /** The resource as the policy names it, usually method and path. */
  resource: z.string(),
  /** The same one by one: a baseline accepts a finding at the places that it names, and at no others. */
  places: z.array(z.string()).optional(),
  /** The page's origin for which it shows. */
  origin: z.string().optional(),
  engines: z.array(z.string()),
  /** What is wrong and why it matters, in plain sentences. */
  explanation: z.string(),
  /** How to mend it in the server's own middleware, where that can be told. */
  fix: z.string().optional(),
  spec: z.string().optional(),
  fault: z.enum(['server', 'engine', 'harness', 'none']).optional(),
  evidence: z.array(evidenceSchema),
  /** Set by the baseline: a finding that was accepted. */
  accepted: z.boolean().optional(),
});

export type Evidence = z.infer<typeof evidenceSchema>;
export type Finding = z.infer<typeof findingSchema>;
