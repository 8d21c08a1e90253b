/** What the search for a release of Chromium found, as text: how a case came out before and since, with the bytes. */

import { wordList } from '../harness/case/words.ts';
import type { Result } from '../harness/verdict/record.ts';
import { visible } from './escape.ts';

/** The two releases side by side. */
export interface EngineBisectionView {
  readonly last: string;
  readonly first: string;
  readonly skipped: readonly { readonly version: string; readonly reason: string }[];
  readonly before: Result;
  readonly after: Result;
  readonly tries: number;
}

/** @returns the text; it ends with a line break */
export function renderEngineBisection(found: EngineBisectionView, caseId: string): string {
  const { last, first, before, after, skipped, tries } = found;
  return [
    `${visible(caseId)}: ${visible(before.case.title)}`,
    '',
    ...side(`chromium@${last}`, before),
    '',
    ...side(`chromium@${first}`, after),
    '',
    ...skipped.map(({ version, reason }) => `not tried: chromium@${version}: ${visible(reason)}`),
    ...missing(found),
    `Chromium ${first} is the first release in which it comes out so; ${last} is the last before it. ${tries} releases tried.`,
    '',
  ].join('\n');
}

const majorOf = (version: string): number => Number.parseInt(version, 10);

/** The releases between the two that cannot be had: it may have been one of them. */
function missing({ last, first, skipped }: EngineBisectionView): string[] {
  const between = Array.from(
    { length: Math.max(0, majorOf(first) - majorOf(last) - 1) },
    (_, i) => majorOf(last) + 1 + i,
  ).filter(major => !skipped.some(({ version }) => majorOf(version) === major));
  return between.length > 0 ? [`not to be had: Chromium ${wordList(between.map(String))}`] : [];
}

function side(name: string, { checks, exchanges }: Result): string[] {
  const wrong = checks.filter(({ ok }) => !ok);
  return [
    name,
    ...(wrong.length === 0
      ? ['  as the Standard says']
      : wrong.map(
          ({ id, expected, observed }) => `  ${id}: ${visible(`${observed}, the Standard says ${expected}`)}`,
        )),
    ...exchanges.flatMap(({ request, response }) => [
      `  > ${visible(`${request.method} ${request.url}`)}`,
      ...request.headers.map(([header, value]) => `  > ${visible(`${header}: ${value}`)}`),
      `  < ${response === null ? 'no answer' : response.status}`,
      ...(response?.headers ?? []).map(([header, value]) => `  < ${visible(`${header}: ${value}`)}`),
    ]),
  ];
}
