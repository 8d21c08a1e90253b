/** What can be said of a difference: the words in which known ones are told apart. */
import type { Answer, CaseRequest, RequestStep } from '../../harness/case/schema.ts';
import { resourcesOf } from '../../harness/case/script.ts';
import { observeWithModel } from '../../harness/lab/model.ts';
import { outcomeOf, wireName } from '../../harness/verdict/judge.ts';
import { headerValue } from '../../harness/wire/exchange.ts';
import type { Difference } from './compare.ts';

/** What the model and the engine each sent, as a wire list names it. */
export const wireOf = ({ step, observed }: Difference): { model: string[]; engine: string[] } => ({
  model: [...(step.expect.wire ?? [])],
  engine: observed.exchanges.map(wireName),
});

const preflights = (wire: readonly string[]): number =>
  wire.filter(name => /^OPTIONS( |$)/.test(name)).length;

/** The engine asks where the model does not. */
export const asksMore = (difference: Difference): boolean => {
  const { model, engine } = wireOf(difference);
  return preflights(engine) > preflights(model);
};

/** The engine does not ask where the model does. */
export const asksLess = (difference: Difference): boolean => {
  const { model, engine } = wireOf(difference);
  return preflights(engine) < preflights(model);
};

/** The engine asks, after a redirect, for the origin "null". */
export const asksAsNull = ({ observed }: Difference): boolean =>
  observed.exchanges.some(
    ({ role, request }) => role === 'preflight' && headerValue(request.headers, 'origin') === 'null',
  );

/** The engine goes on where the model stops, or stops where the model goes on. */
export const sendsMore = (difference: Difference): boolean => {
  const { model, engine } = wireOf(difference);
  return engine.length > model.length;
};
export const sendsLess = (difference: Difference): boolean => {
  const { model, engine } = wireOf(difference);
  return engine.length < model.length;
};

/** Some preflight names another origin than the model's, which asks as "null". */
export const asksUnderRealOrigin = ({ case: one, index, observed }: Difference): boolean => {
  const predicted = observeWithModel(one).observation.steps.find(({ step }) => step === index);
  return (predicted?.exchanges ?? []).some(({ role, request }, at) => {
    const seen = observed.exchanges[at];
    return (
      role === 'preflight' &&
      seen?.role === 'preflight' &&
      headerValue(request.headers, 'origin') === 'null' &&
      headerValue(seen.request.headers, 'origin') !== 'null'
    );
  });
};

/** "*" is on a list of allowed headers, and script sets Authorization. */
export const starForAuthorization = (difference: Difference): boolean =>
  setTo(difference, 'authorization').length > 0 &&
  answered(difference, 'preflight', 'access-control-allow-headers', value => value.includes('*'));

/** An upload listener forces a preflight whose answer lists no method at all. */
export const forcedWithoutMethods = (difference: Difference): boolean =>
  difference.step.request.uploadListener === 'before-send' &&
  !/^(GET|HEAD|POST)$/.test(methodOf(difference)) &&
  endOf(difference) === 'blocked at preflight' &&
  answers(difference).some(
    ({ role, answer }) =>
      role === 'preflight' &&
      !(answer.headers ?? []).some(([name]) => name.toLowerCase() === 'access-control-allow-methods'),
  );

const CONDITIONAL = ['if-modified-since', 'if-none-match', 'if-unmodified-since', 'if-match', 'if-range'];

/** A cache mode, or a conditional header of script's own, that goes around the HTTP cache. */
export const bypassesCache = ({ step }: Pick<Difference, 'step'>): boolean =>
  ['no-store', 'reload', 'no-cache'].includes(step.request.cache ?? 'default') ||
  CONDITIONAL.some(name => setTo({ step }, name).length > 0);

/** Only checks with these ids failed; `*` at the end stands for the rest. */
export const only = ({ failed }: Difference, ...ids: string[]): boolean =>
  failed.every(check =>
    ids.some(id => (id.endsWith('*') ? check.id.startsWith(id.slice(0, -1)) : check.id === id)),
  );

/** The values that script sets for a header, in order. `name` in lower case. */
const setTo = ({ step }: Pick<Difference, 'step'>, name: string): string[] => linesOf(step.request, name);

const linesOf = (request: CaseRequest, name: string): string[] =>
  (request.headers ?? []).filter(([n]) => n.toLowerCase() === name).map(([, value]) => value);

/** Some header that script sets, by name and value. `name` in lower case. */
export const sets = (
  { step }: Pick<Difference, 'step'>,
  test: (name: string, value: string) => boolean,
): boolean => (step.request.headers ?? []).some(([name, value]) => test(name.toLowerCase(), value));

/** A request before this one ended in a network error. */
export const earlierFailed = (difference: Difference): boolean =>
  earlier(difference).some(({ expect }) => expect.outcome === 'blocked' || expect.outcome === 'error');

/** How many preflights the model sent before this step. */
export const earlierPreflights = (difference: Difference): number =>
  earlier(difference).reduce((sum, { expect }) => sum + preflights(expect.wire ?? []), 0);

/** The request steps that went before. */
export const earlier = ({ case: one, index }: Difference): RequestStep[] =>
  one.steps.slice(0, index) as RequestStep[];

/** Every answer that can come at this step or came at one before, with the role that it answers. */
export function answers({
  case: one,
  index,
}: Difference): { role: 'preflight' | 'actual'; answer: Answer }[] {
  return one.steps.slice(0, index + 1).flatMap((_, at) =>
    Object.values(resourcesOf(one, at)).flatMap(resource =>
      (['preflight', 'actual'] as const).flatMap(role => {
        const answer = resource[role] as Answer | undefined;
        return answer ? [{ role, answer }] : [];
      }),
    ),
  );
}

/** A header line that a server answers with, in that role. `name` in lower case. */
export const answered = (
  difference: Difference,
  role: 'preflight' | 'actual',
  name: string,
  test: (value: string) => boolean = () => true,
): boolean =>
  answers(difference).some(
    one =>
      one.role === role && (one.answer.headers ?? []).some(([n, v]) => n.toLowerCase() === name && test(v)),
  );

/** An answer in that role has two lines or more of a name, given in lower case. */
export const answeredTwice = (difference: Difference, role: 'preflight' | 'actual', name: string): boolean =>
  answers(difference).some(
    one =>
      one.role === role && (one.answer.headers ?? []).filter(([n]) => n.toLowerCase() === name).length > 1,
  );

/** A redirect is scripted for this step. */
export const redirects = (difference: Difference): boolean => answered(difference, 'actual', 'location');

/** The first URL is of the page's own origin. */
export const startsAtHome = ({ case: one }: Difference): boolean => one.at === (one.page ?? 'site');

/** The method that the request goes out with at first. */
export const methodOf = ({ step }: Pick<Difference, 'step'>): string => {
  const { method = 'GET' } = step.request;
  return /^(delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method;
};

export const includes = (request: CaseRequest): boolean =>
  request.credentials === 'include' || request.withCredentials === true;

/** How the engine's view of the step ended. */
export const endOf = ({ observed }: Difference): string => {
  const { outcome, blockedAt } = outcomeOf(observed);
  return blockedAt ? `${outcome} at ${blockedAt}` : outcome;
};
