/** A comparison from its request to its record: of two releases, or of any two servers. */

import { basename } from 'node:path';
import { compareEngines } from '../case/engine-name.ts';
import { acceptChanges, type ReadAcceptFile } from '../regress/accept.ts';
import type { Change, ChangeSeverity } from '../regress/change.ts';
import type { BySide, Probe, Side } from '../regress/plan.ts';
import { completeRecord, differingOf, packageList, type RegressRecord } from '../regress/record.ts';
import type { RunEngineName } from '../verdict/record.ts';
import { boundedExchange } from '../wire/bounds.ts';
import { redactExchange } from '../wire/redact.ts';
import { choosePlan } from './choose-plan.ts';
import { compareServersOf, type ServerToCompare } from './compared-servers.ts';
import { type PackageRequest, type PlanCandidates, planText } from './comparison-request.ts';
import { basesOf, type ComparisonHooks, type ComparisonOutcome, compareOnServers } from './comparison-run.ts';
import { toolOf } from './make-record.ts';
import { type Releases, type RunningRelease, StartError } from './releases.ts';
import { type RunStart, startNow } from './run-start.ts';

/** What a comparison needs besides its request. */
export interface ComparisonSettings {
  /** The model is always among them. */
  readonly engines: readonly RunEngineName[];
  readonly signal: AbortSignal;
  readonly accept: ReadAcceptFile | null;
  readonly failOn: ChangeSeverity;
  /** The command as records keep it. */
  readonly command: string;
  readonly say?: (line: string) => void;
  readonly hooks?: ComparisonHooks;
}

interface RunningPair {
  readonly servers: BySide<ServerToCompare>;
  readonly candidates: PlanCandidates;
  readonly wanted: (probe: Probe) => boolean;
  readonly onStart?: (side: Side, server: ServerToCompare['running']) => void;
}

export type AskedPlan = RegressRecord['asked'];

/** Neither server answers: a hundred further requests would only be waited for in vain. */
const UNANSWERED: ComparisonOutcome = {
  changes: [],
  unstable: [],
  engines: [],
  requests: 0,
  unfinished: [],
  gaps: [{ id: 'no-answer', text: 'No request was answered by either server.' }],
};

/** The one change there is if only one of the servers answers anything. */
function silentChange(side: Side, output: readonly string[]): Change {
  const isLater = side === 'after';
  const [answers, silent] = ['answers', 'answers nothing at all'];
  return {
    id: isLater ? 'fails:everyone:silent' : 'recovers:everyone:silent',
    level: 'page',
    severity: isLater ? 'closed' : 'page',
    effect: isLater ? 'fails' : 'recovers',
    who: 'everyone',
    seen: isLater ? { before: answers, after: silent } : { before: silent, after: answers },
    cause: null,
    meaning: isLater
      ? 'The server takes connections and answers no request, from its start on. Nothing else could be compared.'
      : 'The server took connections and answered no request before. Nothing else could be compared.',
    requests: [],
    transitions: [{ transition: 'silent', requests: [] }],
    engines: [],
    evidence: { before: [], after: [] },
    output,
  };
}

/**
 * Compares two servers that run.
 * @throws TargetError if one of them cannot be started again; the signal's reason
 */
export async function compareRunning(
  { servers, candidates, wanted, onStart }: RunningPair,
  { engines, signal, say, hooks = {} }: ComparisonSettings,
): Promise<ComparisonOutcome & { readonly asked: AskedPlan }> {
  const compared = compareServersOf(servers, signal, onStart);
  const { silent, patterns, ...plan } = await choosePlan(candidates, compared);
  if (say) for (const line of planText(plan, { ...candidates, assumed: plan.assumed })) say(line);
  signal.throwIfAborted();
  const [side] = silent;
  if (side !== undefined) {
    const changes = silent.length === 1 ? [silentChange(side, servers[side].running.output)] : [];
    const gaps = silent.length === 1 ? [] : UNANSWERED.gaps;
    return { ...UNANSWERED, changes, gaps, asked: { requests: 0, ...plan } };
  }
  const outcome = await compareOnServers({
    plan: { ...plan, patterns, bases: basesOf(compared.urls) },
    engines: [...new Set([...engines, 'model'])].sort(compareEngines),
    servers: compared,
    wanted,
    hooks,
  });
  return { ...outcome, asked: { requests: outcome.requests, ...plan } };
}

/**
 * Starts the script on two releases, and compares them. One that no longer starts is a change.
 * @param versions the earlier release and the later one
 * @throws CliError if a release cannot be had, or the script starts on neither
 */
