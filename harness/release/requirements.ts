/** What a Python script needs, as pip takes it. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isPath, localPath } from './package.ts';

/** Distributions that are not called as the module that is imported from them. */
const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  aiohttp_cors: 'aiohttp-cors',
  attr: 'attrs',
  blacksheep_cors: 'blacksheep',
  bs4: 'beautifulsoup4',
  corsheaders: 'django-cors-headers',
  dateutil: 'python-dateutil',
  dotenv: 'python-dotenv',
  environ: 'django-environ',
  falcon_cors: 'falcon-cors',
  flask_cors: 'flask-cors',
  flask_restful: 'flask-restful',
  jwt: 'pyjwt',
  multipart: 'python-multipart',
  ninja: 'django-ninja',
  quart_cors: 'quart-cors',
  rest_framework: 'djangorestframework',
  sanic_cors: 'sanic-cors',
  sanic_ext: 'sanic-ext',
  socketio: 'python-socketio',
  starlette_cors: 'starlette-cors',
  tornado_cors: 'tornado-cors',
  yaml: 'pyyaml',
};

/** The distribution that a module is installed with. */
export const distributionOf = (module: string): string => DISTRIBUTIONS[module] ?? module;

/** A name as pip compares it. */
export const plainName = (name: string): string => name.replace(/[-_.]+/g, '-').toLowerCase();

/** The distribution that a requirement names, without extras; null for a path or a URL. */
export function requiredName(requirement: string): string | null {
  if (isPath(requirement)) return null;
  return (
    /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:$|[<>=!~;@(])/.exec(
      requirement.trim(),
    )?.[1] ?? null
  );
}

/** The same with its extras, "uvicorn[standard]", as it is pinned. */
export function pinnedName(requirement: string): string {
  return /^[\w.-]+\s*(?:\[[^\]]*\])?/.exec(requirement.trim())?.[0].replace(/\s+/g, '') ?? requirement;
}

/**
 * The requirements of a requirements.txt and of those that it includes. Options and editable projects are left out:
 * pip's own settings say which index is used, and a project in the making is not what the script needs.
 */
export function readRequirements(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const lines = readFileSync(file, 'utf8')
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/);
  return lines.flatMap(raw => {
    const line = raw
      .replace(/(?:^|\s)#.*$/, '')
      .replace(/\s--\S.*$/, '')
      .trim();
    const [, included] = /^(?:-r|--requirement)[\s=]*(.+)$/.exec(line) ?? [];
    if (included) return readRequirements(resolve(dirname(file), included), seen);
    if (line === '' || line.startsWith('-')) return [];
    return isPath(line) ? [resolve(dirname(file), line.replace(/^file:(?:\/\/)?/, ''))] : [line];
  });
}

/**
 * What to install with the release: what the script needs, with what the user asked for in its place.
 * @param name the package whose releases are compared
 * @param needed from requirements.txt or from the imports
 * @param asked from the user
 */
export function chooseRequirements(
  name: string,
  needed: readonly string[],
  asked: readonly string[],
): string[] {
  const key = (requirement: string) => plainName(requiredName(requirement) ?? requirement);
  const chosen = new Map<string, string>();
  for (const one of [...needed, ...asked]) chosen.set(key(one), isPath(one) ? localPath(one) : one);
  chosen.delete(plainName(name));
  return [...chosen.values()];
}

/**
 * The extras with which a package is needed, of all that name it.
 * @returns "[flask,uvicorn]", or empty
 */
export function extrasOf(name: string, requirements: readonly string[]): string {
  const extras = requirements
    .filter(one => plainName(requiredName(one) ?? '') === plainName(name))
    .flatMap(one => /\[([^\]]*)\]/.exec(one)?.[1]?.split(',') ?? [])
    .map(one => one.trim());
  return extras.length > 0 ? `[${[...new Set(extras)].join(',')}]` : '';
}

/** The lines by which pip says what is wrong, the most telling first. */
const DECISIVE = [
  /No matching distribution found for .*$/,
  /Cannot install .* because these package versions have conflicting dependencies\.?$/,
  /is not a supported wheel on this platform.*$/,
  /requires a different Python: .*$/i,
  /Failed (?:to build|building wheel for) .*$/i,
  /Invalid requirement: .*$/,
];

/**
 * Finds in pip's error output what went wrong.
 * @returns one or two sentences
 */
export function pipTrouble(stderr: string, name: string): string {
  const lines = stderr
    .split(/\r?\n/)
    .map(line => line.replace(/^(?:\s|[×╰─>│]|ERROR: |error: )+/, '').trim());
  const line =
    DECISIVE.map(pattern => lines.find(one => pattern.test(one))).find(one => one !== undefined) ??
    lines.findLast(one => one !== '' && !/^(?:\[?notice|WARNING|note:|hint:)/i.test(one)) ??
    'it says nothing';
  const text = `${line.replace(/\.$/, '')}.`;
  if (/Connection|Temporary failure|Max retries|Could not connect/i.test(stderr) && /No matching/.test(line))
    return `${text} The index cannot be reached: check the network and pip's settings.`;
  if (/from versions: none/.test(stderr))
    return `${text} The index does not know ${name} for this Python, or cannot be reached.`;
  if (/^No matching distribution/.test(line))
    return `${text} See the versions for this Python with: python3 -m pip index versions ${name}`;
  if (/conflicting|requires a different|build/i.test(line))
    return `${text} Choose the other packages with --with, for example --with flask==2.2.5; an old release may need an older Python.`;
  return text;
}
