/** The sections above the table: a server's faults, and where engines differ. */
import type { Finding } from '../../harness/verdict/finding.ts';
import type { RunRecord } from '../../harness/verdict/record.ts';
import type { Differences } from '../differences.ts';
import { fragment, html, safeLink } from '../escape.ts';
import { findingsByResource, SEVERITY_SYMBOLS } from '../findings.ts';
import { faultWords } from '../rows.ts';
import { count } from '../summary.ts';

/** A link where the address is an absolute http(s) one, else the plain text. */
export function link(address: string, text = address): string {
  const safe = safeLink(address);
  return safe === null ? html(text) : `<a href="${html(safe)}" rel="noreferrer">${html(text)}</a>`;
}

function findingItem(finding: Finding): string {
  const seen = finding.evidence.map(item => {
    const where = item.engine ? `<b>${html(item.engine)}</b> ` : '';
    const bytes = item.case ? ` <a href="#case=${fragment(item.case)}">the bytes</a>` : '';
    return `<li>${where}${html(item.saw ?? '')}${bytes}</li>`;
  });
  const fault = faultWords(finding);
  const rows: [string, string][] = [
    ...(seen.length > 0 ? [['Seen', `<ul>${seen.slice(0, 12).join('')}</ul>`] as [string, string]] : []),
    ...(fault ? [['Fault', html(fault)] as [string, string]] : []),
    ...(finding.fix
      ? [
          ['Fix', `<span class="fixtext">${html(finding.fix).replaceAll('\\n', '\n')}</span>`] as [
            string,
            string,
          ],
        ]
      : []),
    ...(finding.spec ? [['Standard', link(finding.spec)] as [string, string]] : []),
  ];
  const from =
    finding.origin === undefined
      ? ''
      : ` <span class="from">for pages on <code>${html(finding.origin)}</code></span>`;
  return `<li class="finding ${finding.severity}"><h4><i class="sign" aria-hidden="true">${SEVERITY_SYMBOLS[finding.severity]}</i> <span class="severity">${finding.severity}</span> <code>${html(finding.rule)}</code>${from} <span class="in">${finding.engines.map(html).join(', ')}</span></h4>
<p>${html(finding.explanation)}</p><dl>${rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl></li>`;
}

export function findingsSection(record: RunRecord): string {
  if (!record.findings) return '';
  const { groups, accepted } = findingsByResource(record.findings);
  const body = groups.map(
    ({ resource, findings }) =>
      `<h3><code>${html(resource)}</code></h3><ul>${findings.map(findingItem).join('')}</ul>`,
  );
  if (groups.length === 0) body.push('<p>None: the server does what its policy declares.</p>');
  if (accepted > 0)
    body.push(`<p class="quiet-note">${count(accepted, 'finding')} accepted by the baseline, not shown.</p>`);
  return `<section class="findings"><h2>Findings</h2>${body.join('')}</section>`;
}

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
