/** Checks of what is declared: a request that a page should be able to make fails, and the wire says why. */

import { wordList } from '../../case/words.ts';
import { RANKS, type Severity } from '../../verdict/finding.ts';
import type { FailedRequest, ResourceContext } from '../evidence.ts';
import type { PolicyValues } from '../policy-values.ts';
import type { Concept, PolicyCheck, Told } from './check.ts';

/** What a check says of a failure that is its own. */
export interface Claim {
  /** Why the lines that are shown do not do. */
  readonly why?: string;
  /** Why pages fail, in the headline; instead of the check's own. */
  readonly how?: string;
  /** What exactly. */
  readonly detail?: string;
  /** Instead of method and path. */
  readonly place?: string;
  /** What a headline calls the place, and what exactly it is about there. */
  readonly where?: string;
  readonly names?: readonly string[];
  /** The value that is wrong. */
  readonly exactly?: string;
  /** Instead of the check's own. */
  readonly severity?: Severity;
  readonly rank?: number;
  /** Another kind of change than the check's own. */
  readonly fixes?: Concept;
  /** What to do, where it is more to the point than what the check says. */
  readonly send?: (values: PolicyValues) => string;
}

type Own = Pick<PolicyCheck, 'id' | 'must' | 'text' | 'spec' | 'fixes'> &
  Partial<
    Pick<
      PolicyCheck,
      | 'fixesToo'
      | 'severity'
      | 'rank'
      | 'send'
      | 'explains'
      | 'needsPreflight'
      | 'relevant'
      | 'asks'
      | 'headline'
    >
  > & {
    /** Why pages fail, as the end of a sentence: "the preflight is redirected". */
    readonly because: string;
    /** Whether a failure is this check's, and what to say of it; null if it is not. */
    readonly claims: (failure: FailedRequest) => Claim | null;
  };

/** Every question about what is declared. */
export const DECLARED_ASKS = [
  'allowed',
  'header',
  'preflights',
  'repeat',
  'max-age',
  'cache',
  'errors',
] as const;

/** What goes wrong where the policy declares nothing. */
const FOR_INFORMATION = { severity: 'note', rank: RANKS.beyond } as const;

/** A check of declared requests; an error unless it says otherwise. */
export function failureCheck(own: Own): PolicyCheck {
  const { because, claims, ...rest } = own;
  return {
    severity: 'error',
    rank: RANKS.fails,
    asks: DECLARED_ASKS,
    headline: ({ where, how }: Told) => `Declared pages cannot use ${where}: ${how || because}`,
    ...rest,
    symptoms: evidence =>
      evidence.failures.flatMap(failure => {
        const claim = claims(failure);
        return claim
          ? [{ ...failure.symptom, ...(failure.symptom.unasked && FOR_INFORMATION), ...claim }]
          : [];
      }),
  };
}

/** Why a preflight is refused that would pass with what the policy sends: the server looks for that first. */
export const guardWhy = ({ guard }: ResourceContext): Pick<Claim, 'why'> =>
  guard
    ? {
        why: `It would get ${guard.status} if it carried ${wordList(guard.names)}, which no preflight does`,
      }
    : {};
