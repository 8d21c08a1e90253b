import { isPutOff } from '../../standard/response.ts';
import { RANKS } from '../../verdict/finding.ts';
import { headerValue } from '../../wire/exchange.ts';
import { CHECK_LINKS } from '../attempts.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { originsOf } from '../plan.ts';
import { type Symptom, symptomOf } from '../trial.ts';
import type { PolicyCheck } from './check.ts';
import { rememberedAsk, rememberedIn } from './remembered-helpers.ts';

function symptomsFor(evidence: PolicyEvidence, name: string): Symptom[] {
  const seen = rememberedIn(evidence, name);
  if (!seen) return [];
  return [
    ...seen.failing.map(trial => ({
      ...symptomOf(trial),
      severity: 'error' as const,
      rank: RANKS.fails,
      why: 'Pages of two declared origins asked at the same time, and one got the origin of the other',
    })),
    ...seen.unasked.map(trial => ({
      ...symptomOf(trial),
      credentials: false,
      why: 'It names the origin of the request before, by a URL that no cache can know',
    })),
  ];
}

const namedIn = ({ exchange }: Symptom): string | null =>
  headerValue(exchange?.response?.headers ?? [], 'access-control-allow-origin');

const check: PolicyCheck = {
  id: 'origin-remembered',
  must: 'Whom an answer allows depends on its own request alone',
  severity: 'warning',
  rank: RANKS.fragile,
  text: 'The answer names the origin of an earlier request: the server keeps it where all requests share it, such as in a variable outside of the function that answers. Of two requests at the same time, one can get the origin of the other, and its page fails.',
  spec: CHECK_LINKS.check,
  fixes: 'every-time',
  send: () =>
    'Work out Access-Control-Allow-Origin anew from the Origin of each request, and keep it in no variable and no object of headers that requests share. To a declared Origin send that origin, to any other and to none nothing.',
  asks: ['no-origin', 'allowed', rememberedAsk.id],
  ask: rememberedAsk,
  explains: {
    // A declared page that got the origin of another one; or none, if pages are seen to get what was made for others.
    anywhere: (other, own) => {
      const named = namedIn(other);
      if (other.attacker !== undefined || other.origin === undefined || named === other.origin) return false;
      if (isPutOff(other.exchange?.response?.status ?? 0)) return false;
      return own.severity === 'error' || (named !== null && other.place === own.place);
    },
  },
  headline: ({ where, plural }) =>
    `${plural ? 'Answers' : 'The answer'} of ${where} can name the origin of another page that asked before`,
  untried: ({ resources }) =>
    resources.every(resource => originsOf(resource).length < 2)
      ? 'the policy declares one origin only'
      : undefined,
  symptoms: evidence => evidence.plan.resources.flatMap(({ name }) => symptomsFor(evidence, name)),
};

export default check;
