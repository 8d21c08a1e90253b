/** Names of packages and releases, as the user writes them and as package managers take them. */
import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EcosystemName, type Package, type Release, ReleaseError } from './types.ts';

const PREFIXES: Readonly<Record<string, EcosystemName>> = {
  npm: 'npm',
  pypi: 'pypi',
  pip: 'pypi',
  go: 'go',
  cargo: 'cargo',
  crates: 'cargo',
  maven: 'maven',
};
const BY_EXTENSION: Readonly<Record<string, EcosystemName>> = {
  '.py': 'pypi',
  '.go': 'go',
  '.rs': 'cargo',
  '.java': 'maven',
};

interface Naming {
  readonly registry: string;
  readonly valid: RegExp;
  readonly example: string;
}

const NAMES: Readonly<Record<EcosystemName, Naming>> = {
  npm: {
    registry: 'npm package',
    valid: /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i,
    example: 'npm:@fastify/cors',
  },
  pypi: { registry: 'PyPI package', valid: /^[a-z0-9](?:[\w.-]*[a-z0-9])?$/i, example: 'pypi:flask-cors' },
  go: {
    registry: 'Go module',
    valid: /^[\w-]+(?:\.[\w-]+)+(?:\/[\w.~-]+)*$/,
    example: 'go:github.com/rs/cors',
  },
  cargo: { registry: 'crate', valid: /^[a-z][\w-]*$/i, example: 'cargo:tower-http' },
  maven: {
    registry: 'Maven artifact',
    valid: /^[\w.-]+:[\w.-]+$/,
    example: 'maven:org.springframework:spring-web',
  },
};

/** A name of an npm package, without version or subpath. */
export const isNpmName = (text: string): boolean => NAMES.npm.valid.test(text);

/**
 * Reads "npm:cors", "pypi:flask-cors", "go:github.com/rs/cors", "cargo:tower-http", "maven:GROUP:ARTIFACT".
 * @param script its extension decides if there is no prefix: .py, .go, .rs, .java, else npm
 * @throws ReleaseError if the registry is unknown, or does not have such names
 */
export function parsePackage(text: string, script: string): Package {
  const trimmed = text.trim();
  const [, prefix, rest = ''] = /^([a-z]+):(.*)$/i.exec(trimmed) ?? [null, undefined, trimmed];
  const named = prefix === undefined ? undefined : PREFIXES[prefix.toLowerCase()];
  if (prefix !== undefined && named === undefined)
    throw new ReleaseError(
      `"${text}": there is no registry "${prefix}"; write npm:, pypi:, go:, cargo: or maven:`,
    );
  const ecosystem = named ?? BY_EXTENSION[extname(script).toLowerCase()] ?? 'npm';
  const { registry, valid, example } = NAMES[ecosystem];
  if (valid.test(rest)) return { ecosystem, name: rest };
  const at = rest.lastIndexOf('@');
  const isVersioned = at > 0 && valid.test(rest.slice(0, at));
  throw new ReleaseError(
    `"${text}" is not a valid ${registry} name; ${
      isVersioned
        ? `give the version as a separate argument: ${rest.slice(0, at)} ${rest.slice(at + 1)}`
        : `for example ${example}`
    }`,
  );
}

export interface MovingPackages {
  readonly pkg: Package;
  /** Further packages of the same registry that take the same version. */
  readonly along: readonly string[];
}

/** Reads a package, or several by comma of which the first is the one compared and the others move along. */
export function parsePackages(text: string, script: string): MovingPackages {
  const [first = '', ...others] = text.split(',').filter(one => one.trim() !== '');
  const pkg = parsePackage(first, script);
  return {
    pkg,
    along: others.map(other => {
      const { ecosystem, name } = parsePackage(other, script);
      if (ecosystem === pkg.ecosystem) return name;
      throw new ReleaseError(`${other.trim()} is not of the same registry as ${first.trim()}.`);
    }),
  };
}

/** Whether a version is not a release of a registry but a folder or an archive on this machine. */
export function isPath(version: string): boolean {
  return (
    /^(?:\.{1,2}(?:$|[\\/])|[\\/~]|file:|[a-z]:[\\/])/i.test(version) ||
    /\.(?:tgz|tar\.gz|whl|zip)$/i.test(version)
  );
}

/** The absolute path that such a version means; relative ones begin where this process runs. */
export function localPath(version: string): string {
  if (/^file:\/\//i.test(version)) return fileURLToPath(version);
  return resolve(version.replace(/^file:/i, '').replace(/^~(?=[\\/]|$)/, process.env.HOME ?? '~'));
}

/** What else was installed with a release, as its package manager takes it: for the other side's `others`. */
export function pinned(release: Pick<Release, 'others'>, pkg: Package): string[] {
  return Object.entries(release.others).map(([name, version]) => {
    if (pkg.ecosystem !== 'pypi') return `${name}@${version}`;
    return /^file:|:\/\//.test(version) ? `${name} @ ${version}` : `${name}==${version}`;
  });
}
