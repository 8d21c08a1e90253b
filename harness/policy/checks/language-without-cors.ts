import { isRedirectStatus } from '../../standard/redirect.ts';
import { RANKS } from '../../verdict/finding.ts';
import { headerValue } from '../../wire/exchange.ts';
import { type Ask, CHECK_LINKS } from '../attempts.ts';
import { pageProbe } from '../page-probe.ts';
import { originsOf, safeMethodOf } from '../plan.ts';
import { symptomOf, type Trial } from '../trial.ts';
import { carriedWords } from './carried.ts';
import type { PolicyCheck } from './check.ts';

/** Several in one request: a server picks one that it has. Everything else is asked in English. */
const LANGUAGES = 'de-DE,de;q=0.9,fr;q=0.8,es;q=0.7,ja;q=0.6';

const ask: Ask = {
  id: 'language',
  what: 'a declared page of a user with another language',
  attempts: plan => ({
    probes: plan.resources.flatMap(resource => {
      const method = safeMethodOf(resource);
      const [origin] = originsOf(resource);
      if (!method || origin === undefined || headerValue(resource.headers, 'accept-language') !== null)
        return [];
      return [
        pageProbe(plan, resource, {
          ask: 'language',
          must: "The user's language must not decide whether a declared page can read",
          method,
          origin,
          lines: [['Accept-Language', LANGUAGES]],
        }),
      ];
    }),
  }),
};

function whyOf(trial: Trial): string {
  const { status = 0, headers = [] } = trial.last?.response ?? {};
  return isRedirectStatus(status)
    ? `It is redirected to ${headerValue(headers, 'location') ?? '(no Location)'} without CORS headers`
    : carriedWords(trial);
}

const check: PolicyCheck = {
  id: 'language-without-cors',
  must: "Answers carry CORS headers whatever the user's language",
  severity: 'error',
  rank: RANKS.fails,
  text: 'The answer to a page whose user has another language does not let the page read it, though the same answer in English does. Browsers send the languages of their user in Accept-Language; what picks one, or redirects by it, answers before the CORS layer.',
  spec: CHECK_LINKS.check,
  fixes: 'errors',
  send: () =>
    'Let the CORS layer run before what picks a language or redirects by it, and send the same CORS headers in every language.',
  asks: [ask.id],
  ask,
  headline: ({ where }) => `Pages of users whose language is not English cannot read ${where}`,
  untried: ({ resources }) =>
    resources.some(resource => safeMethodOf(resource) !== undefined)
      ? undefined
      : 'no resource has a method that may be sent without asking',
  symptoms: evidence =>
    evidence
      .of(ask.id)
      .filter(trial => trial.last?.response && !trial.readable && evidence.readsWhole(trial))
      .map(trial => ({ ...symptomOf(trial), why: whyOf(trial), detail: `${whyOf(trial)}.` })),
};

export default check;
