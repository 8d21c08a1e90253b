/**
 * An audit: who may do what at a URL, without a policy. The policy that the server keeps today is inferred first;
 * what is dangerous or broken about it is then found as under `verify`, by the same checks.
 */
import {
  type AccessSummary,
  accessSummaries,
  auditRemarks,
  type OriginGroup,
  originGroups,
  readQuestions,
  sendQuestions,
} from '../policy/audit.ts';
import { carriedOutFinding, lookAlikesOf, suspectOrigins } from '../policy/audit-preflights.ts';
import { CHECKS } from '../policy/checks/index.ts';
import { ORIGIN_CHECKS } from '../policy/checks/origins.ts';
import { originRules, sampleOrigins } from '../policy/config/origins.ts';
import { readConfig } from '../policy/config/read.ts';
import type { VerifyConfig } from '../policy/config/schema.ts';
import type { InferenceAnswer, InferredPolicy, KnownRequests } from '../policy/infer.ts';
import { startTarget } from '../target/start.ts';
import { type Finding, RANKS } from '../verdict/finding.ts';
import type { RunEngineName } from '../verdict/record.ts';
import { CliError, EXIT } from './exit.ts';
import { askAll, inferFrom } from './infer-policy.ts';
import type { Progress } from './progress.ts';
import { type Verified, verifyTarget } from './verify-run.ts';

export interface AuditRequest extends KnownRequests {
  readonly url: string;
  /** Origins that are meant to read. */
  readonly origins: readonly string[];
  /** Browsers that confirm; none by default. */
  readonly engines: readonly RunEngineName[];
  readonly signal: AbortSignal;
  readonly progress?: Progress;
}

export interface Audited {
  readonly url: string;
  /** Of the answer to a GET without Origin; null if there was none. */
  readonly status: number | null;
  readonly access: readonly AccessSummary[];
  /** What the server seems to mean; null if nobody may read. */
  readonly inferred: InferredPolicy | null;
  /** What no check is about: whole sentences. */
  readonly remarks: readonly string[];
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly engines: Verified['engines'];
  readonly requests: number;
  readonly preflights: number;
}

/** Findings from this rank on are about a policy that was declared: here none was. */
const DECLARED_ONLY_RANK = 5;

/** Stands for an origin that is meant to read, if nobody named one: look-alikes are made from it. */
const PLACEHOLDER = 'https://app.example.com';

/**
 * Audits one URL with GET and preflights alone.
 * @throws CliError if the server does not answer; the signal's reason
 */
export async function auditUrl(request: AuditRequest): Promise<Audited> {
  const { url, origins, methods, headers, signal } = request;
  const groups = originGroups(url, origins);
  const [plain] = await askAll(url, [{ method: 'GET', headers: [] }], { signal });
  if (!plain?.response) {
    throw new CliError(`${url} does not answer: start the server, or correct the URL`, EXIT.target);
  }
  const reads = await askAll(url, readQuestions(groups), { signal, alone: origins });
  const known = { ...(methods && { methods }), ...(headers && { headers }) };
  const lookAlikes = lookAlikesOf(url, origins);
  const suspects = suspectOrigins(lookAlikes);
  const sends = await askAll(url, sendQuestions(groups, reads, { known, suspects }), {
    signal,
    alone: origins,
  });
  const asked = origins.length > 0 ? sampleOrigins(originRules([...origins])) : [];
  const inferred = await inferFrom({ url, origins: asked, signal, ...(headers && { headers }) });
  const access = accessSummaries(groups, reads, sends);
  const refused = refusedStatus(groups, reads);
  const verified = await verify(request, inferred, { answersCors: readable(reads), access, refused });
  return {
    url,
    status: plain.response.status,
    access,
    inferred,
    remarks: [...auditRemarks(reads, sends), ...(refused === null ? [] : [behindLogin(refused)])],
    findings: withPreflights(
      verified.findings.filter(({ rank }) => rank === undefined || rank < DECLARED_ONLY_RANK),
      carriedOutFinding(url, sends, lookAlikes),
    ),
    engines: verified.engines,
    requests: verified.requests + reads.length + 1,
    preflights: verified.preflights + sends.length,
  };
}

/** Whoever may read besides is told of already. */
const withPreflights = (findings: readonly Finding[], carriedOut: Finding | null): Finding[] => {
  if (carriedOut === null || findings.some(({ id }) => id === carriedOut.id)) return [...findings];
  const place = findings.findIndex(({ rank = RANKS.engine }) => rank > RANKS.reads);
  return findings.toSpliced(place < 0 ? findings.length : place, 0, carriedOut);
};

/** The 401 or 403 that a URL behind a login answers every GET with: of the origins that the user named, if there are any. */
function refusedStatus(groups: readonly OriginGroup[], reads: readonly InferenceAnswer[]): number | null {
  const given = new Set(groups.filter(group => group.given).flatMap(({ origins }) => origins));
  const own = reads.filter(({ question }) => given.size === 0 || given.has(question.origin ?? ''));
  const [status = null, ...others] = new Set(own.map(({ response }) => response?.status ?? null));
  return others.length === 0 && (status === 401 || status === 403) ? status : null;
}

const behindLogin = (status: number): string =>
  `GET is answered with ${status}: what the server answers behind the login was not tried. For that, write a configuration with the login (npx cors-conformance init) and run verify.`;

const readable = (reads: readonly InferenceAnswer[]): boolean =>
  reads.some(({ response }) =>
    response?.headers.some(([name]) => /^access-control-allow-origin$/i.test(name)),
  );

interface Known {
  readonly answersCors: boolean;
  readonly access: readonly AccessSummary[];
  readonly refused: number | null;
}

/** The inferred policy, held against the server by the checks of `verify`. */
async function verify(
  { url, origins, engines, signal, progress }: AuditRequest,
  inferred: InferredPolicy | null,
  { answersCors, access, refused }: Known,
): Promise<Verified> {
  const { origin, pathname, search } = new URL(url);
  const withCookies = access.some(row => row.withCookies.length > 0);
  const policy: VerifyConfig['policy'] = {
    origins: PLACEHOLDER,
    ...inferred?.policy,
    // A server that is open to everybody without cookies is meant to be: that is no fault of it.
    ...(inferred?.policy.origins === '*' && !withCookies
      ? {}
      : { origins: origins.length > 0 ? [...origins] : PLACEHOLDER }),
    ...(withCookies && { credentials: true }),
    resources: [{ path: pathname + search, methods: ['GET'], ...(refused !== null && { status: refused }) }],
  };
  const { config } = readConfig({ target: { url: origin }, policy });
  const running = await startTarget({ url: origin, namedBy: 'command' }, '.');
  // If nobody is known who may read, nothing that is meant to work can be told from what is not.
  const blind = origins.length === 0 && (inferred === null || !answersCors);
  return verifyTarget({
    config,
    running,
    engines,
    signal,
    checks: blind ? ORIGIN_CHECKS : CHECKS,
    ...(progress && { progress }),
  });
}
