/** What to do about a script that does not start, told by what it wrote. */
import { distributionOf, plainName } from '../release/requirements.ts';
import type { Package } from '../release/types.ts';

interface Cause {
  readonly pattern: RegExp;
  readonly advice: (found: RegExpExecArray, pkg: Package) => string;
}

const LISTEN: Readonly<Record<Package['ecosystem'], string>> = {
  npm: 'The script has to export its app, or to listen on the port in the variable PORT.',
  pypi: 'The script has to define its app, or to listen on the port in the variable PORT or its first argument.',
  go: 'The program has to listen on the port in the variable PORT or its first argument.',
  cargo: 'The program has to listen on the port in the variable PORT or its first argument.',
  maven:
    'The program has to listen on the port in the variable PORT or SERVER_PORT, the property server.port, or its first argument.',
};

const own = (name: string, { name: pkg }: Package): boolean => name === pkg || name.startsWith(`${pkg}/`);

const isOf = (module: string, distribution: string): boolean =>
  plainName(distributionOf(module)) === plainName(distribution);

/** What is missing from a Python module that is there. */
function importAdvice(
  { name, module, file }: { readonly name: string; readonly module: string; readonly file: string },
  pkg: Package,
): string {
  if (isOf(module, pkg.name))
    return `This release of ${pkg.name} has no ${name}: the script needs another one.`;
  if (/site-packages/.test(file)) {
    const distribution = distributionOf(module);
    return `It needs another release of ${distribution}: choose one with --with '${distribution}==VERSION'.`;
  }
  return /[\\/]lib[\\/]python|[\\/]Lib[\\/]/.test(file)
    ? `It needs an older Python, whose ${module} has ${name}.`
    : '';
}

/** The most telling first. */
const CAUSES: readonly Cause[] = [
  {
    pattern:
      /Cannot find (?:module|package) '[^']*[\\/]node_modules[\\/]((?:@[^\\/']+[\\/])?[^\\/']+)[\\/][^']*'/,
    advice: ([, name = ''], pkg) =>
      own(name.replace('\\', '/'), pkg)
        ? `${pkg.name} is incomplete: it was not built before it was packed. Build it first.`
        : `${name} is incomplete; choose another release of it with --with ${name}@VERSION.`,
  },
  {
    pattern: /Cannot find (?:module|package) '((?:@[^/']+\/)?[^./'][^/']*)[^']*'/,
    advice: ([, name = '']) => `It needs the package ${name}: add it with --with ${name}.`,
  },
  {
    pattern: /Please install (\w[\w.-]*) using the '(\w+)' extra/,
    advice: ([, name = '', extra = '']) => `It needs ${name} with an extra: add --with '${name}[${extra}]'.`,
  },
  {
    pattern: /No module named '?pkg_resources/,
    advice: () =>
      "It needs pkg_resources, which newer releases of setuptools lack: add --with 'setuptools<81'.",
  },
  {
    pattern: /No module named '?(?:asynchat|asyncore|cgi|distutils|imp|smtpd)\b/,
    advice: () => 'It needs an older Python, which still had that module.',
  },
  {
    pattern: /No module named '?(\w+)/,
    advice: ([, name = '']) =>
      `It needs the Python module ${name}: add its package with --with ${distributionOf(name)}.`,
  },
  {
    pattern: /cannot import name '(\w+)' from (?:partially initialized module )?'(\w+)[\w.]*' \((.*)\)/,
    advice: ([, name = '', module = '', file = ''], pkg) => importAdvice({ name, module, file }, pkg),
  },
  {
    // The last file of the traceback.
    pattern:
      /File "[^"]*site-packages[\\/](\w+)[^"]*", line \d+(?:(?!\n\s*File ")[\s\S])*?\n\s*(?:TypeError|AttributeError|NameError): /,
    advice: ([, module = ''], { name }) =>
      isOf(module, name)
        ? `The error is in ${name} itself: it may need an older release of another package. Choose one with --with NAME==VERSION, or an older Python.`
        : '',
  },
  {
    pattern:
      /Cannot find module '(\.[^']*)'|ENOENT: no such file or directory, \w+ '([^']*)'|FileNotFoundError.*'([^']*)'/,
    advice: found =>
      `It needs the file ${found.slice(1).find(one => one !== undefined)}: put it beside the script, or name it there by a literal path.`,
  },
  {
    pattern: /expected '([^']+)' (\w+) version/,
    advice: ([, version = '', name = '']) =>
      `It needs another ${name}: choose it with --with ${name}@${version.replace(/[\^~<>= x.*]+$/g, '').replace(/^[\^~<>= ]+/, '')}.`,
  },
  {
    pattern: /EADDRINUSE|[Aa]ddress already in use/,
    advice: (_, pkg) => `It listens on a port that is taken. ${LISTEN[pkg.ecosystem]}`,
  },
  {
    pattern: /is not ready after|not on PORT|listen on process\.env\.PORT|serves no requests/,
    advice: (_, pkg) => LISTEN[pkg.ecosystem],
  },
];

/**
 * @param message the error, with the server's last output
 * @returns a sentence; empty if the error says it all
 */
export function startAdvice(message: string, pkg: Package): string {
  for (const { pattern, advice } of CAUSES) {
    const found = pattern.exec(message);
    if (found) return advice(found, pkg);
  }
  return '';
}
