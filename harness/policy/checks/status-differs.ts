import { RANKS } from '../../verdict/finding.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyPlan } from '../plan.ts';
import { symptomOf, type Trial } from '../trial.ts';
import type { PolicyCheck } from './check.ts';

function wantedStatus(plan: PolicyPlan, { about }: Trial): number | undefined {
  const { method, path, credentials } = about;
  if (about.ask === 'errors')
    return plan.errors.find(error => error.path === path && error.method === method)?.status;
  const resource = plan.resources.find(one => one.name === about.resource);
  const status = resource?.status(method, credentials);
  // Script sees where a redirect leads to, never the redirect itself.
  return status !== undefined && status >= 300 && status < 400 ? undefined : status;
}

const check: PolicyCheck = {
  id: 'status-differs',
  must: 'Answers have the declared status',
  severity: 'warning',
  rank: RANKS.fragile,
  text: 'The answer has another status than the policy says.',
  spec: CHECK_LINKS.check,
  fixes: 'errors',
  asks: ['allowed', 'errors'],
  headline: ({ where }) => `Answers of ${where} have another status than declared`,
  untried: ({ resources, errors }) =>
    errors.some(({ status }) => status !== undefined) ||
    resources.some(one => one.methods.some(method => [true, false].some(mode => one.status(method, mode))))
      ? undefined
      : 'the policy declares no status',
  symptoms: evidence =>
    ['allowed', 'errors']
      .flatMap(ask => evidence.of(ask))
      .flatMap(trial => {
        const wanted = wantedStatus(evidence.plan, trial);
        const status = trial.script?.status;
        if (!trial.readable || wanted === undefined || status === wanted || trial.lacksCookie) return [];
        // A declared body is what the status belongs to.
        if (trial.about.body === false && evidence.resource(trial.about.resource)?.body !== undefined)
          return [];
        return [
          {
            ...symptomOf(trial),
            exactly: `status ${status}`,
            saw: `${status} instead of ${wanted}.`,
            detail: `It is ${status} instead of ${wanted}.`,
          },
        ];
      }),
};

export default check;
