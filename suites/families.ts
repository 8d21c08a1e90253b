/** Families of cases: what a request's own headers lead to. */
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { acah, acao, allowed, answer, one, preflighted, readable, spec } from './helpers.ts';

/** That the author's header lines arrive as they were set, several entries of a name as one list. */
export function arriving(headers: CaseRequest['headers'] = []): NonNullable<Expectation['requestHeaders']> {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers)
    values.set(name.toLowerCase(), [...(values.get(name.toLowerCase()) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.join(', ')]));
}

/** A cross-origin request that is sent at once, with its headers as the author set them. */
export const unasked = (
  id: string,
  title: string,
  request: CaseRequest,
  expect: Partial<Expectation> = {},
  more: Partial<Case> = {},
): Case =>
  one(
    id,
    title,
    spec.safelistedRequestHeader,
    request,
    allowed,
    readable({ status: 200, requestHeaders: arriving(request.headers), ...expect }),
    more,
  );

/** A cross-origin request that a preflight asks for first, naming exactly `names`. */
export const asked = (
  id: string,
  title: string,
  request: CaseRequest,
  names: string,
  expect: Partial<Expectation> = {},
  more: Partial<Case> = {},
): Case =>
  one(
    id,
    title,
    [spec.safelistedRequestHeader, spec.preflightFetch],
    request,
    { preflight: answer(acao(), acah(names)), actual: allowed },
    preflighted({
      status: 200,
      accessControlRequestMethod: request.method ?? 'GET',
      accessControlRequestHeaders: names,
      requestHeaders: arriving(request.headers),
      ...expect,
    }),
    more,
  );
