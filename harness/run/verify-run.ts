/**
 * A whole verification of a running target. The wire comes first: the model and plain requests decide what the
 * Standard decides. Browsers then confirm what could differ by engine, and what the wire calls readable.
 */
import { type Shard, waitOf } from '../case/select.ts';
import type { PageAttempt } from '../policy/attempts.ts';
import type { PolicyCheck } from '../policy/checks/check.ts';
import { CHECKS } from '../policy/checks/index.ts';
import type { ParsedConfig } from '../policy/config/schema.ts';
import { confirmations } from '../policy/confirm.ts';
import { type Derived, derive } from '../policy/derive.ts';
import { PolicyEvidence } from '../policy/evidence.ts';
import { sortOut } from '../policy/findings/causes.ts';
import { type Judgement, judgePolicy } from '../policy/findings/find.ts';
import { type LoginSession, type PolicyPlan, planFor, refusedUrls, urlFor } from '../policy/plan.ts';
import { shareOfPages } from '../policy/share.ts';
import type { RunningTarget } from '../target/start.ts';
import type { Result, RunEngineName, RunRecord } from '../verdict/record.ts';
import type { GatewayAddress, Upstream } from '../wire/gateway.ts';
import { logIn } from './login.ts';
import { MODEL } from './model-runner.ts';
import type { OpenBrowsers } from './open-browsers.ts';
import { PacedWire } from './paced-wire.ts';
import { allEnded, pageOriginsOf } from './page-run.ts';
import { type EngineRun, resultOf, verifyInEngine } from './policy-run.ts';
import type { Progress } from './progress.ts';
import { waitsFirst } from './waits-first.ts';
import { askAfterPages, askOnWire, type WirePass } from './wire-pass.ts';

export interface VerifyRequest {
  readonly config: ParsedConfig;
  readonly running: RunningTarget;
  /** Browsers that confirm; the model runs in any case. */
  readonly engines: readonly RunEngineName[];
  readonly signal: AbortSignal;
  /** Shows how far it is. */
  readonly progress?: Progress;
  /** The folder of the server's project, whose dependencies tell its stack. */
  readonly folder?: string;
  /** Default: all. */
  readonly checks?: readonly PolicyCheck[];
  /** Every attempt that a page can make is made in every browser. */
  readonly everyPage?: boolean;
  /**
   * Browsers that are shared with other targets, and stay open. No two of these targets may ever have the same public
   * URL. Default: browsers for this target alone.
   */
  readonly browsers?: OpenBrowsers | undefined;
  /** Takes over the end of each browser, also if this throws: it is to be waited for. Default: it is waited for here. */
  readonly onClosing?: ((closing: Promise<void>) => void) | undefined;
  /** Where browsers of other machines reach this one. */
  readonly at?: GatewayAddress | undefined;
  /** Only this part of the pages; the wire is asked everything in every part. */
  readonly shard?: Shard;
}

export interface Verified {
  readonly engines: RunRecord['engines'];
  readonly results: readonly Result[];
  readonly findings: Judgement['findings'];
  readonly checks: Judgement['checks'];
  readonly order: ReadonlyMap<string, number>;
  /** An engine gave out, or did not run at all. */
  readonly partial: boolean;
  readonly requests: number;
  readonly preflights: number;
  readonly pages: number;
  /** What the login gave. */
  readonly secrets: readonly string[];
}

interface Target {
  readonly secrets: readonly string[];
  readonly setCookie?: readonly string[];
  readonly plan: PolicyPlan;
  readonly derived: Derived;
  readonly checks: readonly PolicyCheck[];
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly wire: PacedWire;
  readonly timeoutMs: number;
  readonly checkAlive: () => void;
}

/**
 * Asks a running target everything that its policy calls for.
 * @throws TargetError if the target ends meanwhile; CliError if the login fails; the signal's reason
 */
