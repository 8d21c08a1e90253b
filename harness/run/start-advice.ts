/** What to do about a script that does not start, told by what it wrote. */
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
    pattern: /No module named '?(\w+)/,
    advice: ([, name = '']) => `It needs the Python module ${name}: add its package with --with ${name}.`,
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
