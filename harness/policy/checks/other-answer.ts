/** Answers that a page gets without the headers that the policy sends: they may be other ones than those declared. */
import { RANKS } from '../../verdict/finding.ts';
import type { PolicyEvidence } from '../evidence.ts';
import type { Symptom, Trial } from '../trial.ts';

/** Refusals of what comes without a key or a login. */
const REFUSALS = [401, 403, 407];

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/**
 * The status of an answer that is not the one that the policy is about: an error, or a redirect to a login, which the
 * server gives to a request without the headers that the policy sends.
 * @returns undefined for the answer that the policy is about, and where no answer was seen
 */
export function otherStatus(evidence: PolicyEvidence, { about, exchanges }: Trial): number | undefined {
  const status = exchanges.find(({ role }) => role === 'actual')?.response?.status;
  if (about.without === undefined || status === undefined || isSuccess(status)) return undefined;
  const resource = evidence.resource(about.resource);
  const declared = resource ? resource.status(about.method, about.credentials) : about.expects;
  if (status === declared) return undefined;
  // Of an error without a status, any error may be the one.
  const isError = !resource && declared === undefined && status >= 400 && !REFUSALS.includes(status);
  return isError ? undefined : status;
}

/**
 * What to say where nothing but such an answer can be read. With credentials it is a warning: for another user the
 * server may answer more. Without them anybody gets it, browser or not.
 */
export const otherAnswer = (
  { about }: Trial,
  status: number,
  credentials: boolean,
): Pick<Symptom, 'otherAnswer' | 'where' | 'severity' | 'rank'> => ({
  otherAnswer: status,
  where: `the ${status} answer of ${about.method} ${about.path}`,
  severity: credentials ? 'warning' : 'note',
  rank: credentials ? RANKS.fragile : RANKS.beyond,
});
