/** What a server script says of itself: the origins and paths that it names, so that nobody has to repeat them. */
import { isPageOrigin } from '../policy/origins.ts';

export interface Hints {
  /** Origins, concrete: a wildcard's place is taken by a label. In the order in which they stand there. */
  readonly origins: readonly string[];
  readonly paths: readonly string[];
}

/** Two listed origins show whether one is told from the other; more only take time. */
const MOST_ORIGINS = 2;
const MOST_PATHS = 3;

const COMMENTS = /\/\*[\s\S]*?\*\/|(?:^|\s)\/\/[^\n]*|(?:^|\s)#[^\n]*/g;
const ORIGIN = /["'`](https?:\/\/[A-Za-z0-9.*-]+(?::\d+)?)\/?["'`]/g;
/** A host name as regular expressions write it: every dot escaped. */
const ESCAPED_HOST = /(\\\.)?((?:[A-Za-z0-9-]+\\\.)+[A-Za-z][A-Za-z0-9-]+)/g;
const PATH = /["'`](\/[A-Za-z0-9._~%-][A-Za-z0-9._~%/-]*)["'`]/g;

const firstFew = (found: readonly string[], most: number): string[] => [...new Set(found)].slice(0, most);

/** @param source the text of a script in any language; comments are left out */
export function hintsOf(source: string): Hints {
  const code = source.replace(COMMENTS, ' ');
  const written = [...code.matchAll(ORIGIN)].map(([, origin = '']) =>
    origin.replace(/\*+/g, 'any').toLowerCase(),
  );
  const escaped = [...code.matchAll(ESCAPED_HOST)].map(
    ([, below, host = '']) => `https://${below ? 'any.' : ''}${host.replaceAll('\\.', '.').toLowerCase()}`,
  );
  const paths = [...code.matchAll(PATH)].map(([, path = '']) => path);
  return {
    origins: firstFew([...written, ...escaped].filter(isPageOrigin), MOST_ORIGINS),
    paths: firstFew(paths, MOST_PATHS),
  };
}
