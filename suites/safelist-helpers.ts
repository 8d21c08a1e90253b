/** Families of cases: what a request's own headers lead to. */

import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acah,
  acao,
  allowed,
  answer,
  type CaseDetails,
  one,
  preflighted,
  readable,
  type Titled,
} from './helpers.ts';

/** That the author's header lines arrive as they were set, several entries of a name as one list. */
function arriving(headers: CaseRequest['headers'] = []): NonNullable<Expectation['requestHeaders']> {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers)
    values.set(name.toLowerCase(), [...(values.get(name.toLowerCase()) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.join(', ')]));
}

/** A cross-origin request that is sent at once, with its headers as the author set them. */
export const needsNoPreflight = ({
  id,
  title,
  request,
  expect = {},
  ...details
}: Titled & CaseDetails & { request: CaseRequest; expect?: Partial<Expectation> }): Case =>
  one({
    id,
    title,
    spec: SPEC.safelistedRequestHeader,
    request,
    server: allowed,
    expect: readable({ status: 200, requestHeaders: arriving(request.headers), ...expect }),
    ...details,
  });

/** A cross-origin request that a preflight asks for first, naming exactly `names`. */
export const asksFirst = ({
  id,
  title,
  request,
  names,
  expect = {},
  ...details
}: Titled & CaseDetails & { request: CaseRequest; names: string; expect?: Partial<Expectation> }): Case =>
  one({
    id,
    title,
    spec: [SPEC.safelistedRequestHeader, SPEC.preflightFetch],
    request,
    server: { preflight: answer(acao(), acah(names)), actual: allowed },
    expect: preflighted({
      status: 200,
      accessControlRequestMethod: request.method ?? 'GET',
      accessControlRequestHeaders: names,
      requestHeaders: arriving(request.headers),
      ...expect,
    }),
    ...details,
  });
