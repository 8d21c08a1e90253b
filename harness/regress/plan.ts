/** What both sides of a comparison are asked, as data: the plan, and its probes. */
import type { Case } from '../case/schema.ts';
import { slug } from '../policy/config/read.ts';
import type { HeaderLine } from '../wire/exchange.ts';
import { redactUrl } from '../wire/redact.ts';

export const SIDES = ['before', 'after'] as const;
export type Side = (typeof SIDES)[number];
export type BySide<T> = Readonly<Record<Side, T>>;

/** What to ask, and from where. */
export interface ProbePlan {
  /** By which pages know the two servers: scheme, host and port. */
  readonly bases: BySide<string>;
  /** Origins that the server is meant to allow. The first one is asked from in full. */
  readonly origins: readonly string[];
  /** Sources of regular expressions by which the server is meant to allow more: what they match is no look-alike. */
  readonly patterns?: readonly string[];
  /** The first one is asked for in full. */
  readonly paths: readonly string[];
  /** Names of request headers that script sets. */
  readonly headers: readonly string[];
}

/** Whether the policy is meant to allow the origin of a request; `none` if it has no Origin header. */
export type OriginKind = 'listed' | 'unlisted' | 'null' | 'none';

interface CommonProbe {
  /** Stable between runs: a bisection names probes by it. */
  readonly id: string;
  /** As in a sentence: "PUT /x with x-a from https://app.example". */
  readonly title: string;
  readonly originKind: OriginKind;
  /** The value of the Origin header; null if there is none. */
  readonly origin: string | null;
  readonly path: string;
  readonly method: string;
}

/** How the outcomes of a probe are read together. */
export type Interpretation = 'single' | 'repeat' | 'count-preflights' | 'second';

export interface PageProbe extends CommonProbe {
  readonly kind: 'page';
  /** The id of its request's shape, whatever the origin and the path. */
  readonly shape: string;
  readonly credentials: boolean;
  readonly case: Case;
  /** Whose server each request step goes to, in order. */
  readonly sides: readonly Side[];
  readonly interpretation: Interpretation;
  /** No page can be opened there, or it would take too long: on the model only. */
  readonly modelOnly: boolean;
}

export interface PlainProbe extends CommonProbe {
  readonly kind: 'plain';
  /** A value {server} stands for the origin of the server that is asked. */
  readonly headers: readonly HeaderLine[];
  /** The answer has to come within reasonable time, however odd the request. */
  readonly timed?: true;
}

export type Probe = PageProbe | PlainProbe;

/** A path that no route serves. */
export const UNROUTED = '/cors-conformance-no-such-path';

/** An origin that nobody lists: reserved by RFC 2606. */
export const UNLISTED = 'https://evil.example';

/** Tells paths apart by their secrets without giving those away: 16 bits. */
function shortMark(secret: string): string {
  let mark = 0;
  for (const char of secret) mark = (mark * 31 + (char.codePointAt(0) as number)) & 0xffff;
  return mark.toString(16);
}

/**
 * The id of a probe: unlike its title it does not change if the same script runs elsewhere.
 * @param origin null if it is no part of the id
 */
export function idOf(what: string, path: string, origin: string | null, plan: ProbePlan): string {
  const place = path === plan.paths[0] ? '' : `-at-${slug(redactUrl(path, shortMark))}`;
  const from = origin === null || origin === plan.origins[0] ? '' : `-from-${slug(origin)}`;
  return `${what}${place}${from}`;
}