export async function comparePackages(
  request: PackageRequest,
  releases: Releases,
  [from, to]: readonly [string, string],
  settings: ComparisonSettings,
): Promise<RegressRecord> {
  const started = startNow();
  const before = await tryStart(releases, from, 'before');
  const after = await tryStart(releases, to, 'after');
  if (before instanceof StartError && after instanceof StartError) throw before;
  const outcome =
    before instanceof StartError || after instanceof StartError
      ? startOutcome(before, after, request.candidates)
      : await compareRunning(
          {
            servers: { before, after },
            candidates: request.candidates,
            wanted: request.wanted,
            onStart: (_, running) => releases.adopt(running),
          },
          settings,
        );
  const sides = { before: before.release, after: after.release };
  const { pkg, along } = request;
  return recordOf(outcome, settings, started, {
    subject: { ecosystem: pkg.ecosystem, name: pkg.name, along, others: packageList(sides.after.others) },
    sides: {
      before: sideOf(sides.before),
      after: sideOf(sides.after),
    },
    differing: differingOf(
      sides.before.dependencies,
      sides.after.dependencies,
      new Set([pkg.name, ...along]),
    ),
    script: basename(request.script),
  });
}

const sideOf = ({ label, version, dependencies }: RunningRelease['release']) => ({
  label,
  version,
  dependencies: packageList(dependencies),
});

async function tryStart(
  releases: Releases,
  version: string,
  side: Side,
): Promise<RunningRelease | StartError> {
  try {
    return await releases.start(version, side);
  } catch (error) {
    if (error instanceof StartError) return error;
    throw error;
  }
}

/** The one change there is if the script starts on one release only. */
function startOutcome(
  before: RunningRelease | StartError,
  after: RunningRelease | StartError,
  { origins, paths, headers, assumed }: PlanCandidates,
): ComparisonOutcome & { readonly asked: AskedPlan } {
  const failed = (after instanceof StartError ? after : before) as StartError;
  const isLater = after instanceof StartError;
  const change: Change = {
    id: isLater ? 'no-longer-starts' : 'starts',
    level: 'page',
    severity: isLater ? 'closed' : 'page',
    effect: isLater ? 'no-longer-starts' : 'starts',
    who: 'everyone',
    seen: isLater
      ? { before: 'the server starts', after: 'the server does not start' }
      : { before: 'the server does not start', after: 'the server starts' },
    cause: null,
    meaning: isLater
      ? `The script no longer starts: ${failed.reason}`
      : `The script did not start before: ${failed.reason}`,
    requests: [],
    transitions: [{ transition: isLater ? 'no longer starts' : 'starts', requests: [] }],
    engines: [],
    evidence: { before: [], after: [] },
    output: failed.output,
  };
  return {
    changes: [change],
    unstable: [],
    engines: [],
    requests: 0,
    unfinished: [],
    gaps: [],
    asked: { requests: 0, origins, paths, headers, assumed },
  };
}

/** Compares two servers that are no releases of a package. */
export async function compareTwoServers(
  pair: RunningPair & { readonly labels: BySide<string> },
  settings: ComparisonSettings,
): Promise<RegressRecord> {
  const started = startNow();
  const outcome = await compareRunning(pair, settings);
  const { before, after } = pair.labels;
  return recordOf(outcome, settings, started, {
    subject: { ecosystem: 'servers', name: 'server', along: [], others: [] },
    sides: { before: { label: before, dependencies: [] }, after: { label: after, dependencies: [] } },
    differing: [],
    script: '',
  });
}

function recordOf(
  outcome: ComparisonOutcome & { readonly asked: AskedPlan },
  settings: ComparisonSettings,
  started: RunStart,
  about: Pick<RegressRecord, 'subject' | 'sides' | 'differing' | 'script'>,
): RegressRecord {
  const { changes, stale } = acceptChanges(outcome.changes, settings.accept);
  return completeRecord({
    tool: toolOf(),
    run: {
      started: started.at.toISOString(),
      durationMs: started.elapsed(),
      command: settings.command,
    },
    ...about,
    asked: outcome.asked,
    engines: [...outcome.engines],
    gaps: outcome.gaps,
    changes: changes.map(change => ({
      ...change,
      evidence: {
        before: change.evidence.before.map(evidenceOf),
        after: change.evidence.after.map(evidenceOf),
      },
    })),
    unstable: outcome.unstable,
    unfinished: outcome.unfinished,
    stale,
    failOn: settings.failOn,
  });
}

type Evidence = RegressRecord['changes'][number]['evidence']['before'][number];

/** An exchange without its secrets, in the form of the record. */
function evidenceOf(exchange: Change['evidence']['before'][number]): Evidence {
  const { role, request, response, end, note } = redactExchange(boundedExchange(exchange));
  const { method, url, headers, body } = request;
  return {
    role,
    request: { method, url, headers, ...(body !== undefined && { body }) },
    response: response && {
      status: response.status,
      ...(response.reason !== undefined && { reason: response.reason }),
      headers: response.headers,
      bodyBytes: response.bodyBytes,
    },
    end,
    ...(note !== undefined && { note }),
  };
}
