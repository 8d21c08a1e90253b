/**
 * The script of a package's own repository imports the package by a relative path. Its release lies elsewhere: such an
 * import has to lead there, or both sides would run the same working tree.
 */
import { statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { readText } from './files.ts';
import { ReleaseError } from './types.ts';

/** Folders of a repository that are never part of the package. */
const BESIDE = /^(?:tests?|__tests__|spec|examples?|fixtures?|bench(?:marks?)?|scripts|docs|tools)$/;
/** Sources that are compiled to a package's entry. */
const ENTRY = /^(?:(?:src|lib|source)\/)?(?:index|main)\.[cm]?[jt]s$/;

export interface OwnSources {
  readonly name: string;
  readonly script: string;
  /** The root of the repository's package. */
  readonly home: string;
  /** Every file that the script imports or names. */
  readonly files: readonly string[];
}

/** The files among them that are the package's own sources. */
export function ownSources({ script, home, files }: OwnSources): string[] {
  const beside = dirname(script);
  return files.filter(file => {
    const path = relative(home, file);
    if (file === script || path.startsWith('..') || !/\.[cm]?[jt]sx?$/.test(file)) return false;
    const [first = ''] = path.split(sep);
    if (BESIDE.test(first)) return false;
    // A script that lies at the root has its helpers there as well: only the entry is known to be the package.
    return beside === home ? isEntry(path, home) : !file.startsWith(`${beside}${sep}`);
  });
}

function isEntry(path: string, home: string): boolean {
  const manifest = readText(join(home, 'package.json'));
  const posix = path.split(sep).join('/');
  return ENTRY.test(posix) || manifest.includes(`"./${posix}"`) || manifest.includes(`"${posix}"`);
}

/**
 * Replaces the copies of a package's own sources by modules that pass on the release's.
 * @param base the folder with the copies, and with the release in its node_modules
 * @param root the folder that the copies' places are relative to
 * @throws ReleaseError if the release has no such file
 */
export function redirectOwnSources(own: OwnSources, base: string, root: string): void {
  const { name, home, script } = own;
  const release = join(base, 'node_modules', name);
  for (const file of ownSources(own)) {
    const path = relative(home, file).split(sep).join('/');
    const copy = join(base, relative(root, file));
    const same = [path, path.replace(/\.([cm]?)tsx?$/, '.$1js')]
      .map(one => join(release, one))
      .find(one => statSync(one, { throwIfNoEntry: false })?.isFile());
    const target = same ?? (isEntry(path, home) ? name : undefined);
    if (target === undefined)
      throw new ReleaseError(
        `${script} imports ${path} of the working tree, which is not part of a release of ${name}: both sides would run the same code. Import '${name}' there.`,
      );
    writeFileSync(copy, passOn(copy, target, file));
  }
}

function passOn(copy: string, target: string, source: string): string {
  const from = target.includes(sep) ? relativeImport(copy, target) : target;
  const text = JSON.stringify(from);
  if (/\.c[jt]s$/.test(source) || isCommonJs(source)) return `module.exports = require(${text});\n`;
  return `import * as release from ${text};\nexport * from ${text};\nexport default release.default;\n`;
}

function relativeImport(copy: string, target: string): string {
  const path = relative(dirname(copy), target).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

function isCommonJs(source: string): boolean {
  const text = readText(source);
  return !/^\s*(?:import|export)\b/m.test(text) && /\b(?:module\.exports|exports\.|require\()/.test(text);
}
