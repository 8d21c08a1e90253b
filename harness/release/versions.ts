/** The releases of a package, in their order. */
import semver from 'semver';
import { runCommand } from '../process/command.ts';
import { crateVersions } from './cargo-versions.ts';
import { artifactVersions } from './maven-versions.ts';
import { npm } from './npm-command.ts';
import { npmTrouble } from './npm-manifest.ts';
import { runPython } from './pypi.ts';
import { pipTrouble } from './requirements.ts';
import { type EcosystemName, type Package, ReleaseError } from './types.ts';

const READ: Readonly<Record<EcosystemName, (name: string, signal?: AbortSignal) => Promise<string[]>>> = {
  npm: async (name, signal) => {
    const ran = await npm(['view', name, 'versions', '--json', '--no-update-notifier', '--loglevel=error'], {
      signal,
    });
    if (!ran.ok) throw new ReleaseError(`npm does not know ${name}: ${npmTrouble(ran.stderr, name)}`);
    const found = JSON.parse(ran.stdout) as string | string[];
    return semver.sort(([] as string[]).concat(found).filter(version => semver.valid(version) !== null));
  },
  pypi: async (name, signal) => {
    const args = ['index', 'versions', name, '--pre', '--disable-pip-version-check', '--no-input'];
    const ran = await runPython(['-m', 'pip', ...args], { signal });
    const [, list] = /^Available versions: (.*)$/m.exec(ran.stdout) ?? [];
    if (list === undefined)
      throw new ReleaseError(`pip does not know ${name}: ${pipTrouble(ran.stderr, name)}`);
    return list
      .split(',')
      .map(version => version.trim())
      .reverse();
  },
  go: async (name, signal) => {
    const ran = await runCommand(['go', 'list', '-m', '-versions', name], { env: { GOWORK: 'off' }, signal });
    const versions = ran.stdout.trim().split(/\s+/).slice(1);
    if (!ran.ok || versions.length === 0)
      throw new ReleaseError(
        `Go does not know ${name}: ${ran.stderr.trim().split('\n').at(-1)?.replace(/^go: /, '') || 'it has no tagged versions'}`,
      );
    return semver.sort(versions);
  },
  cargo: crateVersions,
  maven: artifactVersions,
};

/**
 * Every release of a package, the oldest first. For PyPI those that this machine's Python can use.
 * @throws ReleaseError if the registry does not know it or cannot be reached
 */
export function versionsOf(pkg: Package, signal?: AbortSignal): Promise<string[]> {
  return READ[pkg.ecosystem](pkg.name, signal);
}

/** Numbers and nothing else: neither of semver's, Python's nor Go's pre-releases. */
const isFinal = (version: string) => /^v?(?:\d+!)?\d+(?:\.\d+)*(?:\.post\d+)?(?:\+.*)?$/.test(version);

/**
 * The releases after one up to and including another. Pre-releases count only if one of the two is one.
 * @param versions ascending
 * @throws ReleaseError if one of them does not exist, or the second does not come after the first
 */
export function between(versions: readonly string[], from: string, to: string): string[] {
  const first = indexOf(versions, from);
  const last = indexOf(versions, to);
  if (last <= first)
    throw new ReleaseError(
      `${to} does not come after ${from}${last === first ? '' : `: write ${to} ${from}`}`,
    );
  const all = !isFinal(from) || !isFinal(to);
  return versions.slice(first + 1, last + 1).filter(version => all || isFinal(version));
}

function indexOf(versions: readonly string[], wanted: string): number {
  const plain = (version: string) => version.replace(/^[@v]/, '').replace(/\+incompatible$/, '');
  const found = versions.findIndex(version => plain(version) === plain(wanted));
  if (found >= 0) return found;
  throw new ReleaseError(
    `There is no release ${wanted}, or it was withdrawn; ${versions.length === 0 ? 'there are none' : `near it are ${nearest(versions, wanted).join(', ')}`}`,
  );
}

/** Those next to the place at which it would stand. */
function nearest(versions: readonly string[], wanted: string): readonly string[] {
  const numbers = (version: string) => (version.match(/\d+/g) ?? []).map(Number);
  const target = numbers(wanted);
  const isAfter = (version: string) => {
    const own = numbers(version);
    const at = target.findIndex((number, i) => number !== (own[i] ?? 0));
    return at >= 0 && (own[at] ?? 0) > (target[at] ?? 0);
  };
  const listed = versions.filter(isFinal);
  const after = listed.findIndex(isAfter);
  const place = after < 0 ? listed.length : after;
  return listed.slice(Math.max(0, Math.min(place - 2, listed.length - 4)), Math.max(place + 2, 4));
}
