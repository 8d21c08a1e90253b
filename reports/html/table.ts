/** The table: a row per case, a column per engine, suites as groups, quiet rows folded. */
import type { Result, RunEngineName } from '../../harness/verdict/record.ts';
import { fragment, html } from '../escape.ts';
import { cellWord, engineTitle, outcomeWord, storyOf, unmetBesides } from '../rows.ts';
import { STATUS_NAMES, STATUSES, statusCount, statusOf } from '../status.ts';
import { count } from '../words.ts';
import type { PageRow, PageSuite } from './facts.ts';
import { FILTER_HELP } from './filter.ts';

const CLASS_HINTS: Readonly<Record<Result['case']['class'], string>> = {
  must: 'a rule that script can see',
  wire: 'a rule that the server can see',
  may: 'the Standard allows both',
  disputed: 'the Standard and engines or tests disagree',
  outside: 'ruled by another specification',
};

function cell(result: Result | undefined): string {
  if (!result) return '<td class="cell none"><span class="vh">no result</span></td>';
  const status = statusOf(result);
  const { symbol, word } = STATUSES[status];
  const unmet = unmetBesides(result);
  const also = unmet === null ? '' : ` <span class="unmet">${html(unmet)}</span>`;
  const hint = status === 'pass' ? '' : ` title="${html(storyOf(result).slice(0, 300))}"`;
  return `<td class="cell s-${status}" data-engine="${html(engineTitle(result.engine))}"${hint}><i class="sign s-${status}" aria-hidden="true">${symbol}</i><span class="vh">${word}: </span>${html(cellWord(result))}${also}</td>`;
}

const outcomeParts = ({ outcome, blockedAt }: Result['expected']): string[] =>
  blockedAt ? [outcome, blockedAt] : [outcome];

function tableRow({ row, flags, quiet }: PageRow, engines: readonly RunEngineName[]): string {
  const { case: about, results } = row;
  const differs = flags.includes('different')
    ? '<i class="sign differ" title="engines do not agree" aria-hidden="true">≠</i><span class="vh">engines differ: </span>'
    : '';
  const tag =
    about.class === 'must' || about.class === 'wire'
      ? ''
      : ` <span class="tag" title="${CLASS_HINTS[about.class]}">${about.class}</span>`;
  const statuses = engines.flatMap(engine => {
    const result = results.get(engine);
    if (!result) return [];
    return [
      [
        encodeURIComponent(engine),
        statusOf(result),
        ...(result.observed ? outcomeParts(result.observed) : []),
      ].join(':'),
    ];
  });
  const data = `data-id="${html(about.id)}" data-class="${about.class}" data-flags="${flags.join(' ')}" data-expected="${outcomeParts(row.expected).join(':')}" data-statuses="${statuses.join(' ')}"`;
  return `<tr class="case${quiet ? ' quiet' : ''}${flags.includes('unexpected') ? ' unexpected' : ''}" ${data}><th scope="row">${differs}<a href="#case=${fragment(about.id)}">${html(about.title)}</a><span class="id">${html(about.id)}${tag}</span></th><td class="expects">${html(outcomeWord(row.expected))}</td>${engines.map(engine => cell(results.get(engine))).join('')}</tr>`;
}

function suiteBody(suite: PageSuite, engines: readonly RunEngineName[]): string {
  const quiet = suite.rows.filter(row => row.quiet).length;
  const statuses = suite.rows.flatMap(({ row }) => [...row.results.values()].map(statusOf));
  const notes = STATUS_NAMES.filter(name => name !== 'pass' && statuses.includes(name)).map(name => {
    const n = statuses.filter(status => status === name).length;
    return `<span class="note s-${name}"><i class="sign s-${name}" aria-hidden="true">${STATUSES[name].symbol}</i>${statusCount(name, n)}</span>`;
  });
  const span = engines.length + 2;
  const fold =
    quiet === 0
      ? ''
      : `<tr class="fold"><td colspan="${span}"><button type="button" aria-expanded="false"><span class="more">${count(quiet, 'case')} as expected</span></button></td></tr>`;
  const cases = suite.rows.map(row => tableRow(row, engines));
  cases.splice(suite.rows.length - quiet, 0, fold);
  return `<tbody data-suite="${html(suite.id)}"><tr class="suite"><th scope="rowgroup" colspan="${span}"><b>${html(suite.id)}</b> <span class="count">${count(suite.rows.length, 'case')}</span>${notes.join('')}</th></tr>
${cases.filter(line => line !== '').join('\n')}</tbody>`;
}

/** Widths come from classes: the page's policy allows no inline style. */
const columns = (engines: number): string =>
  `<colgroup><col class="col-case"><col class="col-expects">${'<col>'.repeat(engines)}</colgroup>`;

/** Whose expectation a case holds: under `verify` the owner's. */
export type Expecting = 'Standard' | 'Policy';

export function table(
  suites: readonly PageSuite[],
  engines: readonly RunEngineName[],
  expecting: Expecting,
): string {
  if (suites.length === 0) {
    return '<p class="nothing">No case was selected, so there is nothing to show. <code>npx cors-conformance list</code> names the cases there are.</p>';
  }
  return `<table class="cases"><caption class="vh">Cases by suite: what the ${expecting === 'Policy' ? 'policy' : 'Standard'} expects and what each engine did</caption>
${columns(engines.length)}
<thead><tr><th scope="col">Case</th><th scope="col">${expecting} expects</th>${engines.map(engine => `<th scope="col">${html(expecting === 'Policy' && engine === 'model' ? 'On the wire' : engineTitle(engine))}</th>`).join('')}</tr></thead>
${suites.map(suite => suiteBody(suite, engines)).join('\n')}
</table>`;
}

/** The filter with its help. Without script there is none: see the style. */
export function filterForm(): string {
  const help = FILTER_HELP.map(
    ([example, finds]) => `<div><dt><code>${html(example)}</code></dt><dd>${html(finds)}</dd></div>`,
  );
  return `<form class="filter" role="search"><label for="filter">Filter</label><input id="filter" type="search" autocomplete="off" spellcheck="false" placeholder="firefox:fail or is:different  any text" aria-describedby="filter-said"><output id="filter-said" for="filter"></output><details class="help"><summary>How to filter</summary><dl>${help.join('')}</dl></details><button type="button" class="unfold" aria-pressed="false">Show all cases</button><button type="button" class="download">results.json</button></form>`;
}
