/** The run in plain words, the same ones at the end of the console, in HTML and in Markdown. */

import { grouped, wordList } from '../harness/case/words.ts';
import { incompletenessOf } from '../harness/verdict/completeness.ts';
import type { RunRecord } from '../harness/verdict/record.ts';
import { engineNames, engineTitle } from './rows.ts';
import { statusOf, totalsOf } from './status.ts';
import type { Summary } from './tone.ts';
import { verifySummary } from './verify-summary.ts';
import { count } from './words.ts';

/** Whether all is as expected, and what is not. */
export function summaryOf(record: RunRecord): Summary {
  const summary = record.findings ? verifySummary(record, record.findings) : runSummary(record);
  const incomplete = incompletenessOf(record);
  if (!incomplete) return summary;
  const tone = incomplete.fails && summary.tone !== 'bad' ? 'trouble' : summary.tone;
  return { tone, sentence: `${incomplete.sentence} ${summary.sentence}` };
}

/** Cases on which at least one engine gave a verdict. */
const judgedCases = ({ results }: RunRecord): number =>
  new Set(
    results.flatMap(({ verdict, case: { id } }) => (['pass', 'fail', 'info'].includes(verdict) ? [id] : [])),
  ).size;

/** In whose builds something is not listed, and what that means; null if there is nothing. */
function unlistedWords({ results, run }: RunRecord): { readonly what: string; readonly so: string } | null {
  const unlisted = results.filter(result => statusOf(result) === 'unlisted');
  if (unlisted.length === 0) return null;
  const engines = wordList([...new Set(unlisted.map(({ engine }) => engineTitle(engine)))]);
  const verbs =
    unlisted.length === 1 ? 'differs from the Standard and is' : 'differ from the Standard and are';
  const passes = run.unlisted === 'ok' ? ' That does not fail this run.' : '';
  return {
    what: `${count(unlisted.length, 'result')} ${verbs} not listed for this build of ${engines}`,
    so: ` The list of deviations was never held against it; deviations.json proposes entries.${passes}`,
  };
}

/** What fails the run, worst first. */
function wrongWords(record: RunRecord): string[] {
  const { counts } = totalsOf(record);
  return [
    ...(counts.fail > 0 ? [`${count(counts.fail, 'result')} not as expected`] : []),
    ...(counts.stale > 0 ? [count(counts.stale, 'stale entry', 'stale entries')] : []),
    ...(counts['harness-error'] > 0 ? [count(counts['harness-error'], 'harness error')] : []),
  ];
}

function runSummary(record: RunRecord): Summary {
  const { counts, results, judged, asExpected } = totalsOf(record);
  const missing = record.engines.filter(engine => engine.notRun !== undefined);
  const notLooked =
    missing.length === 0 ? '' : ` ${wordList(missing.map(e => engineTitle(e.name)))} did not run.`;
  if (results === 0) return { tone: 'empty', sentence: `${nothingRun(record)}${notLooked}` };

  const unlisted = unlistedWords(record);
  const wrong = wrongWords(record);
  const rest = `${grouped(asExpected)} of ${grouped(judged)} are as expected.`;
  if (wrong.length > 0)
    return {
      tone: counts.fail + counts.stale > 0 ? 'bad' : 'trouble',
      sentence: `${wordList(wrong)}; ${rest}${unlisted ? ` ${unlisted.what}.${unlisted.so}` : ''}${notLooked}`,
    };
  const ran = engineNames(record).filter(name => !missing.some(engine => engine.name === name));
  if (judged === 0)
    return { tone: 'empty', sentence: `Nothing was judged: no engine ran any case.${notLooked}` };
  if (unlisted)
    return {
      tone: record.run.unlisted === 'ok' ? 'warning' : 'bad',
      sentence: `${unlisted.what}; ${rest}${unlisted.so}${notLooked}`,
    };
  return goodSummary(record, ran, notLooked);
}

/** Why there are no results, where that is known from the record. */
const nothingRun = ({ run, engines }: RunRecord): string =>
  run.interrupted || engines.some(({ notRun }) => notRun !== undefined)
    ? 'Nothing was run.'
    : 'Nothing was run: no case was selected.';

/** Nothing that ran is wrong. */
function goodSummary(record: RunRecord, ran: readonly string[], notLooked: string): Summary {
  const { counts } = totalsOf(record);
  // What is not installed can be got; what could not run although it is there fails the run.
  const broken = record.engines.some(({ notRun, fix }) => notRun !== undefined && fix === undefined);
  const known = counts.known > 0 ? `, ${count(counts.known, 'known deviation')} among them` : '';
  return {
    tone: broken ? 'trouble' : 'good',
    sentence: `${incompletenessOf(record) ? 'So far as expected' : 'All as expected'}: ${count(judgedCases(record), 'case')} in ${wordList(ran.map(engineTitle))}${known}.${notLooked}`,
  };
}
