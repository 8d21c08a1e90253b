/** What changes to the model are made of. */
import { byteLowercase } from '../../harness/standard/bytes.ts';
import { type Header, type HeaderList, set } from '../../harness/standard/header-list.ts';
import { sameOrigin } from '../../harness/standard/origin.ts';
import type { FetchRequest } from '../../harness/standard/types.ts';

/** Replaces a header's value where the list has the header, and leaves the list alone where it does not. */
export function setHeader(headers: Header[], name: string, value: string): Header[] {
  const lower = byteLowercase(name);
  return headers.some(([other]) => byteLowercase(other) === lower) ? set(headers, name, value) : headers;
}

/** Changes the value of every header that is called `name`, given in lower case. */
export const changeValues = (
  headers: readonly (readonly [string, string])[],
  name: string,
  change: (value: string) => string,
): Header[] =>
  headers.map(([other, value]): Header => [other, byteLowercase(other) === name ? change(value) : value]);

/** The list without the headers called one of `names`, given in lower case. */
export const lacking = (headers: HeaderList, names: ReadonlySet<string>): Header[] =>
  headers.filter(([name]) => !names.has(byteLowercase(name)));

/** The redirect that led to this request led to another origin. */
export const leftAnOrigin = ({ urls }: FetchRequest): boolean =>
  urls.length > 1 && !sameOrigin((urls.at(-2) as URL).origin, (urls.at(-1) as URL).origin);
