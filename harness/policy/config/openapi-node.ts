/** Values of an API description, as they are looked at. Pure. */

/** A JSON value of the description; nothing is known of its shape until it has been looked at. */
export type Node = Readonly<Record<string, unknown>>;

/** The value if it is an object, else an empty one. */
export const nodeOf = (value: unknown): Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};

/** The value if it is a list, else an empty one. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The value if it is a string. */
export const stringOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Follows local references ("#/components/…"), a few of them at most: a description may refer to itself. */
export function resolved(value: unknown, root: Node): Node {
  let node = nodeOf(value);
  for (let left = 10; left > 0; left--) {
    const reference = stringOf(node.$ref);
    if (!reference?.startsWith('#/')) return node;
    const steps = reference
      .slice(2)
      .split('/')
      .map(step => decodeURIComponent(step).replace(/~1/g, '/').replace(/~0/g, '~'));
    node = nodeOf(steps.reduce<unknown>((at, step) => nodeOf(at)[step], root));
  }
  return {};
}
