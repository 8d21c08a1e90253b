/** One stack of the gallery: its packages installed, its files written, its server started and verified. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readConfig } from '../policy/config/read.ts';
import type { ParsedConfig, VerifyConfig } from '../policy/config/schema.ts';
import { CommandError, runCommand } from '../process/command.ts';
import { newFolder } from '../release/folder.ts';
import { installPinned, type PinnedInstall, type PinnedOptions } from '../release/pinned.ts';
import { ReleaseError } from '../release/types.ts';
import type { PolicyId, Proof } from '../stacks/proof.ts';
import type { ConfiguredFile, Stack } from '../stacks/types.ts';
import { startTarget } from '../target/start.ts';
import type { RunEngineName } from '../verdict/record.ts';
import type { OpenBrowsers } from './open-browsers.ts';
import { type Verified, verifyTarget } from './verify-run.ts';

const GALLERY = fileURLToPath(new URL('../../fixtures/gallery/', import.meta.url));

/** The first Go server of a machine compiles Go's own library, too. */
const BUILD_MS = 10 * 60_000;

/** Pages know every server of the gallery by this URL. */
const PUBLIC_URL = 'https://api.example.com';

export interface GalleryPolicy {
  readonly title: string;
  readonly policy: VerifyConfig['policy'];
}

/** The policies of the gallery, by id. */
export async function galleryPolicies(): Promise<Readonly<Record<PolicyId, GalleryPolicy>>> {
  const module = (await import(pathToFileURL(join(GALLERY, 'policies.ts')).href)) as {
    GALLERY_POLICIES: Readonly<Record<PolicyId, GalleryPolicy>>;
  };
  return module.GALLERY_POLICIES;
}

/** How the gallery runs a stack; null if it cannot. */
export async function proofOf(stack: Stack): Promise<Proof | null> {
  const file = join(GALLERY, stack.id, 'proof.ts');
  if (!existsSync(file)) return null;
  return ((await import(pathToFileURL(file).href)) as { proof: Proof }).proof;
}

/** Installs what a stack needs. @throws ReleaseError if it cannot be had */
export async function installPackages(
  stack: Stack,
  { packages }: Proof,
  options: PinnedOptions,
): Promise<PinnedInstall> {
  const { ecosystem, pins, manifests } = packages;
  if (!manifests) return installPinned({ ecosystem, pins }, options);
  const texts = manifests.map(
    async name => [name, await readFile(join(GALLERY, stack.id, name), 'utf8')] as const,
  );
  return installPinned({ ecosystem, pins, manifests: Object.fromEntries(await Promise.all(texts)) }, options);
}

/**
 * The configuration that `verify` reads for a policy of the gallery.
 * @param port of the public URL, where several servers must not have the same one
 */
export function galleryConfig(
  policy: VerifyConfig['policy'],
  proof: Proof | null,
  port?: number,
): ParsedConfig {
  const { readyMs = 30_000, readyPath } = proof ?? {};
  const target = {
    command: [...(proof?.serve ?? ['none'])],
    url: 'http://127.0.0.1:{port}',
    publicUrl: port === undefined ? PUBLIC_URL : `${PUBLIC_URL}:${port}`,
    ...(readyPath !== undefined && { ready: { path: readyPath, status: 200 } }),
    timeouts: { readyMs, stopMs: 5_000, requestMs: 10_000 },
  };
  return readConfig({ target, policy }).config;
}

export interface GalleryServer {
  readonly stack: Stack;
  readonly proof: Proof;
  readonly install: PinnedInstall;
  readonly files: readonly ConfiguredFile[];
  readonly policy: VerifyConfig['policy'];
  /** Of its public URL; default: that of https. */
  readonly publicPort?: number;
  readonly signal: AbortSignal;
}

/** What a server of the gallery is held against its policy in. */
export interface GalleryEngines {
  readonly engines: readonly RunEngineName[];
  /** Browsers that are shared by servers, each of which has a public port of its own. */
  readonly browsers?: OpenBrowsers;
}

/** A server of the gallery that runs. */
export interface RunningServer {
  /** @throws TargetError if the server ends */
  verify(engines: GalleryEngines): Promise<Verified>;
  /** Ends it, and removes its folder. */
  stop(): Promise<void>;
}

