/** Checks of origins that the policy does not declare: each kind of careless matching lets other ones in. */

import { wordList } from '../../case/words.ts';
import { RANKS } from '../../verdict/finding.ts';
import type { AttackedOrigins, Attacker } from '../attacker.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { type Symptom, symptomOf, type Trial } from '../trial.ts';
import type { PolicyCheck, Told } from './check.ts';
import { otherAnswer, otherStatus } from './other-answer.ts';

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

/** What is asked in a special way, which need not be why it is let in. */
const SPECIAL = ['attacker-referer', 'attacker-range'] as const;

export const ATTACKER_ASKS = ['attackers', 'attacker-cookies', ...SPECIAL, 'attacker-preflights'] as const;

const isSpecial = ({ about }: Trial): boolean => SPECIAL.some(ask => ask === about.ask);

/** How an attacker got through; null if it did not. */
export function admission(trial: Trial): { credentials: boolean; wildcard: boolean } | null {
  const { about } = trial;
  if (trial.readable) return { credentials: about.credentials, wildcard: trial.allowOrigin === '*' };
  // On the wire the same answer also tells what a request without credentials would have come to.
  // Of a method that nothing declares, that would be no more than what anybody can send without a browser.
  if (!trial.onWire || !about.credentials || about.unasked || trial.reasonWithout !== null) return null;
  return { credentials: false, wildcard: trial.allowOrigin === '*' };
}

/** Whether one got through with as much as the other. */
const asFar = (one: Trial, other: Trial): boolean =>
  admission(one)?.credentials === true || admission(other)?.credentials !== true;

const ofSame = (trial: Trial, admitted: readonly Trial[]): readonly Trial[] =>
  admitted.filter(({ about }) => about.resource === trial.about.resource);

/**
 * Whether such a page can read an answer of the same resource that the policy is about, by all that was seen.
 * @param admitted everything that got through in the same way
 */
const isRead = (trial: Trial, admitted: readonly Trial[], evidence: PolicyEvidence): boolean =>
  ofSame(trial, admitted).some(
    one => one.actual !== undefined && asFar(one, trial) && otherStatus(evidence, one) === undefined,
  );

/**
 * What to say of a request that got through: only its preflight was allowed, so that it is carried out, unread; or what
 * is read is not the answer that the policy is about.
 * @param admitted everything that got through in the same way
 * @returns nothing where such a page reads what the policy is about
 */
export function shortOfReading(
  evidence: PolicyEvidence,
  trial: Trial,
  admitted: readonly Trial[],
): Partial<Symptom> {
  const status = otherStatus(evidence, trial);
  if ((trial.actual !== undefined && status === undefined) || isRead(trial, admitted, evidence)) return {};
  if (status === undefined) return { carriedOut: true };
  return otherAnswer(trial, status, admission(trial)?.credentials === true);
}

/** Of a method that nothing declares: the request itself could change data, so it is never sent. */
const NOT_SERVED = ' Whether the method is served was not tried.';

/** Whether what is declared, or a request without anything special, shows the same. */
function isShownByOthers(trial: Trial, admitted: readonly Trial[]): boolean {
  const others = ofSame(trial, admitted);
  if (trial.about.unasked) return others.some(({ about }) => !about.unasked);
  return (
    isSpecial(trial) && others.some(one => !isSpecial(one) && one.actual !== undefined && asFar(one, trial))
  );
}

/** Headers that the same page is not let in with: it is only without them. */
function neededWithout(trial: Trial, admitted: readonly Trial[]): string | undefined {
  const { without, origin } = trial.about;
  if (without === undefined) return undefined;
  const isLetInWith = ofSame(trial, admitted).some(
    one =>
      one.about.without === undefined &&
      one.about.origin === origin &&
      one.about.path === trial.about.path &&
      (one.actual !== undefined || trial.actual === undefined) &&
      asFar(one, trial),
  );
  return isLetInWith ? undefined : wordList(without);
}

type LetIn = Pick<Symptom, 'carriedOut' | 'otherAnswer'> & {
  readonly credentials: boolean;
  readonly without: string | undefined;
};

function detailOf(trial: Trial, attacker: Attacker, told: LetIn): string {
  const { unasked } = trial.about;
  const { credentials, carriedOut, without, otherAnswer: status } = told;
  const how = [
    credentials ? ' with credentials' : '',
    carriedOut ? ' by the preflight alone' : '',
    without !== undefined && !carriedOut ? ` by a request without ${without}, which needs no preflight` : '',
  ].join('');
  const more = [
    unasked ? NOT_SERVED : '',
    without !== undefined && carriedOut ? ` Whether it is served without ${without} was not tried.` : '',
    status === undefined ? '' : ` What is read is the ${status} answer.`,
  ].join('');
  return `${attacker.origin} is allowed${how}: ${attacker.why}.${more}`;
}

/** Why the same page may not be let in by a request as the policy declares it. */
function whyThisOne({ about }: Trial, { carriedOut, without }: LetIn): Pick<Symptom, 'why'> {
  if (about.ask === 'attacker-referer')
    return { why: 'The Referer holds an allowed name, in a query that is up to the page' };
  return without !== undefined && !carriedOut
    ? { why: `Without ${without} it needs no preflight, so that its answer alone decides` }
    : {};
}

function symptoms({ kind, isMild }: Own, evidence: PolicyEvidence): Symptom[] {
  const admitted = ATTACKER_ASKS.flatMap(ask => evidence.of(ask)).filter(
    trial => trial.about.attacker?.kind === kind && admission(trial)?.wildcard === false,
  );
  return admitted.flatMap((trial): Symptom[] => {
    const { attacker } = trial.about;
    const { credentials = false } = admission(trial) ?? {};
    if (!attacker || isShownByOthers(trial, admitted)) return [];
    const without = neededWithout(trial, admitted);
    const short = shortOfReading(evidence, trial, admitted);
    const letIn = { ...short, credentials, without };
    return [
      {
        ...symptomOf(trial),
        attacker,
        credentials,
        ...whyThisOne(trial, letIn),
        ...(isMild?.(attacker) && { severity: 'warning', rank: RANKS.fragile }),
        ...short,
        detail: detailOf(trial, attacker, letIn),
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
