/** A change between two servers: the words for it, in their order of weight. */
import type { Explanation } from '../standard/explain.ts';
import type { Exchange } from '../wire/exchange.ts';
import type { HeaderChange } from './header-changes.ts';
import type { BySide, OriginKind } from './plan.ts';
import type { Transition } from './transitions.ts';

/** page: script sees it, or a request is carried out that was not. wire: only the wire shows it. form: it changes nothing. */
export const LEVELS = ['page', 'wire', 'form'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * How much a change matters, the worst first. unlisted: someone whom the policy does not list may do more. closed: a
 * declared page may do less, or the server fails. The rest as the levels.
 */
export const CHANGE_SEVERITIES = ['unlisted', 'closed', 'page', 'wire', 'form'] as const;
export type ChangeSeverity = (typeof CHANGE_SEVERITIES)[number];

export const EFFECTS = [
  /** An answer was blocked and is readable. */
  'reads',
  /** A request was stopped by its preflight, or refused because of its Origin, and is now carried out. */
  'carried-out',
  /** The server ends, or answers nobody any more, upon a request; or no longer does. */
  'fails',
  'recovers',
  /** An answer was readable and is blocked. */
  'no-longer-reads',
  /** A request reached the server and is now stopped by its preflight. */
  'no-longer-sent',
  /** The script starts on one side only. */
  'no-longer-starts',
  'starts',
  /** The same request is not answered alike each time; or no longer so. */
  'alternates',
  'no-longer-alternates',
  /** What a cache holds can be read, or can no longer. */
  'cache-read',
  'cache-blocked',
  /** A readable answer has another status, other readable headers, or its preflight is asked for more or less often. */
  'status',
  'exposed',
  'preflights',
  /** One header, or the status, or the end of an answer, which no page notices. */
  'header',
] as const;
export type Effect = (typeof EFFECTS)[number];

/**
 * From whom the requests came; `everyone` if the policy lets anyone do what a listed origin may; `others` for all but
 * the listed ones, if the policy let anyone before.
 */
export type Who = OriginKind | 'everyone' | 'others';

/** Why the side that is blocked is blocked. */
export interface SideExplanation extends Explanation {
  readonly side: 'before' | 'after';
}

export interface ChangeRequest {
  readonly id: string;
  readonly title: string;
  /** The engines in which it shows; empty for plain requests. */
  readonly engines: readonly string[];
}

export interface Change {
  /** Stable between runs and releases: what happens, to whom, by which header. */
  readonly id: string;
  readonly level: Level;
  readonly severity: ChangeSeverity;
  readonly effect: Effect;
  readonly who: Who;
  /** What a page notices. Null if no page does. */
  readonly seen: BySide<string> | null;
  /** The header, or status, that decides. */
  readonly cause: HeaderChange | null;
  /** What it means, in one or two sentences. */
  readonly meaning: string;
  readonly why?: SideExplanation;
  /** The requests in which it shows. */
  readonly requests: readonly ChangeRequest[];
  /** What exactly changed in which of them: values, or what came and went of a list. */
  readonly transitions: readonly Transition[];
  /** The engines in which it shows; empty for plain requests. */
  readonly engines: readonly string[];
  /** What the first of the requests sent and was answered. */
  readonly evidence: BySide<readonly Exchange[]>;
  /** The last lines of a server that ended. */
  readonly output?: readonly string[];
}

/** True if the change counts by its level: what is form changes nothing. */
export const counts = ({ level }: Pick<Change, 'level'>): boolean => level !== 'form';
