/** A small SVG badge: how many cases are as expected, or as a server's policy declares. */
import type { RunRecord } from '../harness/verdict/record.ts';
import { xmlText } from './escape.ts';
import { suitesOf } from './rows.ts';
import { isUnexpected, statusOf } from './status.ts';
import { summaryOf } from './summary.ts';

const COLOURS = { good: '#2c7a4b', bad: '#b3261e', trouble: '#8a5a00', empty: '#6b7279' } as const;

// Verdana at 11 px, the average advance; good to a pixel or two for such short texts.
const width = (text: string): number => Math.round(text.length * 6.6) + 12;

/** A case counts once, and only when every engine that judged it found it as expected. */
export function badgeText(record: RunRecord): string {
  const judged = suitesOf(record)
    .flatMap(suite => suite.rows)
    .map(row =>
      [...row.results.values()]
        .map(statusOf)
        .filter(status => status !== 'not-run' && status !== 'not-applicable'),
    )
    .filter(statuses => statuses.length > 0);
  const good = judged.filter(statuses => !statuses.some(isUnexpected)).length;
  if (judged.length === 0) return 'not run';
  return `${good}/${judged.length} as ${record.findings ? 'declared' : 'expected'}`;
}

export function renderBadge(record: RunRecord): string {
  const label = 'CORS';
  const value = badgeText(record);
  const colour = COLOURS[summaryOf(record).tone];
  const [left, right] = [width(label), width(value)];
  const title = xmlText(`${label}: ${value}`);
  const word = (text: string, x: number): string =>
    `<text x="${x}" y="14" text-anchor="middle">${xmlText(text)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${title}"><title>${title}</title><clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="${left}" height="20" fill="#40464c"/><rect x="${left}" width="${right}" height="20" fill="${colour}"/></g><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${word(label, left / 2)}${word(value, left + right / 2)}</g></svg>\n`;
}
