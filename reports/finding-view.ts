/** What a finding has to say, as data, in the order in which it is read: every report lays out the same. */

import { wordList } from '../harness/case/words.ts';
import type { CheckState, Finding, Severity } from '../harness/verdict/finding.ts';
import { SEVERITIES } from '../harness/verdict/finding.ts';
import type { RunEngineName, RunRecord } from '../harness/verdict/record.ts';
import { visible } from './escape.ts';
import { engineTitle } from './rows.ts';
import { count } from './words.ts';

const SEVERITY_SYMBOLS: Readonly<Record<Severity, string>> = { error: '✗', warning: '!', note: 'i' };
export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  note: 'information',
};

type HeaderLines = readonly (readonly [string, string])[];

export interface FindingView {
  readonly finding: Finding;
  readonly symbol: string;
  /** "error", "information", "accepted warning". */
  readonly word: string;
  /** One sentence without a full stop. */
  readonly headline: string;
  /** Who was let in, or whose pages it is about; empty if it is about all. */
  readonly who: string;
  /** "GET /a, PUT /a: on the wire, in Chromium". */
  readonly seen: string;
  /** The same without places. */
  readonly seenIn: string;
  /** The deciding request and its header lines. */
  readonly request: { readonly line: string; readonly headers: readonly string[] } | null;
  /** The status line of the answer or why there is none, and the deciding header lines, whole. */
  readonly answer: { readonly line: string; readonly headers: readonly string[] } | null;
  /** Of those lines the ones that decide, and which one is not there: "no Vary". */
  readonly deciding: readonly string[];
  /** Why those lines do not do, where they alone do not say so; empty otherwise. */
  readonly why: string;
  readonly curl: string | null;
  readonly fix: string | null;
  /** Which stack the fix is for: "for Express", "for nginx, which the answers suggest". */
  readonly fixFor: string;
  /** The page about findings of this kind. */
  readonly help: string | null;
}

const lineText = (lines: HeaderLines): string[] =>
  lines.map(([name, value]) => visible(`${name}: ${value}`.trimEnd()));

/** "on the wire", "in Chromium", "on the wire and in Chromium and WebKit". */
function seenIn(engines: readonly string[]): string {
  const browsers = engines.filter(name => name !== 'model' && name !== 'wire');
  const titles = browsers.map(engineTitle);
  if (titles.length === 0) return 'on the wire';
  const wire = titles.length < engines.length;
  return `${wire ? 'on the wire, ' : ''}in ${wordList(titles)}`;
}

function answerOf({ answer, noAnswer }: Finding): FindingView['answer'] {
  if (answer) {
    const line = `${answer.status} ${answer.reason ?? ''}`.trimEnd();
    return { line, headers: lineText(answer.lines) };
  }
  return noAnswer === undefined ? null : { line: `No answer: ${noAnswer}`, headers: [] };
}

/** Up to the first one that is missing: what would have stood behind it then decides nothing. */
function decidingOf({ answer }: Finding): string[] {
  if (!answer) return [];
  if (!answer.decides) return lineText(answer.lines);
  const deciding: string[] = [];
  for (const name of answer.decides) {
    const own = answer.lines.filter(([sent]) => sent.toLowerCase() === name.toLowerCase());
    deciding.push(...(own.length > 0 ? lineText(own) : [`no ${name}`]));
    if (own.length === 0) break;
  }
  return deciding;
}

/** Only if the headline does not say it. */
function whoOf({ letIn, origin, headline }: Finding): string {
  if (letIn && letIn.length > 0) return letIn.join(', ');
  return headline !== undefined || origin === undefined ? '' : `pages on ${origin}`;
}

/** A finding of an older file has no headline: its rule and place stand in. */
export function findingView(finding: Finding): FindingView {
  const { severity, request } = finding;
  return {
    finding,
    symbol: finding.accepted ? '=' : SEVERITY_SYMBOLS[severity],
    word: `${finding.accepted ? 'accepted ' : ''}${SEVERITY_WORDS[severity]}`,
    headline: finding.headline ?? `${finding.rule} on ${finding.resource}`,
    who: whoOf(finding),
    seen: `${finding.resource}: ${seenIn(finding.engines)}`,
    seenIn: seenIn(finding.engines),
    request: request
      ? { line: `${request.method} ${request.url}`, headers: lineText(request.headers) }
      : null,
    answer: answerOf(finding),
    deciding: decidingOf(finding),
    why: finding.why ?? '',
    curl: finding.curl ?? null,
    fix: finding.fix ?? null,
    fixFor: fixForWords(finding),
    help: finding.helpUri ?? finding.spec ?? null,
  };
}

