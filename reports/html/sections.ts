/** The section above the table on where engines differ. */
import type { Differences } from '../differences.ts';
import { fragment, html } from '../escape.ts';
import { count } from '../words.ts';

export function differencesSection({ suites, compared, rows }: Differences): string {
  if (compared === 0) return '';
  const differing = suites.filter(suite => suite.fromStandard + suite.amongEngines > 0);
  if (rows.length === 0) {
    return `<p class="agree">Engines agree on ${compared === 1 ? 'the one case' : `all ${count(compared, 'case')}`} that at least two of them ran.</p>`;
  }
  const number = (n: number, suite: string, flag: string): string =>
    n === 0
      ? '<td class="zero">0</td>'
      : `<td><a href="#q=${fragment(`suite:"${suite}" is:${flag}`)}">${n}</a></td>`;
  return `<details class="differences"><summary>Where engines differ: <b>${count(rows.filter(row => row.amongEngines).length, 'case')}</b> among themselves, <b>${rows.filter(row => row.fromStandard).length}</b> from the Standard</summary>
<table><thead><tr><th scope="col">Suite</th><th scope="col">Cases</th><th scope="col">From the Standard</th><th scope="col">Among themselves</th></tr></thead><tbody>${differing
    .map(
      suite =>
        `<tr><th scope="row">${html(suite.suite)}</th><td>${suite.cases}</td>${number(suite.fromStandard, suite.suite, 'nonstandard')}${number(suite.amongEngines, suite.suite, 'different')}</tr>`,
    )
    .join('')}</tbody></table></details>`;
}
