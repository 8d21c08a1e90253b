/** JSON as people write it by hand: with comments, and with a comma after the last member. */

/** Strings, which stay, comments, and commas before a closing bracket. */
const STRING_OR_MORE = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const STRING_OR_LAST_COMMA = /"(?:\\.|[^"\\])*"|,(?=\s*[}\]])/g;

const blank = (one: string): string => (one.startsWith('"') ? one : one.replace(/[^\n]/g, ' '));

/** @throws SyntaxError that begins with line and column */
export function parseJson(text: string): unknown {
  const bare = text.replace(STRING_OR_MORE, blank).replace(STRING_OR_LAST_COMMA, blank);
  try {
    return JSON.parse(bare);
  } catch (error) {
    const at = faultAt(bare);
    const before = bare.slice(0, at).split('\n');
    const found = at < bare.length ? `unexpected ${JSON.stringify(bare[at])}` : 'the text ends too early';
    throw new SyntaxError(
      `line ${before.length}, column ${(before.at(-1) as string).length + 1}: ${found}. In JSON, names and texts stand in double quotes, and nothing is computed: a configuration in TypeScript or JavaScript may do more (cors.config.ts, cors.config.mjs)`,
      { cause: error },
    );
  }
}

const STRING = /"(?:\\(?:["\\/bfnrt]|u[0-9a-f]{4})|[^"\\\p{Cc}])*"/iuy;
const SCALAR =
  /"(?:\\(?:["\\/bfnrt]|u[0-9a-f]{4})|[^"\\\p{Cc}])*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/iuy;

class Fault {
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }
}

/** Where a text stops being JSON: Node does not always say. */
function faultAt(text: string): number {
  try {
    return skip(text, valueEnd(text, 0));
  } catch (error) {
    if (error instanceof Fault) return error.at;
    throw error;
  }
}

type EndOf = (text: string, at: number) => number;

const skip: EndOf = (text, at) => at + (/^\s*/.exec(text.slice(at)) as RegExpExecArray)[0].length;

const valueEnd: EndOf = (text, at) => {
  const begin = skip(text, at);
  if (text[begin] === '{') return listEnd(text, begin + 1, '}', memberEnd);
  if (text[begin] === '[') return listEnd(text, begin + 1, ']', valueEnd);
  return tokenEnd(text, begin, SCALAR);
};

const memberEnd: EndOf = (text, at) => {
  const colon = skip(text, tokenEnd(text, skip(text, at), STRING));
  if (text[colon] !== ':') throw new Fault(colon);
  return valueEnd(text, colon + 1);
};

function listEnd(text: string, at: number, close: string, oneEnd: EndOf): number {
  let end = skip(text, at);
  if (text[end] === close) return end + 1;
  for (;;) {
    end = skip(text, oneEnd(text, end));
    if (text[end] === close) return end + 1;
    if (text[end] !== ',') throw new Fault(end);
    end++;
  }
}

function tokenEnd(text: string, at: number, token: RegExp): number {
  token.lastIndex = at;
  const found = token.exec(text);
  if (!found) throw new Fault(at);
  return at + found[0].length;
}
