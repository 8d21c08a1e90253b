/** JSON as people write it by hand: with comments, and with a comma after the last member. */
import jsonc from 'jsonc-parser';

/** @throws SyntaxError that begins with line and column */
export function parseJson(text: string): unknown {
  const faults: jsonc.ParseError[] = [];
  const value: unknown = jsonc.parse(text, faults, { allowTrailingComma: true });
  if (faults[0] === undefined) return value;
  const at = faults[0].offset;
  const before = text.slice(0, at).split('\n');
  const found = at < text.length ? `unexpected ${JSON.stringify(text[at])}` : 'the text ends too early';
  throw new SyntaxError(
    `line ${before.length}, column ${(before.at(-1) as string).length + 1}: ${found}. In JSON, names and texts stand in double quotes, and nothing is computed: a configuration in TypeScript or JavaScript may do more (cors.config.ts, cors.config.mjs)`,
  );
}