export async function verifyTarget(request: VerifyRequest): Promise<Verified> {
  const { progress, engines: wanted, everyPage = false, shard } = request;
  const target = await prepare(request);
  const browsers = wanted.filter(name => name !== 'model');
  const results: Result[] = [];
  const onResult = (engine: string, result: Result) => progress?.step(engine, [result]);
  const onWire = target.derived.cases.filter(one => one.case.notModelled === undefined).length;
  progress?.begin({ wire: onWire }, 'Asking the server');
  try {
    const asking = askOnWire({
      ...target,
      onCase: (attempt, observed) => {
        const seen =
          observed.notModelled === undefined
            ? observed
            : ({ without: 'not-applicable', reason: `not modelled: ${observed.notModelled}` } as const);
        const result = resultOf(MODEL, attempt, seen);
        results.push(result);
        onResult('wire', result);
      },
    });
    const attempts = asking.then(({ evidence }) => {
      const { derived } = target;
      const whole = confirmations(derived, evidence, everyPage).filter(isAnswered(target));
      const chosen = shard ? shareOfPages(whole, { derived, evidence, shard }) : whole;
      if (browsers.length > 0)
        progress?.begin(Object.fromEntries(browsers.map(name => [name, chosen.length])), 'Opening pages');
      return chosen;
    });
    const pageOrigins = pageOriginsOf(target.derived.cases);
    const waits = attempts.then(all => (all.some(isWaiting) ? waitsFirst(browsers) : null));
    // What goes wrong before is told where the attempts themselves are awaited.
    waits.catch(() => undefined);
    const hasEnded = (name: string) =>
      waits.then(
        first => first?.done(name),
        () => undefined,
      );
    const ran = await allEnded([
      ...browsers.map(name =>
        verifyInEngine(name, {
          ...target,
          at: request.at,
          browsers: request.browsers,
          onClosing: request.onClosing,
          checkAlive: inTurn(target, async () => (await waits)?.others(name)),
          attempts,
          pageOrigins,
          onResult,
        }).finally(() => hasEnded(name)),
      ),
      // What goes wrong on the wire is told once every browser has been closed.
      ...(browsers.length === 0 ? [attempts.then(() => null)] : []),
    ]).then(all => all.filter(one => one !== null));
    const pass = await asking;
    target.checkAlive();
    const late = await askAfterPages(
      target,
      pass,
      ran.flatMap(one => one.runs),
    );
    return conclude(request, target, {
      pass: { ...pass, probes: [...pass.probes, ...late] },
      ran,
      results: [...results, ...ran.flatMap(one => one.results)],
    });
  } finally {
    progress?.end();
  }
}

async function prepare({ config, running, signal, checks = CHECKS }: VerifyRequest): Promise<Target> {
  // A misspelt name is told before anything is asked.
  if (config.stack !== undefined) (await import('./known-stack.ts')).namedStack(config.stack);
  const publicUrl = publicUrlOf(config, running.url);
  const { upstream } = running;
  const timeoutMs = config.target.timeouts.requestMs;
  const { login } = config.policy;
  const first = planFor(config, publicUrl);
  const session =
    login && (await logIn(login, { url: urlFor(first, login.path), upstream, timeoutMs, signal }));
  signal.throwIfAborted();
  const plan = session ? planFor(config, publicUrl, session) : first;
  const { maxRequestsPerSecond } = config.target;
  return {
    plan,
    ...(session && { setCookie: session.setCookie }),
    secrets: session ? secretsOf(session) : [],
    checks,
    derived: derive(plan, checks),
    upstreams: new Map([
      [new URL(running.url).origin, upstream],
      [plan.base, upstream],
    ]),
    wire: new PacedWire({
      signal,
      refused: refusedUrls(plan),
      ...(maxRequestsPerSecond !== undefined && { maxPerSecond: maxRequestsPerSecond }),
    }),
    timeoutMs,
    checkAlive: () => {
      if (running.crash) throw running.crash;
      signal.throwIfAborted();
    },
  };
}

/** What has not answered on the wire would cost each browser the same time again, for every page. */
const isAnswered =
  ({ wire }: Target) =>
  ({ case: { steps } }: PageAttempt): boolean =>
    !steps.some(
      step => 'request' in step && step.request.url !== undefined && wire.hasGivenUp(step.request.url),
    );

