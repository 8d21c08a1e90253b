/** Checks of origins that the policy does not declare: each kind of careless matching lets other ones in. */
import { RANKS } from '../../verdict/finding.ts';
import type { AttackedOrigins, Attacker } from '../attacker.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { type Symptom, symptomOf, type Trial } from '../trial.ts';
import type { PolicyCheck, Told } from './check.ts';

export type AttackerDraft = Pick<Attacker, 'origin' | 'why' | 'from'>;

export interface OriginCheck extends PolicyCheck {
  readonly kind: string;
  /** The origins to try. */
  attackers(attacked: AttackedOrigins): readonly AttackerDraft[];
}

interface Own {
  readonly kind: string;
  readonly id?: string;
  /** What must hold. */
  readonly must: string;
  /** What the server does wrong, as the end of a sentence. */
  readonly text: string;
  /** Who may read, as the subject of a headline: "Any website". */
  readonly who: (origin: string) => string;
  readonly attackers: (attacked: AttackedOrigins) => readonly AttackerDraft[];
  /** Ids of checks that fail for the same reason. */
  readonly explains?: readonly string[];
  /** Whether letting this one in is a warning, not an error; never by default. */
  readonly isMild?: (attacker: Attacker) => boolean;
  /** Whether letting `self` in is the reason why `other` is let in. `letIn`: every origin that was. */
  readonly covers?: (other: Attacker, self: Attacker, letIn: ReadonlySet<string>) => boolean;
}

const REFERER = 'attacker-referer';

export const ATTACKER_ASKS = ['attackers', 'attacker-cookies', REFERER, 'attacker-preflights'] as const;

/** How an attacker got through; null if it did not. */
export function admission(trial: Trial): { credentials: boolean; wildcard: boolean } | null {
  const { about } = trial;
  if (trial.readable) return { credentials: about.credentials, wildcard: trial.allowOrigin === '*' };
  // On the wire the same answer also tells what a request without credentials would have come to.
  // Of a method that nothing declares, that would be no more than what anybody can send without a browser.
  if (!trial.onWire || !about.credentials || about.unasked || trial.reasonWithout !== null) return null;
  return { credentials: false, wildcard: trial.allowOrigin === '*' };
}

/**
 * Whether only its preflight was allowed, so that the request is carried out, while no answer of the same resource was
 * seen that such a page can read.
 * @param admitted everything that got through in the same way
 */
export function isOnlyCarriedOut(trial: Trial, admitted: readonly Trial[]): boolean {
  const withCredentials = admission(trial)?.credentials;
  return (
    trial.actual === undefined &&
    !admitted.some(
      one =>
        one.actual !== undefined &&
        one.about.resource === trial.about.resource &&
        (admission(one)?.credentials || !withCredentials),
    )
  );
}

/** Of a method that nothing declares: the request itself could change data, so it is never sent. */
const NOT_SERVED = ' Whether the method is served was not tried.';

/** Whether what is declared, or a request without anything special, shows the same. */
function isShownByOthers(trial: Trial, admitted: readonly Trial[]): boolean {
  const { unasked, ask, resource } = trial.about;
  const others = admitted.filter(({ about }) => about.resource === resource);
  if (unasked) return others.some(({ about }) => !about.unasked);
  // Its Referer is not why it is let in, if it is let in without.
  return (
    ask === REFERER &&
    others.some(
      one =>
        one.about.ask !== REFERER &&
        one.actual &&
        (admission(one)?.credentials || !admission(trial)?.credentials),
    )
  );
}

function symptoms({ kind, isMild }: Own, evidence: PolicyEvidence): Symptom[] {
  const admitted = ATTACKER_ASKS.flatMap(ask => evidence.of(ask)).filter(
    trial => trial.about.attacker?.kind === kind && admission(trial)?.wildcard === false,
  );
  return admitted.flatMap((trial): Symptom[] => {
    const { attacker, unasked } = trial.about;
    const { credentials = false } = admission(trial) ?? {};
    if (!attacker || isShownByOthers(trial, admitted)) return [];
    const carriedOut = isOnlyCarriedOut(trial, admitted);
    const how = `${credentials ? ' with credentials' : ''}${carriedOut ? ' by the preflight alone' : ''}`;
    return [
      {
        ...symptomOf(trial),
        attacker,
        credentials,
        ...(carriedOut && { carriedOut }),
        ...(isMild?.(attacker) && { severity: 'warning', rank: RANKS.fragile }),
        detail: `${attacker.origin} is allowed${how}: ${attacker.why}.${unasked ? NOT_SERVED : ''}`,
      },
    ];
  });
}

/** What such a page can do, after "can": "read GET /items", "have PUT /items carried out". */
export const deeds = ({ where, carriedOut }: Told): string =>
  [where === '' ? '' : `read ${where}`, carriedOut === '' ? '' : `have ${carriedOut} carried out`]
    .filter(deed => deed !== '')
    .join(' and ');

/** @param own what tells this kind of attacker from the others */
export function originCheck(own: Own): OriginCheck {
  const { covers } = own;
  return {
    id: own.id ?? `origin-${own.kind}`,
    kind: own.kind,
    must: own.must,
    severity: 'error',
    rank: RANKS.readsWithCredentials,
    text: `An origin that the policy does not declare is allowed: ${own.text}`,
    spec: CHECK_LINKS.check,
    fixes: 'origins',
    asks: ATTACKER_ASKS,
    attackers: own.attackers,
    relevant: {
      // What nothing declares shows a hole, but not that what is declared has none.
      in: ({ about }) => about.attacker?.kind === own.kind && !about.unasked,
      else: 'no origin of this kind can be made from those of the policy',
    },
    ...(covers && {
      explains: {
        ...(own.explains && { everywhere: own.explains }),
        when: (other, self, all) => {
          if (!other.attacker || !self.attacker) return false;
          const letIn = new Set(all.flatMap(one => one.attacker?.origin ?? []));
          return covers(other.attacker, self.attacker, letIn);
        },
      },
    }),
    untried: ({ resources }) =>
      resources.every(({ rules }) => rules.some(rule => rule.kind === 'any'))
        ? 'the policy allows every origin'
        : undefined,
    headline: told =>
      `${own.who(told.origin)} can ${deeds(told)}${told.credentials ? " with your users' cookies" : ''}`,
    symptoms: evidence => symptoms(own, evidence),
  };
}
