import { extractTokens, FAILURE } from '../../standard/header-list.ts';
import { RANKS } from '../../verdict/finding.ts';
import { headerValue } from '../../wire/exchange.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyEvidence } from '../evidence.ts';
import type { PolicyPlan } from '../plan.ts';
import { type Symptom, symptomOf, type Trial } from '../trial.ts';
import type { PolicyCheck } from './check.ts';
import { declaredNames, nameList, seenByScript } from './expose-helpers.ts';

function detailOf(trial: Trial): Pick<Symptom, 'why' | 'detail'> {
  const answer = trial.actual?.response;
  const listed = extractTokens(answer?.headers ?? [], 'access-control-expose-headers');
  if (listed === FAILURE)
    return { why: 'The list is not well-formed and counts for nothing', detail: 'It is not well-formed.' };
  if (listed?.includes('*'))
    return {
      why: '"*" does not count for a request with credentials',
      detail: 'It is "*", and the request has credentials.',
    };
  if (listed !== null)
    return { detail: listed.length === 0 ? 'It is empty.' : `It names ${listed.join(', ')}.` };
  const preflight = trial.preflight?.response;
  return preflight && headerValue(preflight.headers, 'access-control-expose-headers') !== null
    ? {
        why: 'It stands on the preflight, where it has no effect',
        detail: 'It stands on the preflight only.',
      }
    : { detail: 'It is missing.' };
}

/** Whether the answer has a header that the policy wants exposed. */
function sendsDeclared(trial: Trial, { resources }: PolicyPlan): boolean {
  const resource = resources.find(({ name }) => name === trial.about.resource);
  if (!resource) return false;
  const { any, names } = declaredNames(resource);
  return any || names.some(name => seenByScript(trial)?.sent.has(name));
}

function symptomsOf(evidence: PolicyEvidence, trial: Trial): Symptom[] {
  const resource = evidence.resource(trial.about.resource);
  const seen = seenByScript(trial);
  if (!resource || !seen) return [];
  const { any, names } = declaredNames(resource);
  const wanted = any ? [...seen.sent].filter(name => !name.startsWith('set-cookie')) : names;
  const hidden = wanted.filter(name => seen.sent.has(name) && !seen.visible.has(name));
  if (hidden.length === 0) return [];
  const symptom = symptomOf(trial, trial.actual);
  return [
    {
      ...symptom,
      place: `${resource.path} (${any ? '*' : nameList(hidden)})`,
      where: resource.path,
      names: resource.exposedHeaders.filter(name => any || hidden.includes(name.toLowerCase())),
      saw: `Not readable: ${nameList(hidden)}. ${symptom.saw}`,
      ...detailOf(trial),
    },
  ];
}

const check: PolicyCheck = {
  id: 'expose-missing',
  must: 'Script can read the declared response headers',
  severity: 'error',
  rank: RANKS.fails,
  text: 'A declared response header is sent, but script cannot read it: Access-Control-Expose-Headers of this answer does not name it. "*" does not count for a request with credentials.',
  spec: CHECK_LINKS.expose,
  fixes: 'expose',
  asks: ['allowed'],
  explains: { here: ['expose-undeclared'] },
  relevant: { in: sendsDeclared, else: 'no answer carried a declared response header' },
  headline: ({ where, names, several }) =>
    names === '*'
      ? `Pages cannot read every response header of ${where}, as declared`
      : `Pages cannot read the declared response header${several ? 's' : ''} ${names} of ${where}`,
  untried: ({ resources }) =>
    resources.every(one => one.exposedHeaders.length === 0)
      ? 'the policy declares no exposedHeaders'
      : undefined,
  symptoms: evidence => evidence.of('allowed').flatMap(trial => symptomsOf(evidence, trial)),
};

export default check;
