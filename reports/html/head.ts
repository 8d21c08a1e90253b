/** The top of the page: the verdict in words, where it comes from, the counts that are filters too. */
import type { EngineRecord, RunRecord } from '../../harness/verdict/record.ts';
import { html } from '../escape.ts';
import { engineTitle, provenanceOf } from '../rows.ts';
import { STATUS_NAMES, STATUSES, type Status, statusCount, totalsOf } from '../status.ts';
import { count, duration, summaryOf } from '../summary.ts';

const TONES = { good: '✓', bad: '✗', trouble: '!', empty: '○' } as const;

/** `21 Nov 2026, 01:00 UTC`, or the text itself where it is no date. */
export function when(started: string): string {
  const date = new Date(started);
  if (Number.isNaN(date.getTime())) return started;
  const day = date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
}

function engineCard(engine: EngineRecord): string {
  const title = `<h3>${html(engineTitle(engine.name))}</h3>`;
  if (engine.notRun !== undefined) {
    const fix = engine.fix ? `<p class="fix">Get it with <code>${html(engine.fix)}</code></p>` : '';
    return `<li class="engine missing">${title}<p><b>not run</b> ${html(engine.notRun)}</p>${fix}</li>`;
  }
  const about = provenanceOf({ ...engine, version: '' });
  return `<li class="engine">${title}<p class="version">${html(engine.version)}</p><p>${about.map(html).join(' · ')}</p></li>`;
}

function facts(record: RunRecord): string {
  const { run, tool, target } = record;
  const pairs: [string, string][] = [
    ['Target', [target.name, target.url].filter(Boolean).join(' ')],
    ['Command', run.command],
    ['When', `${when(run.started)}, ${duration(run.durationMs)} on ${run.host}`],
    ['Suites', `cors-conformance ${tool.version}${tool.commit ? ` at ${tool.commit.slice(0, 10)}` : ''}`],
  ];
  const policy =
    target.policy === undefined
      ? ''
      : `<div class="wide"><dt>Policy</dt><dd><details><summary>as declared</summary><pre>${html(JSON.stringify(target.policy, null, 1)).replaceAll('\\n', '\n')}</pre></details></dd></div>`;
  return `<dl class="facts">${pairs
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${html(value)}</dd></div>`)
    .join('')}${policy}</dl>`;
}

/** Sign, word and meaning of every status that a reader can meet in this run. */
export function legend(record: RunRecord): string {
  const { counts } = totalsOf(record);
  const always: readonly Status[] = ['pass', 'fail'];
  const items = STATUS_NAMES.filter(name => counts[name] > 0 || always.includes(name)).map(
    name =>
      `<li><i class="sign s-${name}" aria-hidden="true">${STATUSES[name].symbol}</i> <b>${STATUSES[name].word}</b> <span>${STATUSES[name].meaning}</span></li>`,
  );
  return `<aside class="legend" aria-label="What the signs mean"><ul>${items.join('')}<li><i class="sign differ" aria-hidden="true">≠</i> <b>differs</b> <span>engines do not agree</span></li></ul></aside>`;
}

function strip(record: RunRecord, different: number): string {
  const { counts, results } = totalsOf(record);
  const chip = (query: string, tone: string, symbol: string, n: number, word: string): string =>
    `<li><a class="chip ${tone}" href="#q=${encodeURIComponent(query)}" data-query="${html(query)}"><i class="sign ${tone}" aria-hidden="true">${symbol}</i><b>${n.toLocaleString('en-US')}</b> ${word}</a></li>`;
  const chips = STATUS_NAMES.filter(name => counts[name] > 0).map(name =>
    chip(
      `is:${name === 'fail' ? 'regression' : name}`,
      `s-${name}`,
      STATUSES[name].symbol,
      counts[name],
      statusCount(name, counts[name]).replace(/^\S+ /, ''),
    ),
  );
  if (different > 0)
    chips.push(
      chip('is:different', 'differ', '≠', different, different === 1 ? 'case differs' : 'cases differ'),
    );
  return `<ul class="strip" aria-label="${count(results, 'result')} by verdict; each is a filter">${chips.join('')}</ul>`;
}

export function header(record: RunRecord, different: number): string {
  const { tone, sentence } = summaryOf(record);
  return `<header class="top">
<p class="brand">CORS conformance</p>
<h1 class="tone-${tone}"><i class="sign" aria-hidden="true">${TONES[tone]}</i><span>${html(sentence)}</span></h1>
${strip(record, different)}
<ul class="engines" aria-label="Engines">${record.engines.map(engineCard).join('')}</ul>
${facts(record)}
</header>`;
}
