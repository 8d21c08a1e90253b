/** The line that answers one declared origin by name, for fixes. */
import type { PolicyValues } from '../policy-values.ts';

/** The lines of an answer to a declared origin. @returns each in quotes, as namedOrigin() gives the first */
export const namedLines = (values: PolicyValues): string =>
  values.credentials
    ? `${namedOrigin(values)} and "Access-Control-Allow-Credentials: true"`
    : namedOrigin(values);

/** @returns the line in quotes, for the first declared origin; the wildcard where that does */
export const namedOrigin = ({ origins, any, credentials }: PolicyValues): string =>
  `"Access-Control-Allow-Origin: ${any && !credentials ? '*' : (origins[0] ?? "<the request's Origin>")}"`;
