import { RANKS } from '../../verdict/finding.ts';
import { AGAIN } from '../asks/again.ts';
import { readableBy } from '../asks/declared.ts';
import { type Ask, CHECK_LINKS, infoOf, pageFor, requestOf, step } from '../attempts.ts';
import { slug } from '../config/read.ts';
import type { PolicyEvidence } from '../evidence.ts';
import { originsOf, safeMethodOf, urlFor } from '../plan.ts';
import { symptomOf, type Trial } from '../trial.ts';
import { keptAnswers, uncachedAsk } from './cache-helpers.ts';
import type { PolicyCheck } from './check.ts';

const TIMES = 4;

const ask: Ask = {
  id: 'repeat',
  what: 'the same request four times',
  attempts: plan => ({
    cases: plan.resources.flatMap(resource => {
      const method = safeMethodOf(resource);
      const [origin] = originsOf(resource);
      if (!method || origin === undefined) return [];
      const { credentials, path, name } = resource;
      const once = step(
        requestOf(resource, urlFor(plan, path), { method, credentials }),
        readableBy(resource, method, credentials),
      );
      return [
        {
          case: {
            id: `repeat/${slug(name)}`,
            title: `${method} ${path} is answered the same way four times in a row`,
            spec: [CHECK_LINKS.check],
            ...pageFor(origin),
            steps: Array.from({ length: TIMES }, () => once),
          },
          about: infoOf(resource, { ask: 'repeat', origin, method, credentials }),
        },
      ];
    }),
  }),
};

/** What decides about a request, or about its preflight alone. */
function questionOf({ about }: Trial, atPreflight: boolean): string {
  const { resource, method, origin, headers, credentials, body } = about;
  return JSON.stringify([resource, method, origin, headers, ...(atPreflight ? [] : [credentials, body])]);
}

/** Declared requests that got a 5xx, although the very same one was allowed another time: of a gateway, often. */
function failedOnce({ declared }: PolicyEvidence): Trial[] {
  // Without CORS there is no Origin: a server may answer that otherwise, every time.
  const pages = declared.filter(({ about, withoutCors }) => about.ask !== 'errors' && !withoutCors);
  const allowed = pages.filter(({ readable }) => readable);
  const preflights = new Set(allowed.filter(one => one.preflight).map(one => questionOf(one, true)));
  const requests = new Set(allowed.filter(one => one.script).map(one => questionOf(one, false)));
  return pages.filter(trial => {
    if (trial.readable || (trial.last?.response?.status ?? 0) < 500) return false;
    return trial.reason?.at === 'preflight'
      ? preflights.has(questionOf(trial, true))
      : requests.has(questionOf(trial, false));
  });
}

/** What a declared page reads, but no longer after a request without Origin; and no cache is why. */
function lostSince(evidence: PolicyEvidence): Trial[] {
  const kept = new Set(keptAnswers(evidence).map(({ trial }) => trial));
  return evidence.of(AGAIN).filter(one => !one.readable && evidence.readsWhole(one) && !kept.has(one));
}

const check: PolicyCheck = {
  id: 'answer-changes',
  must: 'The same request gets the same answer every time',
  severity: 'error',
  rank: RANKS.fails,
  text: 'The same request is sometimes allowed and sometimes not: instances or caches behind the URL answer differently, or a regular expression with the flag "g" or "y" remembers where it stopped.',
  spec: CHECK_LINKS.check,
  fixes: 'every-time',
  asks: [ask.id, AGAIN, uncachedAsk.id],
  ask,
  explains: {
    here: [
      'preflight-auth',
      'preflight-not-routed',
      'preflight-status',
      'preflight-without-cors',
      'preflight-without-headers',
      'response-without-cors',
      'origin-not-allowed',
      'header-not-allowed',
      'method-not-allowed',
      'vary-missing',
      'error-without-cors',
      'not-modified-without-cors',
      'partial-without-cors',
      'language-without-cors',
    ],
    everywhere: ['error-without-cors'],
  },
  headline: ({ where }) => `Declared pages can read ${where} only some of the time`,
  symptoms: evidence => [
    ...evidence.attempts(ask.id).flatMap(trials => {
      const refused = trials.find(one => !one.readable);
      if (!refused || !trials.some(one => one.readable)) return [];
      const pattern = trials.map(one => (one.readable ? 'allowed' : 'refused')).join(', ');
      return [{ ...symptomOf(refused), saw: `The same request again and again: ${pattern}.` }];
    }),
    ...lostSince(evidence).map(trial => ({
      ...symptomOf(trial),
      saw: 'The same request, allowed before, is refused after one without Origin.',
    })),
    ...failedOnce(evidence).map(trial => ({
      ...symptomOf(trial),
      saw: `The same request, allowed another time, got ${trial.last?.response?.status}.`,
    })),
  ],
};

export default check;
