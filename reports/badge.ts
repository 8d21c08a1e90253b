/** A small SVG badge: how many cases are as expected, or what was found about a server. */

import { incompletenessOf } from '../harness/verdict/completeness.ts';
import type { Finding } from '../harness/verdict/finding.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import { xmlText } from './escape.ts';
import { countFindings } from './finding-view.ts';
import { suitesOf } from './rows.ts';
import { isUnexpected, statusOf } from './status.ts';
import { summaryOf } from './summary.ts';
import { count } from './words.ts';

const COLOURS = {
  good: '#2c7a4b',
  warning: '#8a5a00',
  bad: '#b3261e',
  trouble: '#8a5a00',
  empty: '#6b7279',
} as const;

// Verdana at 11 px, the average advance; good to a pixel or two for such short texts.
const width = (text: string): number => Math.round(text.length * 6.6) + 12;

/** "2 errors", "1 warning", "45 checks kept", "40 of 45 checks kept". */
function verifyText(record: RunRecord, findings: readonly Finding[]): string {
  const { tone } = summaryOf(record);
  const { error, warning } = countFindings(findings);
  if (tone === 'empty') return 'nothing tried';
  if (error > 0) return count(error, 'error');
  if (record.stale?.length) return 'stale baseline';
  if (tone === 'trouble') return 'incomplete';
  if (warning > 0) return count(warning, 'warning');
  const checks = record.checks ?? [];
  const broken = checks.filter(({ state }) => state === 'broken').length;
  const kept = checks.filter(({ state }) => state === 'kept').length;
  if (checks.length === 0) return 'as declared';
  if (broken === 0 && kept === checks.length) return `${count(kept, 'check')} kept`;
  return `${kept} of ${count(checks.length, 'check')} kept`;
}

/** A case counts once, and only if every engine that judged it found it as expected. */
export function badgeText(record: RunRecord): string {
  if (record.findings) return verifyText(record, record.findings);
  const judged = suitesOf(record)
    .flatMap(suite => suite.rows)
    .map(row =>
      [...row.results.values()]
        .map(statusOf)
        .filter(status => status !== 'not-run' && status !== 'not-applicable'),
    )
    .filter(statuses => statuses.length > 0);
  const good = judged.filter(
    statuses => !statuses.some(status => isUnexpected(status) || status === 'unlisted'),
  ).length;
  const unlisted = judged.filter(
    statuses => statuses.includes('unlisted') && !statuses.some(isUnexpected),
  ).length;
  if (judged.length === 0) return 'not run';
  return `${good}/${judged.length} as expected${unlisted > 0 ? `, ${unlisted} not listed` : ''}`;
}

export function renderBadge(record: RunRecord): string {
  const label = 'CORS';
  const incomplete = incompletenessOf(record);
  const said = badgeText(record);
  const nothing = ['incomplete', 'nothing tried', 'not run'].includes(said);
  const value = incomplete ? `${nothing ? '' : `${said}, `}${incomplete.short}` : said;
  const colour = COLOURS[summaryOf(record).tone];
  const [left, right] = [width(label), width(value)];
  const title = xmlText(`${label}: ${value}`);
  const word = (text: string, x: number): string =>
    `<text x="${x}" y="14" text-anchor="middle">${xmlText(text)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${title}"><title>${title}</title><clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="${left}" height="20" fill="#40464c"/><rect x="${left}" width="${right}" height="20" fill="${colour}"/></g><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${word(label, left / 2)}${word(value, left + right / 2)}</g></svg>\n`;
}
