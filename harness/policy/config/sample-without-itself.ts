/**
 * Samples of schemas that refer to themselves. A sampler has to stop somewhere, and leaves an empty object there, which
 * the schema does not allow. Pure.
 */
import { listOf, type Node, nodeOf, resolved, stringOf } from './openapi-node.ts';

/**
 * @param value a sample of the schema
 * @param root the document that references are looked up in
 * @returns the sample without optional members that hold what they are part of, and with empty lists for required ones
 */
export function withoutItself(value: unknown, schema: unknown, root: Node): unknown {
  return without(value, schema, { root, above: [] });
}

interface Place {
  readonly root: Node;
  /** The references that led here. */
  readonly above: readonly string[];
}

function without(value: unknown, schema: unknown, { root, above }: Place): unknown {
  const own = stringOf(nodeOf(schema).$ref);
  const node = resolved(schema, root);
  const place = { root, above: own === undefined ? above : [...above, own] };
  if (Array.isArray(value)) return value.map(one => without(one, node.items, place));
  if (typeof value !== 'object' || value === null) return value;
  const parts = [node, ...listOf(node.allOf).map(part => resolved(part, root))];
  const inherited = listOf(node.allOf).flatMap(part => stringOf(nodeOf(part).$ref) ?? []);
  const within = { root, above: [...place.above, ...inherited] };
  const required = new Set(parts.flatMap(part => listOf(part.required)));
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const described = parts.map(({ properties }) => nodeOf(properties)[name]).find(one => one !== undefined);
    if (!isOneOf(described, within)) return [[name, without(member, described, within)]];
    if (!required.has(name)) return [];
    return [[name, Array.isArray(member) ? [] : member]];
  });
  return Object.fromEntries(members);
}

/** Whether a member is, or lists, what it is part of. */
function isOneOf(schema: unknown, { root, above }: Place): boolean {
  const references = [schema, resolved(schema, root).items].flatMap(one => stringOf(nodeOf(one).$ref) ?? []);
  return references.some(reference => above.includes(reference));
}
