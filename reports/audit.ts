/** An audit as text for a terminal: one table of who may do what, then what is dangerous or broken. */

import { wordList } from '../harness/case/words.ts';
import type { AccessSummary } from '../harness/policy/audit.ts';
import type { Finding } from '../harness/verdict/finding.ts';
import { openFindings } from './console-findings.ts';
import { visible } from './escape.ts';
import { findingViews } from './finding-view.ts';
import { palette, wrap } from './terminal.ts';

/** What was found at one URL. */
export interface AuditView {
  readonly url: string;
  readonly status: number | null;
  readonly access: readonly AccessSummary[];
  readonly inferred: {
    readonly policy: {
      readonly exposedHeaders?: readonly string[] | undefined;
      readonly maxAge?: number | undefined;
    };
  } | null;
  readonly remarks: readonly string[];
  readonly findings: readonly Finding[];
  /** Those that were asked to confirm; `notRun` says why one did not. */
  readonly engines: readonly { readonly name: string; readonly notRun?: string | undefined }[];
  readonly requests: number;
  readonly preflights: number;
}

export interface AuditOptions {
  readonly color?: boolean;
  /** Characters; 80 by default. */
  readonly width?: number;
  readonly verbose?: boolean;
  /** Only what is dangerous or broken, and the last sentence. */
  readonly quiet?: boolean;
}

const HEAD = ['who', 'reads', 'with cookies', 'may send beyond a plain GET'] as const;

/** @returns the text, without a line break at its end */
export function renderAudit(
  audit: AuditView,
  { color = false, width = 80, verbose = false, quiet = false }: AuditOptions = {},
): string {
  const p = palette(color);
  const rows = audit.access.map(row => cells(row));
  const widths = [0, 1, 2].map(column => Math.max(...[HEAD, ...rows].map(row => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell))
      .join('  ')
      .trimEnd();
  const found = openFindings(findingViews(audit.findings), { width, p }, verbose);
  if (quiet) return [...found, ...(found.length > 0 ? [''] : []), verdict(audit)].join('\n').trimStart();
  return [
    p.bold(`${visible(audit.url)}  (GET ${audit.status ?? 'without an answer'})`),
    '',
    p.dim(line(HEAD)),
    ...rows.map(row => line(row)),
    '',
    ...facts(audit).flatMap(fact => wrap(fact, width)),
    ...found,
    '',
    verdict(audit),
  ].join('\n');
}

function cells({ who, asked, untried, reads, withCookies, methods, headers }: AccessSummary): string[] {
  const count = (some: readonly string[]) => {
    if (untried === asked) return 'not tried';
    if (some.length === asked) return 'yes';
    if (untried > 0) return `${some.length} of ${asked - untried}, ${untried} not tried`;
    return some.length === 0 ? 'no' : `${some.length} of ${asked}`;
  };
  return [visible(who), count(reads), count(withCookies), visible([...methods, ...headers].join(', '))];
}

/** Who may not read, and yet is let through by preflights: a sentence, if there are such. */
function carriedOut(access: readonly AccessSummary[]): string[] {
  const rows = access.filter(
    ({ given, reads, methods }) => !given && reads.length === 0 && methods.length > 0,
  );
  if (rows.length === 0) return [];
  const methods = [...new Set(rows.flatMap(row => row.methods))];
  const several = methods.length > 1;
  return [
    `Where ${wordList(methods)} ${several ? 'are' : 'is'} served, pages of ${wordList(rows.map(({ who }) => who))} can have ${several ? 'them' : 'it'} carried out: their preflights are allowed. They cannot read the answers.`,
  ].map(visible);
}

/** Only what preflights allow has no answer of its own: the preflight is what is shown. */
const tellsOfPreflights = (findings: readonly Finding[]) =>
  findings.some(({ request }) => request?.method === 'OPTIONS');

function facts({ access, inferred, remarks, findings, engines, requests, preflights }: AuditView): string[] {
  const { exposedHeaders = [], maxAge } = inferred?.policy ?? {};
  return [
    ...(exposedHeaders.length > 0
      ? [`Script sees these headers too: ${visible(exposedHeaders.join(', '))}.`]
      : []),
    ...(maxAge === undefined ? [] : [`A preflight is remembered for ${maxAge} s.`]),
    ...(tellsOfPreflights(findings) ? [] : carriedOut(access)),
    ...remarks.map(visible),
    ...engines.flatMap(({ name, notRun }) =>
      notRun === undefined ? [] : [`${visible(name)} was not used: ${visible(notRun)}.`],
    ),
    `Asked with ${requests} requests and ${preflights} preflights; nothing that changes data was sent.`,
  ];
}

function verdict({ access, findings }: AuditView): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return `${errors} ${errors === 1 ? 'thing is' : 'things are'} dangerous or broken.`;
  if (findings.length > 0) return 'Nothing dangerous was found; see the remarks above.';
  if (carriedOut(access).length > 0)
    return 'Preflights of other sites are allowed (see above); nothing else is dangerous.';
  const readers = access.filter(({ reads }) => reads.length > 0);
  return readers.length === 0
    ? 'Nothing dangerous was found: no other origin that was tried may read.'
    : 'Nothing dangerous was found.';
}
