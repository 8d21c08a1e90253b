/** The run in plain words, the same ones at the end of the console, in HTML and in Markdown. */
import type { RunRecord } from '../harness/verdict/record.ts';
import { engineNames, engineTitle } from './rows.ts';
import { totalsOf } from './status.ts';

/** `1 case`, `2 cases`, `1,204 results`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}

export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `8.4 s`, `2 min 5 s`, `310 ms`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export type Tone = 'good' | 'bad' | 'trouble' | 'empty';

export interface Summary {
  readonly tone: Tone;
  /** One sentence without a target's text in it. */
  readonly sentence: string;
}

/** Whether all is as expected, and what is not. */
export function summaryOf(record: RunRecord): Summary {
  const { counts, cases, results, judged, asExpected } = totalsOf(record);
  const missing = record.engines.filter(engine => engine.notRun !== undefined);
  const notLooked =
    missing.length === 0 ? '' : ` ${list(missing.map(e => engineTitle(e.name)))} did not run.`;
  if (results === 0) return { tone: 'empty', sentence: `Nothing was run: no case was selected.${notLooked}` };

  const wrong: string[] = [];
  if (counts.fail > 0) wrong.push(`${count(counts.fail, 'result')} not as expected`);
  if (counts.stale > 0) wrong.push(`${count(counts.stale, 'stale entry', 'stale entries')}`);
  const broken: string[] = [];
  if (counts['harness-error'] > 0) broken.push(count(counts['harness-error'], 'harness error'));
  if (counts.blocked > 0) broken.push(`${count(counts.blocked, 'result')} without a verdict`);

  const errors = (record.findings ?? []).filter(finding => !finding.accepted);
  if (record.findings && errors.length > 0) wrong.unshift(count(errors.length, 'finding'));

  if (wrong.length > 0 || broken.length > 0) {
    const rest = `${asExpected.toLocaleString('en-US')} of ${judged.toLocaleString('en-US')} are as expected`;
    return {
      tone: wrong.length > 0 ? 'bad' : 'trouble',
      sentence: `${list([...wrong, ...broken])}; ${rest}.${notLooked}`,
    };
  }
  const ran = engineNames(record).filter(name => !missing.some(engine => engine.name === name));
  if (judged === 0)
    return { tone: 'empty', sentence: `Nothing was judged: no engine ran any case.${notLooked}` };
  const known = counts.known > 0 ? `, ${count(counts.known, 'known deviation')} among them` : '';
  return {
    tone: 'good',
    sentence: `All as expected: ${count(cases, 'case')} in ${list(ran.map(engineTitle))}${known}.${notLooked}`,
  };
}
