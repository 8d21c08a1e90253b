/** Names of packages and releases, as the user writes them and as package managers take them. */
import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EcosystemName, type Package, type Release, ReleaseError } from './types.ts';

const PREFIXES: Readonly<Record<string, EcosystemName>> = { npm: 'npm', pypi: 'pypi', pip: 'pypi', go: 'go' };
const BY_EXTENSION: Readonly<Record<string, EcosystemName>> = { '.py': 'pypi', '.go': 'go' };

const NAMES: Readonly<Record<EcosystemName, { readonly valid: RegExp; readonly example: string }>> = {
  npm: { valid: /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i, example: 'npm:@fastify/cors' },
  pypi: { valid: /^[a-z0-9](?:[\w.-]*[a-z0-9])?$/i, example: 'pypi:flask-cors' },
  go: { valid: /^[\w-]+(?:\.[\w-]+)+(?:\/[\w.~-]+)*$/, example: 'go:github.com/rs/cors' },
};

/** A name of an npm package, without version or subpath. */
export const isNpmName = (text: string): boolean => NAMES.npm.valid.test(text);

/**
 * Reads "npm:cors", "pypi:flask-cors" (also "pip:") or "go:github.com/rs/cors".
 * @param script its extension decides where there is no prefix: .py, .go, else npm
 * @throws ReleaseError where the name is none of its registry's
 */
export function parsePackage(text: string, script: string): Package {
  const [, prefix, rest = ''] = /^([a-z]+):(.*)$/i.exec(text.trim()) ?? [null, undefined, text.trim()];
  const named = prefix === undefined ? undefined : PREFIXES[prefix.toLowerCase()];
  if (prefix !== undefined && named === undefined)
    throw new ReleaseError(`"${text}": there is no registry "${prefix}"; write npm:, pypi: or go:`);
  const ecosystem = named ?? BY_EXTENSION[extname(script).toLowerCase()] ?? 'npm';
  const { valid, example } = NAMES[ecosystem];
  if (!valid.test(rest)) {
    const at = rest.lastIndexOf('@');
    const why = at > 0 && valid.test(rest.slice(0, at)) ? 'the version stands apart from it' : 'for example';
    throw new ReleaseError(
      `"${text}" is no name of ${ecosystem === 'go' ? 'a Go module' : `a package of ${ecosystem}`}: ${why === 'for example' ? `for example ${example}` : `${why}, ${rest.slice(0, at)} ${rest.slice(at + 1)}`}`,
    );
  }
  return { ecosystem, name: rest };
}

/** Whether a version is not a release of a registry but a folder or an archive on this machine. */
export function isPath(version: string): boolean {
  return (
    /^(?:\.{1,2}(?:$|[\\/])|[\\/~]|file:|[a-z]:[\\/])/i.test(version) ||
    /\.(?:tgz|tar\.gz|whl|zip)$/i.test(version)
  );
}

/** The absolute path that such a version means; relative ones begin where this process runs. */
export function pathOf(version: string): string {
  if (/^file:\/\//i.test(version)) return fileURLToPath(version);
  return resolve(version.replace(/^file:/i, '').replace(/^~(?=[\\/]|$)/, process.env.HOME ?? '~'));
}

/** What else was installed beside a release, as its package manager takes it: for the other side's `others`. */
export function pinned(release: Pick<Release, 'others'>, pkg: Package): string[] {
  return Object.entries(release.others).map(([name, version]) => {
    if (pkg.ecosystem !== 'pypi') return `${name}@${version}`;
    return /^file:|:\/\//.test(version) ? `${name} @ ${version}` : `${name}==${version}`;
  });
}
