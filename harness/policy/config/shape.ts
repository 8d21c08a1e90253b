/** What is wrong with the shape of a configuration, in words. */
import { z } from 'zod';
import { closest } from '../../case/closest.ts';
import { configSchema } from './schema.ts';

/** What zod says of a value. */
export interface ZodIssueLike {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly errors?: readonly (readonly ZodIssueLike[])[];
  readonly keys?: readonly string[];
}

/** One fault of the shape. */
export interface ShapeFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Keys that are not known there, each with the field that was probably meant, or with the place where it is known. */
  readonly unknown: readonly UnknownKey[];
}

interface UnknownKey {
  readonly key: string;
  readonly meant?: string;
  readonly belongs?: string;
}

/** Where a value stands, for example policy.resources[1].methods[0]. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );

/**
 * The faults that zod found, one at a place; a misspelt name first: what is missing for that reason follows from it.
 */
export function shapeFaults(issues: readonly ZodIssueLike[]): ShapeFault[] {
  const byPlace = new Map<string, ShapeFault>();
  for (const fault of issues.map(issue => faultOf(issue))) {
    const place = pathText(fault.path);
    if (!byPlace.has(place)) byPlace.set(place, fault);
  }
  return [...byPlace.values()].sort((a, b) => Number(b.unknown.length > 0) - Number(a.unknown.length > 0));
}

/** A union's own message says nothing; the branch that came furthest says what is wrong. */
function faultOf(issue: ZodIssueLike, prefix: readonly PropertyKey[] = []): ShapeFault {
  const path = [...prefix, ...issue.path];
  const branches = (issue.errors ?? []).filter(branch => branch.length > 0);
  const furthest = branches.reduce<ZodIssueLike | undefined>((best, branch) => {
    const first = branch[0] as ZodIssueLike;
    return !best || first.path.length > best.path.length ? first : best;
  }, undefined);
  if (furthest) return faultOf(furthest, path);
  if (issue.code !== 'unrecognized_keys' || !issue.keys)
    return { path, message: `${issue.message}.`, unknown: [] };
  const unknown = issue.keys.map(unknownKey);
  return { path, message: unknown.map(toldOf).join(' '), unknown };
}

function unknownKey(key: string): UnknownKey {
  const fields = fieldPlaces();
  const belongs = fields.get(key);
  if (belongs !== undefined) return { key, belongs };
  const meant = closest(key, [...fields.keys()]);
  return { key, ...(meant !== undefined && { meant }) };
}

function toldOf({ key, meant, belongs }: UnknownKey): string {
  if (belongs !== undefined)
    return `"${key}" is not known here; it belongs ${belongs === '' ? 'to the configuration itself' : `in ${belongs}`}.`;
  return `"${key}" is not known here. ${meant ? `Did you mean ${meant}?` : 'Leave it out.'}`;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

let knownPlaces: ReadonlyMap<string, string> | undefined;

/** All fields of a configuration by their names, each with the place where it stands first: "" for the top. */
function fieldPlaces(): ReadonlyMap<string, string> {
  knownPlaces ??= placesInSchema();
  return knownPlaces;
}

function placesInSchema(): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  const look = ({ properties = {}, items, anyOf, oneOf, allOf }: JsonSchema, at: string): void => {
    for (const name of Object.keys(properties)) if (!places.has(name)) places.set(name, at);
    for (const [name, one] of Object.entries(properties)) look(one, at === '' ? name : `${at}.${name}`);
    if (items) look(items, `${at}[]`);
    for (const one of [anyOf, oneOf, allOf].flatMap(all => all ?? [])) look(one, at);
  };
  look(z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema, '');
  return places;
}
