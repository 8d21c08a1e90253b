/** Words that findings are told in: places, lists, and which header lines of an answer decide. */
import { wordList } from '../../case/words.ts';
import type { Concept, Told } from '../checks/check.ts';

/** What a headline can say where little is known. @param known the rest is empty: no credentials, one place or none */
export const toldOnly = (known: Partial<Told>): Told => ({
  where: '',
  plural: false,
  carriedOut: '',
  names: '',
  several: false,
  how: '',
  origin: '',
  credentials: false,
  ...known,
});

/** More methods than these are counted, not named. */
const MOST_METHODS = 4;

/** Places in a few words: "GET and PUT /items", "/items and /users", "/items and 2 more". */
export function whereOf(places: readonly string[]): string {
  const [first = '', second, ...more] = places;
  if (second === undefined) return first;
  const parts = places.map(place => /^([A-Z]+) (\/.*)$/.exec(place));
  const paths = new Set(parts.map(part => part?.[2]));
  if (paths.size === 1 && parts[0] && places.length <= MOST_METHODS)
    return `${wordList(parts.map(part => part?.[1] ?? ''))} ${parts[0][2]}`;
  return more.length === 0 ? `${first} and ${second}` : `${first} and ${more.length + 1} more`;
}

/** "nothing was served for GET and PUT /items". */
export const neverServed = (places: readonly string[]): string => `nothing was served for ${whereOf(places)}`;

const ORIGIN = 'Access-Control-Allow-Origin';
const CREDENTIALS = 'Access-Control-Allow-Credentials';

const DECIDES: Readonly<Partial<Record<Concept, readonly string[]>>> = {
  origins: [ORIGIN],
  credentials: [ORIGIN, CREDENTIALS],
  methods: ['Access-Control-Allow-Methods'],
  headers: ['Access-Control-Allow-Headers'],
  expose: ['Access-Control-Expose-Headers'],
  'max-age': ['Access-Control-Max-Age'],
  vary: [ORIGIN, 'Vary'],
  'every-time': [ORIGIN],
  errors: [ORIGIN],
  conditional: [ORIGIN],
  'private-network': ['Access-Control-Allow-Private-Network'],
};

/**
 * The names of the header lines that decide, whether or not an answer has them; none where all of it does.
 * @param credentials the request included them
 */
export function decidingNames(concept: Concept, credentials: boolean): readonly string[] {
  const names = DECIDES[concept] ?? [];
  return credentials && (concept === 'origins' || concept === 'every-time') ? [...names, CREDENTIALS] : names;
}
