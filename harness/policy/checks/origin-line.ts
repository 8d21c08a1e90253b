/** The line that answers one declared origin by name, for fixes. */
import type { PolicyValues } from '../policy-values.ts';

/** @returns the line in quotes, for the first declared origin */
export const namedOrigin = ({ origins }: PolicyValues): string =>
  `"Access-Control-Allow-Origin: ${origins[0] ?? "<the request's Origin>"}"`;
