import { RANKS } from '../../verdict/finding.ts';
import { CHECK_LINKS } from '../attempts.ts';
import { SAFELISTED_RESPONSE_HEADERS } from '../names.ts';
import { symptomOf } from '../trial.ts';
import type { PolicyCheck } from './check.ts';
import { declaredNames, nameList, seenByScript } from './expose-helpers.ts';

const check: PolicyCheck = {
  id: 'expose-undeclared',
  must: 'Script can read no other response headers than those declared',
  severity: 'note',
  rank: RANKS.beyond,
  text: 'Script can read response headers that the policy does not declare.',
  spec: CHECK_LINKS.expose,
  fixes: 'expose',
  asks: ['allowed'],
  headline: ({ where, names }) => `Pages can read ${names} of ${where}, which the policy does not declare`,
  untried: ({ resources }) =>
    resources.every(({ exposedHeaders }) => exposedHeaders.includes('*'))
      ? 'the policy exposes every header'
      : undefined,
  symptoms: evidence =>
    evidence.of('allowed').flatMap(trial => {
      const resource = evidence.resource(trial.about.resource);
      const seen = seenByScript(trial);
      if (!resource || !seen) return [];
      const { any, names } = declaredNames(resource);
      const extra = [...seen.visible].filter(
        name => !any && !names.includes(name) && !SAFELISTED_RESPONSE_HEADERS.includes(name),
      );
      if (extra.length === 0) return [];
      return [
        {
          ...symptomOf(trial, trial.actual),
          place: resource.path,
          names: extra,
          saw: `Readable: ${nameList(extra)}.`,
          detail: `It names ${nameList(extra)}.`,
        },
      ];
    }),
};

export default check;