/**
 * Starts a stack's real server with these files, in a folder that is removed when it is stopped.
 * @throws TargetError if it does not start; ReleaseError if it cannot be built
 */
export async function startServer(server: GalleryServer): Promise<RunningServer> {
  const { stack, proof, install, files, policy, publicPort, signal } = server;
  const folder = newFolder();
  try {
    await writeServer(join(GALLERY, stack.id), folder.base, files);
    if (proof.packages.ecosystem === 'npm')
      await symlink(join(install.folder, 'node_modules'), join(folder.base, 'node_modules'), 'junction');
    const fill = (text: string) =>
      text.replaceAll('{install}', install.folder).replaceAll('{folder}', folder.base);
    const env = {
      TMPDIR: folder.temp,
      // Java does not ask TMPDIR, and Tomcat leaves a folder behind.
      ...(proof.packages.ecosystem === 'maven' && {
        JAVA_TOOL_OPTIONS: `"-Djava.io.tmpdir=${folder.temp}" -XX:-UsePerfData`,
      }),
      // For frameworks that allow what has a route.
      GALLERY_METHODS: methodsOf(policy).join(','),
      ...Object.fromEntries(Object.entries(proof.env ?? {}).map(([name, value]) => [name, fill(value)])),
    };
    for (const step of proof.build ?? []) await build(step.map(fill), { cwd: folder.base, env, signal });
    const config = galleryConfig(policy, proof, publicPort);
    const target = { ...config.target, command: program(proof.serve.map(fill)), env };
    const running = await startTarget(target, folder.base);
    return {
      verify: engines => verifyTarget({ config, running, signal, ...engines }),
      async stop() {
        try {
          await running.stop();
        } finally {
          await folder.remove();
        }
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Starts a stack's real server, verifies it, and stops it. @throws what startServer() and verify() throw */
export async function verifyServer(server: GalleryServer, engines: GalleryEngines): Promise<Verified> {
  const running = await startServer(server);
  try {
    return await running.verify(engines);
  } finally {
    await running.stop();
  }
}

/** Every method that a policy names for any of its resources. */
const methodsOf = (policy: VerifyConfig['policy']): string[] => [
  ...new Set([...(policy.methods ?? ['GET']), ...policy.resources.flatMap(one => one.methods ?? [])]),
];

/** Node is the one that runs this. */
const program = ([name = '', ...args]: readonly string[]): string[] => [
  name === 'node' ? process.execPath : name,
  ...args,
];

async function build(
  command: readonly string[],
  options: { cwd: string; env: Readonly<Record<string, string>>; signal: AbortSignal },
): Promise<void> {
  const ran = await runCommand(program(command), { ...options, limitMs: BUILD_MS }).catch(error => {
    throw error instanceof CommandError ? new ReleaseError(error.message) : error;
  });
  if (ran.ok) return;
  const said = `${ran.stderr}\n${ran.stdout}`.trim().split('\n').slice(0, 8).join('\n');
  throw new ReleaseError(`${command.join(' ')} failed: ${said}`);
}

/** A line of a skeleton that stands for a configured file: its text is put there, as a person would paste it. */
const PLACE = /^([ \t]*)(?:\/\/|#|--|;|<!--)[ \t]*@configure[ \t]+(\S+).*$/gm;

/** Puts the skeleton and the configuration together. A configured file that no skeleton names is a file by itself. */
async function writeServer(skeleton: string, base: string, files: readonly ConfiguredFile[]): Promise<void> {
  const placed = new Set<string>();
  for (const entry of await readdir(skeleton, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || (entry.parentPath === skeleton && entry.name === 'proof.ts')) continue;
    const from = join(entry.parentPath, entry.name);
    const to = join(base, from.slice(skeleton.length + 1));
    await mkdir(dirname(to), { recursive: true });
    const text = await readFile(from, 'utf8');
    if (!text.includes('@configure')) {
      await copyFile(from, to);
      continue;
    }
    const filled = text.replace(PLACE, (_line, space: string, path: string) => {
      placed.add(path);
      const file = files.find(one => one.path === path);
      if (!file) return '';
      return file.text.replace(/\n$/, '').replace(/^(?=.)/gm, space);
    });
    await writeFile(to, filled);
  }
  for (const file of files) {
    if (placed.has(file.path)) continue;
    const to = join(base, file.path);
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, file.text);
  }
}