function fixForWords({ fixFor, fixGuessed }: Finding): string {
  if (fixFor === undefined) return '';
  return fixGuessed ? `for ${fixFor}, a guess from its answers` : `for ${fixFor}`;
}

/** The request, unless its curl line shows all of it already. */
export function notInCurl({ request, curl }: FindingView): string[] {
  if (!request || (curl !== null && request.headers.every(line => curl.includes(line)))) return [];
  return [request.line, ...request.headers.filter(line => !curl?.includes(line))];
}

const rank = (finding: Finding): number => finding.rank ?? SEVERITIES.indexOf(finding.severity) + 2;

/** Worst first; the ones that a baseline accepts last, never left out. */
export function findingViews(findings: readonly Finding[]): FindingView[] {
  const accepted = (finding: Finding): number => (finding.accepted ? 1 : 0);
  return [...findings].sort((a, b) => accepted(a) - accepted(b) || rank(a) - rank(b)).map(findingView);
}

export interface FindingCounts {
  readonly error: number;
  readonly warning: number;
  readonly note: number;
  readonly accepted: number;
}

export function countFindings(findings: readonly Finding[]): FindingCounts {
  const open = (severity: Severity) =>
    findings.filter(finding => !finding.accepted && finding.severity === severity).length;
  return {
    error: open('error'),
    warning: open('warning'),
    note: open('note'),
    accepted: findings.filter(finding => finding.accepted).length,
  };
}

/** "2 errors and 1 warning"; empty for none. */
export function findingCountWords({ error, warning, note, accepted }: FindingCounts): string {
  return wordList(
    [
      error > 0 ? count(error, 'error') : '',
      warning > 0 ? count(warning, 'warning') : '',
      note > 0 ? `${note} for information` : '',
      accepted > 0 ? `${accepted} accepted` : '',
    ].filter(words => words !== ''),
  );
}

/** "wire 6, chromium 2": attempts of a check; the model's are the wire's, too. */
export function attemptWords({ tried }: CheckState): string {
  const numbers = new Map<string, number>();
  for (const { engine, attempts } of tried) {
    const name = engine === 'model' ? 'wire' : engine;
    numbers.set(name, (numbers.get(name) ?? 0) + attempts);
  }
  return [...numbers].map(([name, n]) => `${name} ${n}`).join(', ');
}

/** Checks that were not tried, by the reason. */
export function untriedChecks(
  checks: readonly CheckState[],
): { readonly reason: string; readonly ids: string[] }[] {
  const byReason = new Map<string, string[]>();
  for (const { id, state, reason = 'no reason was recorded' } of checks) {
    if (state !== 'not-tried') continue;
    byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  return [...byReason].map(([reason, ids]) => ({ reason, ids }));
}

/** Attempts of `verify` that gave no verdict, by engine and reason: what the tool could not do. */
export function failedAttempts(
  record: RunRecord,
): { readonly engine: RunEngineName; readonly reason: string; readonly attempts: number }[] {
  const groups = new Map<string, { engine: RunEngineName; reason: string; attempts: number }>();
  for (const { engine, verdict, reason = 'no reason was recorded' } of record.results) {
    if (verdict !== 'harness-error') continue;
    const key = JSON.stringify([engine, reason]);
    const group = groups.get(key) ?? { engine, reason, attempts: 0 };
    group.attempts += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The same as plain lines, for reports that only take text. */
export function findingText(view: FindingView): string[] {
  const { finding, request, answer } = view;
  return [
    `${view.headline}.`,
    finding.explanation,
    ...(view.who === '' ? [] : [`Who: ${view.who}`]),
    `Seen: ${view.seen}`,
    ...(request ? [`Request: ${request.line}`, ...request.headers.map(line => `  ${line}`)] : []),
    ...(answer
      ? [finding.answer ? `Answer: ${answer.line}` : answer.line, ...answer.headers.map(line => `  ${line}`)]
      : []),
    ...(request || answer ? [] : finding.evidence.flatMap(({ saw }) => (saw ? [`Evidence: ${saw}`] : []))),
    ...(view.why === '' ? [] : [`Why: ${view.why}`]),
    ...(view.curl === null ? [] : [`Try: ${view.curl}`]),
    ...(view.fix === null ? [] : [`Fix${view.fixFor === '' ? '' : ` (${view.fixFor})`}: ${view.fix}`]),
    ...(view.help === null ? [] : [`More: ${view.help}`]),
  ].filter(line => line !== '');
}

/** Whether an open finding of this severity fails the run. */
export const failsRun = (
  record: RunRecord,
  { severity, accepted }: Pick<Finding, 'severity' | 'accepted'>,
): boolean => !accepted && (severity === 'error' || (severity === 'warning' && record.run.strict === true));
