/** Cases about what a preflight's answer must say. */

import type { Answer, Case, CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { acac, acao, answer, blockedAtPreflight, one, preflighted, type Titled } from './helpers.ts';

export const withHeaders = (...names: string[]): CaseRequest => ({ headers: names.map(name => [name, '1']) });
export const X_A = withHeaders('X-A');

const decided = ({
  ok,
  id,
  title,
  request,
  preflight,
  spec = SPEC.preflightFetch,
}: Titled & { ok: boolean; request: CaseRequest; preflight: Answer; spec?: string }): Case =>
  one({
    id,
    title,
    spec: [SPEC.preflightFetch, ...(spec === SPEC.preflightFetch ? [] : [spec])],
    request,
    server: { preflight, actual: answer(acao(), acac()) },
    expect: ok ? preflighted({ status: 200 }) : blockedAtPreflight({ wire: ['OPTIONS'] }),
  });
export const passes = ({
  id,
  title,
  request,
  headers,
}: Titled & { request: CaseRequest; headers: Parameters<typeof answer> }): Case =>
  decided({ id, title, ok: true, request, preflight: answer(...headers) });
export const preflightFails = ({
  id,
  title,
  request,
  headers,
}: Titled & { request: CaseRequest; headers: Parameters<typeof answer> }): Case =>
  decided({ id, title, ok: false, request, preflight: answer(...headers) });

/** Lists that are no list of tokens: the rest of the list does not save them. `T` stands for the wanted token. */
export const BAD_LISTS: [id: string, list: string][] = [
  ['at-sign', 'T, b@d'],
  ['quoted', '"T"'],
  ['space-separated', 'T DELETE'],
  ['parameter', 'T;q=1'],
  ['colon', 'T:1'],
  ['vertical-tab', 'T\x0b'],
  ['form-feed', 'T, \x0c'],
  ['nonascii', 'T, \xe9'],
];

export const EMPTY_MEMBERS: [id: string, list: string][] = [
  ['leading', ',,T'],
  ['doubled', 'T,,DELETE'],
  ['trailing', 'T , ,'],
  ['around', ', y,T, ,,,'],
];
