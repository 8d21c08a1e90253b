/** The page docs/configuration.md: every setting of a configuration, made from its schema. */
import { configJsonSchema } from '../policy/config/schema.ts';
import type { DocPages } from './pages.ts';

/** A JSON Schema, as far as it is looked at here. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** @returns the page, by its path */
export function configurationPage(): DocPages {
  const rows = rowsOf('', configJsonSchema() as Schema, new Set());
  return {
    'docs/configuration.md': [
      '# The configuration of verify',
      '',
      '`npx cors-conformance init` writes one. It is found as `cors.config.ts`, `.mts`, `.js`, `.mjs`, `.cjs` or `.json`; in JSON,',
      '`"$schema"` gives editors this reference. A name that is not here is an error.',
      '',
      '| setting | type | default | meaning |',
      '| ------- | ---- | ------- | ------- |',
      ...rows,
      '',
    ].join('\n'),
  };
}

/** @param oneOf the schema is one of several forms: what it needs, the others do not */
function rowsOf(path: string, schema: Schema, seen: Set<string>, oneOf = false): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, own]) => {
    if (name === '$schema') return [];
    const at = path === '' ? name : `${path}.${name}`;
    if (seen.has(at)) return [];
    seen.add(at);
    const needed = !oneOf && schema.required?.includes(name) && own.default === undefined;
    const missing = needed ? '**needed**' : '';
    const fallback = own.default === undefined ? missing : code(JSON.stringify(own.default));
    const row = `| ${code(at)} | ${typeOf(own)} | ${fallback} | ${cell(own.description ?? '')} |`;
    return [
      row,
      ...nested(own).flatMap(([suffix, inner]) =>
        rowsOf(`${at}${suffix}`, inner, seen, own.anyOf !== undefined),
      ),
    ];
  });
}

/** The objects that a setting may hold, and how their settings are written. */
function nested(schema: Schema): [suffix: string, inner: Schema][] {
  const variants = schema.anyOf ?? [schema];
  return variants.flatMap((variant): [string, Schema][] => {
    if (variant.properties) return [['', variant]];
    if (variant.items) return nested(variant.items).map(([suffix, inner]) => [`[]${suffix}`, inner]);
    return [];
  });
}

function typeOf(schema: Schema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum)
    return schema.enum.length > 8
      ? 'one of several names'
      : schema.enum.map(value => code(JSON.stringify(value))).join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  const type = [schema.type ?? 'anything'].flat().join(' or ');
  if (type !== 'object' || schema.properties) return type;
  return typeof schema.additionalProperties === 'object'
    ? `names with ${typeOf(schema.additionalProperties)} each`
    : type;
}

/** Pipes end a cell, wherever they stand. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${cell(text)}\``;
