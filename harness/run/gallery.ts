/**
 * The gallery: every stack's real server with the configuration that `configure` writes for each policy, with one
 * deliberate mistake at a time, and as its own getting-started page has it. Both directions: the configuration must
 * keep the policy, and every mistake must be found.
 */
import { getMaxListeners, setMaxListeners } from 'node:events';
import type { PinnedInstall } from '../release/pinned.ts';
import { ReleaseError } from '../release/types.ts';
import { type CorsPolicy, corsPolicyOf } from '../stacks/cors-policy.ts';
import type {
  GalleryEngine,
  GalleryEntry,
  GalleryFinding,
  GettingStartedProof,
  MutationProof,
  PolicyProof,
} from '../stacks/gallery-record.ts';
import { type Mutation, POLICY_IDS, type PolicyId, type Proof } from '../stacks/proof.ts';
import type { ConfiguredFile, Stack } from '../stacks/types.ts';
import { TargetError } from '../target/errors.ts';
import type { CheckState } from '../verdict/finding.ts';
import type { RunEngineName } from '../verdict/record.ts';
import {
  type GalleryPolicy,
  galleryConfig,
  galleryPolicies,
  installPackages,
  proofOf,
  type RunningServer,
  startServer,
  verifyServer,
} from './gallery-stack.ts';
import { OpenBrowsers } from './open-browsers.ts';
import { allEnded } from './page-run.ts';
import { AT_ONCE } from './policy-run.ts';
import { atMost, withinLimit } from './time-limit.ts';
import type { Verified } from './verify-run.ts';

/** Every server that is verified in browsers has a port of its own in its public URL: what they cache, they cache by URL. */
const FIRST_PUBLIC_PORT = 8500;

/** Longer than any stack takes once its packages are there, on a busy machine with three browsers. */
const STACK_MS = 20 * 60_000;

export interface GalleryRequest {
  readonly stacks: readonly Stack[];
  /** For the configurations; mistakes and getting-started pages are held against the model. */
  readonly engines: readonly RunEngineName[];
  /** Default: all four. */
  readonly policies?: readonly PolicyId[] | undefined;
  /** Only whether the configurations keep their policies. */
  readonly configurationsOnly?: boolean | undefined;
  /** Milliseconds for one stack once its packages are there; then it counts as not run. Default: 20 minutes. */
  readonly stackMs?: number | undefined;
  /** Called as soon as a stack is done: what comes after it may be interrupted. */
  readonly onEntry?: (entry: GalleryEntry) => void;
  readonly signal: AbortSignal;
  readonly onProgress: (what: string) => void;
}

interface Work extends GalleryRequest {
  readonly browsers: OpenBrowsers;
  readonly stack: Stack;
  readonly proof: Proof;
  readonly install: PinnedInstall;
  readonly all: Readonly<Record<PolicyId, GalleryPolicy>>;
}

/**
 * Runs the gallery, stack by stack. Browsers stay open for all of them: starting them took longer than their pages.
 * @throws the signal's reason
 */
export async function runGallery(request: GalleryRequest): Promise<GalleryEntry[]> {
  const all = await galleryPolicies();
  const { timeouts } = galleryConfig(all.public.policy, null).target;
  const browsers = new OpenBrowsers({ timeoutMs: timeouts.requestMs, atOnce: AT_ONCE });
  const entries: GalleryEntry[] = [];
  // Every request that is under way listens; all servers of a stack are asked at the same time.
  setMaxListeners(POLICY_IDS.length * getMaxListeners(request.signal), request.signal);
  try {
    for (const stack of request.stacks) {
      request.signal.throwIfAborted();
      const entry = await entryOf({ ...request, browsers }, stack, all);
      entries.push(entry);
      request.onEntry?.(entry);
    }
  } finally {
    await atMost(browsers.close());
  }
  return entries;
}

async function entryOf(
  request: GalleryRequest & Pick<Work, 'browsers'>,
  stack: Stack,
  all: Work['all'],
): Promise<GalleryEntry> {
  const { id, title, ecosystem } = stack;
  const date = new Date().toISOString().slice(0, 10);
  const about = { date, stack: id, title, ecosystem, policies: [], mutations: [], engines: [] };
  const proof = await proofOf(stack);
  if (!proof)
    return { ...about, versions: {}, notRun: stack.notProven ?? 'the gallery has no server for it' };
  let install: PinnedInstall;
  try {
    install = await installPackages(stack, proof, request);
  } catch (error) {
    request.signal.throwIfAborted();
    if (!(error instanceof ReleaseError)) throw error;
    return { ...about, versions: {}, notRun: error.message };
  }
  const found = await withinLimit(request.signal, request.stackMs ?? STACK_MS, signal =>
    prove({ ...request, signal, stack, proof, install, all: adapted(all, proof) }),
  );
  const { versions } = install;
  return found === 'late'
    ? { ...about, versions, notRun: 'it had not ended after the time that a stack has' }
    : { ...about, versions, ...found };
}

type Found = Pick<GalleryEntry, 'policies' | 'engines' | 'mutations' | 'gettingStarted'>;

/** Everything that a stack is held against. */
async function prove(work: Work): Promise<Found> {
  const ids = work.policies ?? POLICY_IDS;
  const found = await provePolicies(work, ids);
  const mutations: MutationProof[] = [];
  if (work.configurationsOnly) return { ...found, mutations };
  for (const mutation of work.proof.mutations)
    if (ids.includes(mutation.policy)) mutations.push(await proveMutation(work, mutation));
  return { ...found, mutations, gettingStarted: await tryGettingStarted(work) };
}

