/** What both releases are asked, as data: the plan of a comparison, and its probes. */
import type { Case } from '../case/schema.ts';
import { slug } from '../policy/read.ts';
import type { HeaderLine } from '../wire/exchange.ts';

export const SIDES = ['before', 'after'] as const;
export type Side = (typeof SIDES)[number];

/** What to ask, and from where. */
export interface Plan {
  /** By which pages know the two servers: scheme, host and port. */
  readonly bases: Readonly<Record<Side, string>>;
  /** Origins that the server is meant to allow. The first one is asked from in full. */
  readonly origins: readonly string[];
  /** The first one is asked for in full. */
  readonly paths: readonly string[];
  /** Names of request headers that script sets. */
  readonly headers: readonly string[];
}

export type Standing = 'listed' | 'unlisted' | 'null' | 'none';

interface Common {
  /** Stable between runs: a bisection names probes by it. */
  readonly id: string;
  /** As in a sentence: "PUT /x with x-a from https://app.example". */
  readonly words: string;
  readonly standing: Standing;
  /** The value of the Origin header; null where there is none. */
  readonly origin: string | null;
  readonly path: string;
}

/** How the outcomes of a probe are read together. */
export type Reading = 'single' | 'repeat' | 'count-preflights' | 'second';

export interface PageProbe extends Common {
  readonly kind: 'page';
  readonly case: Case;
  /** Whose server each request step goes to, in order. */
  readonly sides: readonly Side[];
  readonly reading: Reading;
  /** No page can be opened there, or it would take too long: on the model only. */
  readonly modelOnly: boolean;
}

export interface Question extends Common {
  readonly kind: 'question';
  readonly method: string;
  readonly headers: readonly HeaderLine[];
}

export type Probe = PageProbe | Question;

/** A path that no route serves. */
export const UNROUTED = '/cors-conformance-no-such-path';

/** An origin that nobody lists: reserved by RFC 2606. */
export const UNLISTED = 'https://evil.example';

/**
 * The id of a probe: unlike its words it does not change where the same script runs elsewhere.
 * @param origin null where it is no part of the id
 */
export function idOf(what: string, path: string, origin: string | null, plan: Plan): string {
  const place = path === plan.paths[0] ? '' : `-at-${slug(path)}`;
  const from = origin === null || origin === plan.origins[0] ? '' : `-from-${slug(origin)}`;
  return `${what}${place}${from}`;
}
