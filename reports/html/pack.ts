/**
 * A compact JSON form for values with many equal parts, such as the header lines of a thousand exchanges: every
 * distinct part is stored once and referred to by its index, every set of member names once as a shape.
 */

/** A string, number, boolean or null as it is; [-1, …parts] for an array; [shape, …parts] for an object. */
type Node = string | number | boolean | null | readonly number[];

export interface Packed {
  readonly shapes: readonly (readonly string[])[];
  readonly nodes: readonly Node[];
  /** Name of each packed value, and the index of its node. */
  readonly roots: readonly (readonly [name: string, node: number])[];
}

const ARRAY = -1;

/** @param values JSON values by name; what JSON leaves out (undefined, functions) is left out here too */
export function pack(values: Iterable<readonly [name: string, value: unknown]>): Packed {
  const shapes: string[][] = [];
  const nodes: Node[] = [];
  const shapeIndex = new Map<string, number>();
  const plain = new Map<Node, number>();
  const lists = new Map<string, number>();

  const intern = <Key>(index: Map<Key, number>, key: Key, node: Node): number => {
    const known = index.get(key);
    if (known !== undefined) return known;
    index.set(key, nodes.length);
    return nodes.push(node) - 1;
  };
  const scalar = (value: string | number | boolean | null) => intern(plain, value, value);
  const list = (parts: readonly number[]) => intern(lists, parts.join(), parts);
  const shapeOf = (names: string[]): number => {
    const key = JSON.stringify(names);
    const known = shapeIndex.get(key);
    if (known !== undefined) return known;
    shapeIndex.set(key, shapes.length);
    return shapes.push(names) - 1;
  };
  const add = (value: unknown): number => {
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return scalar(value);
    if (typeof value === 'number') return scalar(Number.isFinite(value) ? value : null);
    if (Array.isArray(value)) return list([ARRAY, ...value.map(item => add(item ?? null))]);
    if (typeof value !== 'object') return scalar(null);
    const members = Object.entries(value).filter(
      ([, item]) => item !== undefined && typeof item !== 'function',
    );
    return list([shapeOf(members.map(([name]) => name)), ...members.map(([, item]) => add(item))]);
  };

  const roots = [...values].map(([name, value]) => [name, add(value)] as const);
  return { shapes, nodes, roots };
}

/** Reads packed values one by one; equal parts come out as one shared object, so nothing of it may be changed. */
export function unpacker(packed: Packed): (name: string) => unknown {
  const roots = new Map(packed.roots);
  const made = new Map<number, unknown>();
  const read = (index: number): unknown => {
    const node = packed.nodes[index];
    if (!Array.isArray(node)) return node;
    if (made.has(index)) return made.get(index);
    const [shape = ARRAY, ...parts] = node as readonly number[];
    const names = packed.shapes[shape];
    const value = names
      ? Object.fromEntries(names.map((name, n) => [name, read(parts[n] ?? -1)]))
      : parts.map(read);
    made.set(index, value);
    return value;
  };
  return name => {
    const root = roots.get(name);
    return root === undefined ? undefined : read(root);
  };
}
