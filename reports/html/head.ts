/** The top of the page: the verdict in words, where it comes from, the counts that are filters too. */
import { grouped } from '../../harness/case/words.ts';
import type { CheckState, Finding } from '../../harness/verdict/finding.ts';
import type { EngineRecord, RunRecord } from '../../harness/verdict/record.ts';
import { html } from '../escape.ts';
import { countFindings } from '../finding-view.ts';
import { engineTitle, provenanceOf } from '../rows.ts';
import { countStatuses, STATUS_NAMES, STATUSES, type Status, statusCount, totalsOf } from '../status.ts';
import { summaryOf } from '../summary.ts';
import { TONES } from '../tone.ts';
import { count, duration } from '../words.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `21 Nov 2026, 01:00 UTC`, or the text itself where it is no date. */
export function when(started: string): string {
  const date = new Date(started);
  if (Number.isNaN(date.getTime())) return started;
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
}

/** The engine's results by status; each number filters the table. */
function engineCounts(engine: EngineRecord, record: RunRecord): string {
  const counts = countStatuses(record.results.filter(result => result.engine === engine.name));
  const items = STATUS_NAMES.filter(name => counts[name] > 0).map(name => {
    const query = `${engine.name}:${name}`;
    return `<li><a href="#q=${encodeURIComponent(query)}"><i class="sign s-${name}" aria-hidden="true">${STATUSES[name].symbol}</i>${statusCount(name, counts[name])}</a></li>`;
  });
  return items.length === 0 ? '' : `<ul class="counts">${items.join('')}</ul>`;
}

function engineCard(engine: EngineRecord, record: RunRecord): string {
  const name = record.findings && engine.name === 'model' ? 'On the wire' : engineTitle(engine.name);
  const title = `<b class="name">${html(name)}</b>`;
  if (engine.notRun !== undefined) {
    const fix = engine.fix ? `<p class="fix">Get it with <code>${html(engine.fix)}</code></p>` : '';
    return `<li class="engine missing">${title}<p><b>not run</b> ${html(engine.notRun)}</p>${fix}</li>`;
  }
  const counts = record.findings ? '' : engineCounts(engine, record);
  if (engine.name === 'model')
    return `<li class="engine">${title}<p>what the Fetch Standard makes of the answers; no browser</p>${counts}</li>`;
  const about = provenanceOf({ ...engine, version: '' });
  return `<li class="engine">${title}<p class="version">${html(engine.version)}</p><p>${about.map(html).join(' · ')}</p>${counts}</li>`;
}

function facts(record: RunRecord): string {
  const { run, tool, target } = record;
  const pairs: [string, string][] = [
    ['Target', [...new Set([target.name, target.url])].filter(Boolean).join(' ')],
    ['Command', run.command],
    ['When', `${when(run.started)}, ${duration(run.durationMs)} on ${run.host}`],
    ['Suites', `cors-conformance ${tool.version}${tool.commit ? ` at ${tool.commit.slice(0, 10)}` : ''}`],
  ];
  const policy =
    target.policy === undefined || record.findings
      ? ''
      : `<div class="wide"><dt>Policy</dt><dd><details><summary>as declared</summary><pre>${html(JSON.stringify(target.policy, null, 1)).replaceAll('\\n', '\n')}</pre></details></dd></div>`;
  return `<dl class="facts">${pairs
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${html(value)}</dd></div>`)
    .join('')}${policy}</dl>`;
}

const DIFFERS =
  '<li><i class="sign differ" aria-hidden="true">≠</i> <b>differs</b> <span>engines do not agree</span></li>';

/** Sign, word and meaning of every status that a reader can meet in this run. */
export function legend(record: RunRecord): string {
  const { counts } = totalsOf(record);
  const always: readonly Status[] = record.findings ? [] : ['pass', 'fail'];
  const items = STATUS_NAMES.filter(name => counts[name] > 0 || always.includes(name)).map(
    name =>
      `<li><i class="sign s-${name}" aria-hidden="true">${STATUSES[name].symbol}</i> <b>${STATUSES[name].word}</b> <span>${STATUSES[name].meaning}</span></li>`,
  );
  return `<aside class="legend" aria-label="What the signs mean"><ul>${items.join('')}${record.findings ? '' : DIFFERS}</ul></aside>`;
}

/** Under `verify` a list of numbers: findings by severity, checks by state. */
function verifyStrip(record: RunRecord, findings: readonly Finding[]): string {
  const { error, warning, note, accepted } = countFindings(findings);
  const of = (state: CheckState['state']) =>
    (record.checks ?? []).filter(check => check.state === state).length;
  const chips: [string, string, number, string][] = [
    ['s-fail', '✗', error, error === 1 ? 'error' : 'errors'],
    ['s-known', '!', warning, warning === 1 ? 'warning' : 'warnings'],
    ['s-info', 'i', note, 'for information'],
    ['s-info', '=', accepted, 'accepted by the baseline'],
    ['s-pass', '✓', of('kept'), of('kept') === 1 ? 'check kept' : 'checks kept'],
    ['s-not-run', '○', of('not-tried'), of('not-tried') === 1 ? 'check not tried' : 'checks not tried'],
  ];
  const items = chips
    .filter(([, , n]) => n > 0)
    .map(
      ([tone, symbol, n, word]) =>
        `<li class="chip ${tone}"><i class="sign ${tone}" aria-hidden="true">${symbol}</i><b>${n}</b> ${word}</li>`,
    );
  return `<ul class="strip" aria-label="Findings and checks">${items.join('')}</ul>`;
}

/** A count by which the list can be filtered. */
interface Chip {
  readonly query: string;
  readonly tone: string;
  readonly symbol: string;
  readonly n: number;
  readonly word: string;
}

function strip(record: RunRecord, different: number): string {
  if (record.findings) return verifyStrip(record, record.findings);
  const { counts, results } = totalsOf(record);
  const chip = ({ query, tone, symbol, n, word }: Chip): string =>
    `<li><a class="chip ${tone}" href="#q=${encodeURIComponent(query)}" data-query="${html(query)}"><i class="sign ${tone}" aria-hidden="true">${symbol}</i><b>${grouped(n)}</b> ${word}</a></li>`;
  const chips = STATUS_NAMES.filter(name => counts[name] > 0).map(name =>
    chip({
      query: `is:${name === 'fail' ? 'regression' : name}`,
      tone: `s-${name}`,
      symbol: STATUSES[name].symbol,
      n: counts[name],
      word: statusCount(name, counts[name]).replace(/^\S+ /, ''),
    }),
  );
  if (different > 0)
    chips.push(
      chip({
        query: 'is:different',
        tone: 'differ',
        symbol: '≠',
        n: different,
        word: different === 1 ? 'case differs' : 'cases differ',
      }),
    );
  return `<ul class="strip" aria-label="${count(results, 'result')} by verdict; each is a filter">${chips.join('')}</ul>`;
}

export function header(record: RunRecord, different: number): string {
  const { tone, sentence } = summaryOf(record);
  return `<header class="top">
<p class="brand">CORS conformance</p>
<h1 class="tone-${tone}"><i class="sign" aria-hidden="true">${TONES[tone].symbol}</i><span>${html(sentence)}</span></h1>
${strip(record, different)}
<ul class="engines" aria-label="Engines">${record.engines.map(engine => engineCard(engine, record)).join('')}</ul>
${facts(record)}
</header>`;
}
