/** One stack of the gallery: its packages installed, its files written, its server started and verified. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readConfig } from '../policy/config/read.ts';
import type { ParsedConfig, VerifyConfig } from '../policy/config/schema.ts';
import { runCommand } from '../process/command.ts';
import { newFolder } from '../release/folder.ts';
import { installPinned, type PinnedInstall, type PinnedOptions } from '../release/pinned.ts';
import { ReleaseError } from '../release/types.ts';
import type { PolicyId, Proof } from '../stacks/proof.ts';
import type { ConfiguredFile, Stack } from '../stacks/types.ts';
import { startTarget } from '../target/start.ts';
import type { RunEngineName } from '../verdict/record.ts';
import { type Verified, verifyTarget } from './verify-run.ts';

const GALLERY = fileURLToPath(new URL('../../fixtures/gallery/', import.meta.url));

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

/** The configuration that `verify` reads for a policy of the gallery. */
export function galleryConfig(policy: VerifyConfig['policy'], proof: Proof | null): ParsedConfig {
  const { readyMs = 30_000, readyPath } = proof ?? {};
  const target = {
    command: [...(proof?.serve ?? ['none'])],
    url: 'http://127.0.0.1:{port}',
    publicUrl: PUBLIC_URL,
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
  readonly engines: readonly RunEngineName[];
  readonly signal: AbortSignal;
}

/**
 * Starts a stack's real server with these files, in a folder that is removed afterwards, and verifies it.
 * @throws TargetError if it does not start or ends; ReleaseError if it cannot be built
 */
export async function verifyServer(server: GalleryServer): Promise<Verified> {
  const { stack, proof, install, files, policy, engines, signal } = server;
  const folder = newFolder();
  try {
    await writeServer(join(GALLERY, stack.id), folder.base, files);
    if (proof.packages.ecosystem === 'npm')
      await symlink(join(install.folder, 'node_modules'), join(folder.base, 'node_modules'), 'junction');
    const fill = (text: string) =>
      text.replaceAll('{install}', install.folder).replaceAll('{folder}', folder.base);
    const env = {
      TMPDIR: folder.temp,
      // For frameworks that allow what has a route.
      GALLERY_METHODS: methodsOf(policy).join(','),
      ...Object.fromEntries(Object.entries(proof.env ?? {}).map(([name, value]) => [name, fill(value)])),
    };
    for (const step of proof.build ?? []) await build(step.map(fill), { cwd: folder.base, env, signal });
    const config = galleryConfig(policy, proof);
    const target = { ...config.target, command: program(proof.serve.map(fill)), env };
    const running = await startTarget(target, folder.base);
    try {
      return await verifyTarget({ config, running, engines, signal });
    } finally {
      await running.stop();
    }
  } finally {
    await folder.remove();
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
  const ran = await runCommand(program(command), options);
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
