import { RANKS } from '../../verdict/finding.ts';
import { CHECK_LINKS } from '../attempts.ts';
import { symptomOf } from '../trial.ts';
import type { PolicyCheck } from './check.ts';
import { ATTACKER_ASKS, admission, deeds, shortOfReading } from './origin-check.ts';
import { namedLines } from './origin-line.ts';

const check: PolicyCheck = {
  id: 'origin-wildcard',
  must: 'Only the declared origins may read, not every one',
  severity: 'error',
  rank: RANKS.reads,
  text: 'Access-Control-Allow-Origin is "*", though the policy names the origins that may read.',
  spec: CHECK_LINKS.check,
  fixes: 'origins',
  send: values =>
    `Send no "*": to an Origin that the policy declares send that origin (${namedLines(values)}), to any other nothing, and "Vary: Origin" in any case. Look for a second layer (a proxy, the application behind it) that sends the wildcard.`,
  asks: ATTACKER_ASKS,
  headline: told => `Any website can ${deeds(told)}, without cookies`,
  untried: ({ resources }) =>
    resources.every(({ rules }) => rules.some(rule => rule.kind === 'any'))
      ? 'the policy allows every origin'
      : undefined,
  symptoms: evidence => {
    const admitted = ATTACKER_ASKS.flatMap(ask => evidence.of(ask)).filter(
      trial => admission(trial)?.wildcard,
    );
    return admitted.map(trial => ({
      ...symptomOf(trial, trial.last),
      credentials: false,
      ...shortOfReading(evidence, trial, admitted),
    }));
  },
};

export default check;
