/** A package as a commit of a checkout has it. */
import { mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { runCommand } from '../process/command.ts';
import { readText } from './files.ts';
import { projectOf } from './projects.ts';
import { type EcosystemName, type Package, ReleaseError } from './types.ts';

const MANIFESTS: Readonly<Record<EcosystemName, readonly string[]>> = {
  npm: ['package.json'],
  pypi: ['pyproject.toml', 'setup.py', 'setup.cfg'],
  go: ['go.mod'],
  cargo: ['Cargo.toml'],
  maven: ['pom.xml'],
};

export interface GitSource {
  /** The folder with the package's files. */
  readonly folder: string;
  /** The commit, abbreviated. */
  readonly commit: string;
  /** Where the same package lies in the checkout, for what it has installed there. */
  readonly checkout: string;
}

/**
 * Takes a package's files out of a commit, without touching the checkout.
 * @param ref what follows "git:": a branch, a tag or a commit
 * @param from a folder of the checkout
 * @param temp a folder that is removed later
 * @throws ReleaseError if there is no checkout, no such commit, or no such package in it
 */
export async function gitSource(
  { ecosystem, name }: Package,
  ref: string,
  from: string,
  temp: string,
): Promise<GitSource> {
  const git = async (...args: string[]): Promise<string> => {
    const ran = await runCommand(['git', ...args], { cwd: from });
    if (ran.ok) return ran.stdout.trim();
    throw new ReleaseError(
      `git:${ref}: ${ran.stderr
        .trim()
        .split('\n')
        .at(-1)
        ?.replace(/^fatal: /, '')}. Run it in a checkout of ${name}, and name a branch, tag or commit.`,
    );
  };
  const top = await git('rev-parse', '--show-toplevel');
  const commit = await git('rev-parse', '--short', '--verify', `${ref}^{commit}`);
  const tracked = (await git('ls-tree', '-r', '--name-only', '--full-tree', commit)).split('\n');
  const manifests = tracked.filter(file =>
    MANIFESTS[ecosystem].some(manifest => file === manifest || file.endsWith(`/${manifest}`)),
  );
  const own = MANIFESTS[ecosystem].flatMap(manifest => projectOf(join(from, 'x'), manifest) ?? [])[0];
  const near = own === undefined ? '' : relative(top, own);
  const ofName = manifests.find(file => declares(readText(join(top, file)), ecosystem, name));
  const prefix = ofName === undefined ? near : dirname(ofName).replace(/^\.$/, '');
  if (prefix.startsWith('..')) throw new ReleaseError(`git:${ref}: there is no ${name} in ${top}.`);
  const folder = join(temp, 'git-source');
  mkdirSync(folder, { recursive: true });
  const archive = join(temp, 'source.tar');
  await git(
    '-C',
    top,
    'archive',
    '--format=tar',
    '-o',
    archive,
    prefix === '' ? commit : `${commit}:${prefix}`,
  );
  const unpacked = await runCommand(['tar', '-xf', archive, '-C', folder]);
  if (!unpacked.ok) throw new ReleaseError(`git:${ref} cannot be unpacked: ${unpacked.stderr.trim()}`);
  return { folder, commit, checkout: join(top, prefix) };
}

/** Whether a manifest is that of a package. */
function declares(manifest: string, ecosystem: EcosystemName, name: string): boolean {
  const plain = name.replace(/[-_.]+/g, '[-_.]+');
  const patterns: Readonly<Record<EcosystemName, RegExp>> = {
    npm: new RegExp(`^[{\\s]*"name"\\s*:\\s*"${name.replaceAll('.', '\\.')}"`, 'm'),
    pypi: new RegExp(`\\bname\\s*=\\s*["']?${plain}["']?\\s*[,\\n]`, 'i'),
    go: new RegExp(`^module\\s+${name.replaceAll('.', '\\.')}\\s*$`, 'm'),
    cargo: new RegExp(`^name\\s*=\\s*"${name}"`, 'm'),
    maven: new RegExp(`<artifactId>${name.split(':').at(-1)}</artifactId>`),
  };
  return patterns[ecosystem].test(manifest);
}
