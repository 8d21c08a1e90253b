import { RANKS } from '../../verdict/finding.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { symptomOf, type Trial } from '../trial.ts';
import type { PolicyCheck } from './check.ts';

/** The same method with an Origin is served; only then does the Origin make the difference. */
const servedWithOrigin = (evidence: PolicyEvidence, { about }: Trial): boolean =>
  evidence
    .of('allowed')
    .some(
      trial =>
        trial.about.resource === about.resource &&
        trial.about.method === about.method &&
        (trial.actual?.response?.status ?? 500) < 400,
    );

const statusOf = ({ actual }: Trial): number => actual?.response?.status ?? 0;

const isAnsweredWell = (trial: Trial): boolean => statusOf(trial) > 0 && statusOf(trial) < 400;

/** A page that is served one time is refused in the same way another time: then it is not for want of an Origin. */
function isRefusedInTurn(evidence: PolicyEvidence, plain: Trial): boolean {
  const same = ['allowed', 'repeat']
    .flatMap(ask => evidence.of(ask))
    .filter(
      ({ about }) =>
        about.resource === plain.about.resource &&
        about.method === plain.about.method &&
        about.credentials === plain.about.credentials,
    );
  const served = new Set(same.filter(isAnsweredWell).map(({ about }) => about.origin));
  return same.some(one => served.has(one.about.origin) && statusOf(one) === plain.last?.response?.status);
}

const check: PolicyCheck = {
  id: 'no-origin-refused',
  must: 'A request without Origin is served as usual',
  severity: 'error',
  rank: RANKS.fails,
  text: 'A request without Origin is refused, though the same request with one is served. Such requests come from servers, command lines and plain navigation: CORS has no say in them.',
  spec: CHECK_LINKS.origin,
  fixes: 'no-origin',
  asks: ['no-origin'],
  headline: ({ where }) => `Servers, command lines and plain links cannot use ${where}`,
  untried: ({ resources }) =>
    resources.some(({ methods }) => methods.includes('GET') || methods.includes('HEAD'))
      ? undefined
      : 'no resource has a method that may be sent without asking',
  symptoms: evidence =>
    evidence
      .of('no-origin')
      .filter(trial => {
        const { response } = trial.last ?? {};
        return (
          (!response || response.status >= 400) &&
          servedWithOrigin(evidence, trial) &&
          !isRefusedInTurn(evidence, trial)
        );
      })
      .map(trial => symptomOf(trial)),
};

export default check;