const isWaiting = ({ case: one }: Pick<PageAttempt, 'case'>): boolean => waitOf(one) > 0;

/** Browsers send by themselves: each case waits for the turn of its preflight and its request. */
const inTurn =
  ({ checkAlive, wire }: Target, waitsBegin: () => Promise<void>) =>
  async (next: Pick<PageAttempt, 'case'>, outcome?: unknown): Promise<undefined> => {
    checkAlive();
    if (outcome !== undefined) return;
    if (!isWaiting(next)) {
      await waitsBegin();
      checkAlive();
    }
    await wire.turn();
    await wire.turn();
  };

/** The values alone: a token is also a secret without its scheme. */
const secretsOf = ({ cookies, headers }: LoginSession): string[] =>
  [...Object.values(cookies), ...Object.values(headers)].flatMap(value => [
    value,
    ...value.split(' ').slice(1),
  ]);

/** The header lines of everything that was answered. */
const answersOf = ({ runs, probes }: WirePass) =>
  [
    ...runs.flatMap(run => run.steps.flatMap(step => step.observation.exchanges)),
    ...probes.map(one => one.exchange),
  ].flatMap(({ response }) => (response ? [response.headers] : []));

async function conclude(
  { config, running, folder, checks = CHECKS }: VerifyRequest,
  { plan, derived, wire, secrets }: Target,
  {
    pass,
    ran,
    results,
  }: {
    readonly pass: WirePass;
    readonly ran: readonly EngineRun[];
    readonly results: readonly Result[];
  },
): Promise<Verified> {
  const { limitedAfter } = wire;
  const evidence = new PolicyEvidence(plan, {
    runs: [...pass.runs, ...ran.flatMap(one => one.runs)],
    probes: pass.probes,
    ...(limitedAfter !== undefined && { limitedAfter }),
  });
  // Stacks are many modules: they are loaded for fixes alone.
  const stackOf = async () => {
    const { knownStack } = await import('./known-stack.ts');
    return knownStack(config, { folder, answers: answersOf(pass) });
  };
  const sorted = sortOut(CHECKS, evidence);
  const judged = judgePolicy(evidence, {
    checks,
    sorted,
    stack: sorted.causes.length > 0 ? await stackOf() : null,
    url: new URL(running.url).origin,
  });
  const exchanges = ran.flatMap(one => one.results.flatMap(result => result.exchanges));
  const preflights = exchanges.filter(({ role }) => role === 'preflight').length;
  return {
    engines: [MODEL, ...ran.map(({ engine }) => engine)],
    results: results.map(result => {
      const findings = judged.explains.get(`${result.engine} ${result.case.id}`);
      return findings && result.verdict === 'fail' ? { ...result, findings: [...findings] } : result;
    }),
    findings: judged.findings,
    checks: judged.checks,
    order: new Map(derived.cases.map((one, i) => [`${one.about.resource} ${one.case.id}`, i])),
    partial: results.some(({ verdict }) => verdict === 'not-run' || verdict === 'harness-error'),
    requests: wire.requests + exchanges.length - preflights,
    preflights: wire.preflights + preflights,
    secrets,
    pages: ran.reduce((sum, one) => sum + one.runs.length, 0),
  };
}

/**
 * The URL by which pages know the target. A plain http server is shown to https pages as https: the gateway ends the
 * TLS, and no engine then stops the request as mixed content.
 */
export function publicUrlOf(config: ParsedConfig, url: string): string {
  if (config.target.publicUrl !== undefined) return config.target.publicUrl;
  const secure = planFor(config, url).resources.some(({ rules }) =>
    rules.some(rule => rule.samples.some(origin => origin.startsWith('https:'))),
  );
  const parsed = new URL(url);
  if (!secure || parsed.protocol === 'https:') return url;
  return `https://${parsed.hostname}:${parsed.port || '80'}${parsed.pathname}`;
}
