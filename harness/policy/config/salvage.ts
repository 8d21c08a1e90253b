/**
 * What can be said of the sense of a configuration whose shape is wrong, so that one run tells everything: the faulty
 * parts are replaced by ones that are right, and what does not follow from them is held against the rules all the same.
 */
import type { Issue } from './issue.ts';
import { lint } from './lint.ts';
import { configSchema } from './schema.ts';
import { pathText, type ShapeFault, shapeFaults } from './shape.ts';

/** In place of what must be there. */
const REQUIRED: Readonly<Record<string, unknown>> = {
  target: { url: 'http://localhost' },
  policy: { origins: 'https://app.example', resources: [{ path: '/' }] },
  origins: 'https://app.example',
  resources: [{ path: '/' }],
  path: '/',
  regex: '.*',
  examples: ['https://app.example'],
};

/** In place of an element, by the name of its list. */
const ELEMENTS: Readonly<Record<string, unknown>> = {
  origins: 'https://app.example',
  examples: 'https://app.example',
  methods: 'GET',
  requestHeaders: 'x-a',
  exposedHeaders: 'x-a',
  resources: { path: '/' },
  errors: '/',
  command: 'a',
  passEnv: 'A',
};

/** Rules at a place that would be broken only because one of these fields is left out; a path, or a field in it. */
const FOLLOWS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^target$/, ['command', 'module', 'url']],
  [/^target\.url$/, ['command', 'module']],
  [/^policy\.resources\[\d+\]$/, ['name', 'path']],
  [/\.cookies$/, ['credentials']],
  [/\.headers\./, ['requestHeaders']],
  [/\.body$/, ['requestHeaders', 'contentType']],
  [/\.status\./, ['methods']],
];

/** A hole may show what was hidden behind it: a missing field, another branch. */
const ROUNDS = 4;

/**
 * The errors of sense of a value whose shape is wrong.
 * @param faults what is wrong with its shape: neither that nor what follows from it is said again
 */
export function lintSalvaged(value: unknown, faults: readonly ShapeFault[]): Issue[] {
  const copy = copyOf(value);
  const replaced: ShapeFault[] = [];
  let now = faults;
  for (let round = 0; round < ROUNDS; round++) {
    if (!now.every(fault => mend(copy, fault))) return [];
    replaced.push(...now);
    const parsed = configSchema.safeParse(copy);
    if (parsed.success)
      return lint(parsed.data).filter(issue => isError(issue) && !isTouched(issue, replaced));
    now = shapeFaults(parsed.error.issues);
  }
  return [];
}

const isError = ({ severity }: Issue): boolean => severity === 'error';

/** What cannot be copied, such as a function in it, is nothing that could be looked at. */
function copyOf(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return undefined;
  }
}

/** Takes a fault out of a value. @returns false if there is nothing to take its place */
function mend(value: unknown, { path, unknown }: ShapeFault): boolean {
  const holder = at(value, unknown.length > 0 ? path : path.slice(0, -1));
  if (typeof holder !== 'object' || holder === null) return false;
  for (const { key } of unknown) delete (holder as Record<string, unknown>)[key];
  const last = path.at(-1);
  if (unknown.length > 0 || last === undefined) return unknown.length > 0;
  const list = path.findLast(key => typeof key === 'string');
  if (!Array.isArray(holder) && Object.hasOwn(holder, last)) return Reflect.deleteProperty(holder, last);
  const instead = (Array.isArray(holder) ? ELEMENTS : REQUIRED)[String(list)];
  return instead !== undefined && Reflect.set(holder, last, structuredClone(instead));
}

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);

/** Whether an issue is about something that was replaced, or follows from it. */
function isTouched(issue: Issue, replaced: readonly ShapeFault[]): boolean {
  const names = new Set(
    replaced.flatMap(({ path, unknown }) => [
      ...(unknown.length > 0 ? [] : path.slice(-2)),
      ...unknown.flatMap(({ meant }) => meant ?? []),
    ]),
  );
  const follows = FOLLOWS.some(
    ([place, fields]) => place.test(issue.path) && fields.some(field => names.has(field)),
  );
  const inside = replaced.some(
    ({ path, unknown }) => unknown.length === 0 && isWithin(issue.path, pathText(path)),
  );
  return follows || inside;
}

const isWithin = (place: string, outer: string): boolean =>
  place === outer || place.startsWith(`${outer}.`) || place.startsWith(`${outer}[`);
