/** What the model predicts for a generated case, written into the case as its expectation. */
import { originOf, PLACE_NAMES, PLACES } from '../../harness/case/places.ts';
import type { Case, Expectation, RequestStep } from '../../harness/case/schema.ts';
import type { Scene } from '../../harness/case/script.ts';
import { observeWithModel } from '../../harness/lab/model.ts';
import { wireName } from '../../harness/verdict/judge.ts';
import { headerValue } from '../../harness/wire/exchange.ts';

export type Predicted =
  | { readonly case: Case; readonly leftOut?: undefined }
  /** Why there is nothing to compare. */
  | { readonly case?: undefined; readonly leftOut: string };

/** Predicts a case, step by step; waits and requests that never settle are not for comparing. */
export function predictCase(theCase: Case): Predicted {
  const { scene, observation, predictions, notModelled } = observeWithModel(theCase);
  if (notModelled !== undefined) return { leftOut: notModelled };
  const steps = theCase.steps.map((step, index): RequestStep => {
    if ('wait' in step) throw new TypeError('generated cases do not wait');
    const seen = observation.steps.find(one => one.step === index);
    const view = predictions.find(one => one.step === index)?.prediction.script;
    if (!seen || !view) throw new TypeError(`the model has no word on step ${index + 1}`);
    const { script, exchanges } = seen;
    const preflight = exchanges.find(exchange => exchange.role === 'preflight');
    const headers = script.settled === 'resolved' ? script.headers : undefined;
    const expect: Expectation = {
      outcome: view.outcome,
      ...(view.blockedAt && { blockedAt: view.blockedAt }),
      wire: exchanges.map(wireName),
      ...(view.outcome === 'readable' && { status: script.status }),
      ...(script.type !== undefined && { type: script.type as Expectation['type'] }),
      ...(headers && { allHeaders: headers.map(([name]) => name), readable: unbound(headers, scene) }),
      ...(preflight && {
        accessControlRequestMethod:
          headerValue(preflight.request.headers, 'access-control-request-method') ?? '',
        accessControlRequestHeaders: headerValue(preflight.request.headers, 'access-control-request-headers'),
      }),
    };
    return { ...step, expect };
  });
  if (steps.some(step => step.expect.outcome === 'timeout')) return { leftOut: 'it never settles' };
  return { case: { ...theCase, steps } };
}

/** Header values with placeholders in the place of the model's own addresses. */
function unbound(
  headers: readonly (readonly [string, string])[],
  { ports, nonce }: Scene,
): Record<string, string> {
  const origins = PLACE_NAMES.map(name => [originOf(name, ports), `{origin:${name}}`] as const);
  const numbers = PLACE_NAMES.map(name => {
    const { server, secure } = PLACES[name];
    return [`:${ports[server][secure ? 'https' : 'http']}`, `:{port:${name}}`] as const;
  });
  const replace = (text: string) =>
    [...origins, ...numbers, [nonce, '{nonce}'] as const].reduce(
      (all, [concrete, placeholder]) => all.replaceAll(concrete, placeholder),
      text,
    );
  return Object.fromEntries(headers.map(([name, value]) => [name, replace(value)]));
}
