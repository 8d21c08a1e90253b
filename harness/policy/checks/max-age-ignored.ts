import type { Step } from '../../case/schema.ts';
import { isSafelistedMethod } from '../../standard/methods.ts';
import { RANKS } from '../../verdict/finding.ts';
import type { HeaderLine } from '../../wire/exchange.ts';
import { type Ask, CHECK_LINKS, infoOf, type PageAttempt, pageFor, requestOf, step } from '../attempts.ts';
import { type PolicyResource, slug } from '../config/read.ts';
import { sampleValue, unsafeHeaderNames } from '../names.ts';
import { isOpenable, originsOf, type PolicyPlan, safeMethodOf, urlFor } from '../plan.ts';
import { symptomOf } from '../trial.ts';
import type { PolicyCheck } from './check.ts';
import { undeclaredMaxAge } from './max-age-helpers.ts';

/** Longer than the five seconds for which a preflight without Access-Control-Max-Age may be remembered. */
const BEYOND_DEFAULT_MS = 5_500;

/** Shorter than this, a declared time cannot be told from the default. */
const SHORTEST = 10;

/** Methods that need a preflight and may be repeated (RFC 9110, 9.2.2). */
const IDEMPOTENT = ['PUT', 'DELETE', 'QUERY', 'PROPFIND', 'REPORT'];

interface Repeatable {
  readonly method: string;
  readonly headers: readonly HeaderLine[];
}

/**
 * A request of this resource that needs a preflight and may be repeated; undefined if it has none.
 * @param uncached rather one that the HTTP cache never answers
 */
function preflighted(resource: PolicyResource, uncached: boolean): Repeatable | undefined {
  const safe = safeMethodOf(resource);
  const header = resource.requestHeaders.find(
    name => !['authorization', 'range', '*'].includes(name.toLowerCase()),
  );
  const other = resource.methods.find(one => !isSafelistedMethod(one) && IDEMPOTENT.includes(one));
  if (other !== undefined && uncached) return { method: other, headers: [] };
  if (safe && unsafeHeaderNames(resource.headers).length > 0) return { method: safe, headers: [] };
  if (safe && header) return { method: safe, headers: [[header, sampleValue(header)]] };
  return other === undefined ? undefined : { method: other, headers: [] };
}

function attempt(plan: PolicyPlan, resource: PolicyResource): PageAttempt[] {
  const { credentials, maxAge, path } = resource;
  // The last one: what the others are asked meanwhile must not be taken for it. A sandboxed frame only if nothing else
  // is declared: Chromium remembers no preflight of an opaque origin.
  const origins = originsOf(resource);
  const pages = origins.filter(isOpenable);
  const origin = pages.findLast(one => one !== 'null') ?? pages.at(-1) ?? origins[0];
  const asks = preflighted(resource, maxAge === 0);
  if (maxAge === undefined || origin === undefined || !asks) return [];
  if (maxAge > 0 && maxAge < SHORTEST) return [];
  const remembered = maxAge > 0;
  // Chromium leaves its preflight cache aside wherever the HTTP cache is bypassed or only validated, and the HTTP
  // cache must not answer the second request: it answers GET only.
  const cache = remembered || asks.method !== 'GET' ? ('default' as const) : ('no-cache' as const);
  const request = { ...requestOf(resource, urlFor(plan, path), { ...asks, credentials }), cache };
  const steps: Step[] = [
    step(request, { outcome: 'readable', preflight: 'sent', actual: 'sent' }),
    ...(remembered ? [{ wait: BEYOND_DEFAULT_MS }] : []),
    step(request, { outcome: 'readable', preflight: remembered ? 'not sent' : 'sent' }),
  ];
  const words = remembered ? 'remembered for longer than the default' : 'not remembered';
  return [
    {
      case: {
        id: `max-age/${slug(resource.name)}`,
        title: `The preflight of ${asks.method} ${path} is ${words}`,
        spec: [CHECK_LINKS.cache],
        ...pageFor(origin),
        fresh: true,
        steps,
      },
      about: infoOf(resource, { ask: 'max-age', origin, method: asks.method, credentials }, asks.headers),
    },
  ];
}

const ask: Ask = {
  id: 'max-age',
  what: 'whether the preflight is remembered as declared',
  attempts: plan => ({ cases: plan.resources.flatMap(resource => attempt(plan, resource)) }),
};

const check: PolicyCheck = {
  id: 'max-age-ignored',
  must: 'Engines remember a preflight for as long as declared',
  severity: 'note',
  rank: RANKS.engine,
  text: 'The preflight carries the declared Access-Control-Max-Age, but the browser did not keep to it.',
  spec: CHECK_LINKS.cache,
  fixes: 'none',
  asks: [ask.id],
  ask,
  relevant: { in: ({ index }) => index > 0, else: 'no preflight was asked for a second time' },
  headline: ({ where }) => `A browser does not remember the preflight of ${where} as declared`,
  untried: undeclaredMaxAge,
  symptoms: evidence =>
    evidence.attempts(ask.id).flatMap(trials => {
      const [first, second] = trials;
      if (!first?.readable || !second?.readable) return [];
      const again = second.preflight !== undefined;
      if (again === (evidence.resource(first.about.resource)?.maxAge === 0)) return [];
      const saw = again ? 'It asked again before the time was over.' : 'It did not ask again.';
      return [{ ...symptomOf(second), saw }];
    }),
};

export default check;
