/** The line that answers one declared origin by name, for fixes. */
import type { PolicyValues } from '../policy-values.ts';

/** @returns the line in quotes, for the first declared origin; the wildcard where that does */
export const namedOrigin = ({ origins, any, credentials }: PolicyValues): string =>
  `"Access-Control-Allow-Origin: ${any && !credentials ? '*' : (origins[0] ?? "<the request's Origin>")}"`;
