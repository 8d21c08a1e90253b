/** Words for cases about what an answer to a preflight is remembered for. */
import type { CaseRequest } from '../harness/case/schema.ts';
import { acac, acam, acao, allowed, answer, maxAge, PUT } from './helpers.ts';

/** Longer than any case takes. */
export const LONG_MAX_AGE = maxAge(600);

/** Answers that let PUT through and may be remembered. */
export const putAllowed = { preflight: answer(acao(), acam('PUT'), LONG_MAX_AGE), actual: allowed };

/** The same for requests with and without credentials. */
export const withCredentials = {
  preflight: answer(acao(), acac(), acam('PUT, DELETE'), LONG_MAX_AGE),
  actual: answer(acao(), acac()),
};

/** A PUT in this credentials mode. */
export const put = (credentials: NonNullable<CaseRequest['credentials']>): CaseRequest => ({
  ...PUT,
  credentials,
});