/** The policies as this stack is held against them. */
function adapted(all: Work['all'], { adapt }: Proof): Work['all'] {
  const entries = POLICY_IDS.map(id => {
    const { title, policy } = all[id];
    return [id, { title, policy: adapt ? adapt(policy, id) : policy }] as const;
  });
  return Object.fromEntries(entries) as Work['all'];
}

const policyOf = ({ all, proof }: Work, id: PolicyId): CorsPolicy =>
  corsPolicyOf(galleryConfig(all[id].policy, proof));

/** What `verify` says of these files on the model. */
function verified(work: Work, policy: PolicyId, files: readonly ConfiguredFile[]): Promise<Verified> {
  const { stack, proof, install, all, signal } = work;
  return verifyServer(
    { stack, proof, install, files, policy: all[policy].policy, signal },
    { engines: ['model'] },
  );
}

/** What a server that does not run says, as a result. @throws everything else */
function troubleOf(work: Work, error: unknown): string {
  work.signal.throwIfAborted();
  if (!(error instanceof TargetError || error instanceof ReleaseError)) throw error;
  const [first = '', ...rest] = error.message.split('\n').map(line => line.trim());
  const why = rest.filter(line => /error/i.test(line))[0];
  return why === undefined ? first : `${first} ${why}`;
}

const briefly = ({ findings }: Verified): GalleryFinding[] =>
  findings.map(({ rule, severity }) => ({ rule, severity }));

/** A policy whose server runs, or does not. */
interface Begun {
  readonly policy: PolicyId;
  readonly announced: readonly string[];
  readonly server: RunningServer | { readonly trouble: string };
}

/** Servers start one after the other; then all are verified together, so that waits and pages are shared. */
async function provePolicies(
  work: Work,
  ids: readonly PolicyId[],
): Promise<{ policies: PolicyProof[]; engines: GalleryEngine[] }> {
  const engines = new Map<string, GalleryEngine>();
  const begun: Begun[] = [];
  try {
    for (const id of ids) begun.push(await beginPolicy(work, id));
    const policies = await allEnded(begun.map(one => provePolicy(work, one, engines)));
    return { policies, engines: [...engines.values()] };
  } finally {
    await allEnded(begun.map(({ server }) => ('stop' in server ? server.stop() : Promise.resolve())));
  }
}

async function beginPolicy(work: Work, policy: PolicyId): Promise<Begun> {
  const { stack, stacks, proof, install, all, signal } = work;
  work.onProgress(`${stack.title}: ${all[policy].title}`);
  const { files, notes } = stack.configure(policyOf(work, policy));
  const announced = [...new Set(notes.flatMap(note => note.check ?? []))].sort();
  const nth = stacks.indexOf(stack) * POLICY_IDS.length + POLICY_IDS.indexOf(policy);
  const publicPort = FIRST_PUBLIC_PORT + nth;
  try {
    const about = { stack, proof, install, files, policy: all[policy].policy, publicPort, signal };
    return { policy, announced, server: await startServer(about) };
  } catch (error) {
    return { policy, announced, server: { trouble: troubleOf(work, error) } };
  }
}

async function provePolicy(
  work: Work,
  { policy, announced, server }: Begun,
  engines: Map<string, GalleryEngine>,
): Promise<PolicyProof> {
  const unproven = (trouble: string): PolicyProof => ({
    policy,
    engines: [],
    found: [],
    announced,
    proven: false,
    trouble,
  });
  if ('trouble' in server) return unproven(server.trouble);
  try {
    const done = await server.verify(work);
    for (const { name, version } of done.engines) engines.set(name, { name, version });
    const found = briefly(done);
    const rules = [...new Set(found.map(one => one.rule))].sort();
    const absent = done.engines.find(engine => engine.notRun !== undefined);
    const failed = done.results.find(one => one.verdict === 'harness-error');
    const trouble = absent
      ? `${absent.name}: ${absent.notRun}`
      : failed && `${failed.case.id} could not be run in ${failed.engine}`;
    const proven = trouble === undefined && rules.join() === announced.join();
    const names = done.engines.filter(one => one.notRun === undefined).map(one => one.name);
    return { policy, engines: names, found, announced, proven, ...(trouble !== undefined && { trouble }) };
  } catch (error) {
    return unproven(troubleOf(work, error));
  }
}

async function proveMutation(work: Work, mutation: Mutation): Promise<MutationProof> {
  const { mistake, policy, file, from, to, finds } = mutation;
  work.onProgress(`${work.stack.title}: ${mistake}`);
  const about = { mistake, policy, wanted: finds };
  const { files } = work.stack.configure(policyOf(work, policy));
  const broken = files.map(one =>
    one.path === file ? { ...one, text: one.text.replace(from, () => to) } : one,
  );
  if (broken.every((one, i) => one.text === files[i]?.text))
    return { ...about, found: [], proven: false, trouble: `"${from}" does not stand in ${file}` };
  try {
    const found = [...new Set((await verified(work, policy, broken)).findings.map(one => one.rule))];
    return { ...about, found, proven: found.includes(finds) };
  } catch (error) {
    return { ...about, found: [], proven: false, trouble: troubleOf(work, error) };
  }
}

async function tryGettingStarted(work: Work): Promise<GettingStartedProof> {
  const policy = work.proof.gettingStartedPolicy ?? 'one-origin';
  const { source, files } = work.stack.gettingStarted;
  const about = { policy, source };
  work.onProgress(`${work.stack.title}: as its documentation begins`);
  try {
    const done = await verified(work, policy, files(policyOf(work, policy)));
    const inState = (state: CheckState['state']) =>
      done.checks.filter(one => one.state === state).map(one => one.id);
    return { ...about, found: briefly(done), kept: inState('kept'), broken: inState('broken') };
  } catch (error) {
    return { ...about, found: [], kept: [], broken: [], trouble: troubleOf(work, error) };
  }
}
