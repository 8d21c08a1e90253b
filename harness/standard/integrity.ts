/** Subresource Integrity, "Do bytes match metadataList?", as main fetch uses it. */
import { NotModelled, type UserAgent } from './fetching.ts';
import type { FilteredResponse } from './response.ts';
import type { Trace } from './trace.ts';

const ALGORITHMS = ['sha256', 'sha384', 'sha512'] as const;
type Algorithm = (typeof ALGORITHMS)[number];

const ITEM = /^(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?:\?.*)?$/;

/**
 * Whether the body matches the metadata. An empty body is none: with metadata, that is a failure.
 *
 * @throws {NotModelled} where a digest is needed and the user agent has none, or the body never ends
 */
export function integrityHolds(
  metadata: string,
  response: FilteredResponse,
  agent: UserAgent,
  trace: Trace,
): boolean {
  if (metadata === '') return true;
  const items = parse(metadata);
  const { integrityOfNoBody } = agent.quirks;
  const given = response.body;
  const body = given === null && integrityOfNoBody ? integrityOfNoBody(given, response) : given;
  if (body === null || response.bodyEnd === 'cut') return fail(trace, 'there is no whole body to check');
  if (items.length === 0) return true;
  if (response.bodyEnd === 'hang') throw new NotModelled('integrity of a body that never ends');
  const { digest } = agent.options;
  if (!digest) throw new NotModelled('Subresource Integrity without a digest function');
  const strongest = items.reduce((best, { algorithm }) => Math.max(best, ALGORITHMS.indexOf(algorithm)), 0);
  const algorithm = ALGORITHMS[strongest] as Algorithm;
  const actual = digest(algorithm, body);
  const matches = items.some(item => item.algorithm === algorithm && item.value === actual);
  return matches || fail(trace, 'the digest differs');
}

function fail(trace: Trace, why: string): false {
  trace.stop('integrity', why);
  return false;
}

function parse(metadata: string): { algorithm: Algorithm; value: string }[] {
  return metadata.split(/[\t\n\f\r ]+/).flatMap(text => {
    const match = ITEM.exec(text);
    if (!match) return [];
    const value = (match[2] as string).replaceAll('-', '+').replaceAll('_', '/');
    return [{ algorithm: match[1] as Algorithm, value }];
  });
}
