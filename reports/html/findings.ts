/** The page's sections under `verify`: findings, who reads what, the policy, and what became of every check. */
import type { CheckState, Finding } from '../../harness/verdict/finding.ts';
import type { RunRecord } from '../../harness/verdict/record.ts';
import { type Access, type AccessCell, type AccessRow, accessOf } from '../access.ts';
import { fragment, html, safeLink } from '../escape.ts';
import {
  attemptWords,
  type FindingView,
  failedAttempts,
  findingViews,
  SEVERITY_WORDS,
} from '../finding-view.ts';
import { engineTitle } from '../rows.ts';
import { count } from '../words.ts';

/** A link if the address is an absolute http(s) one, else the plain text. */
function link(address: string, text = address): string {
  const safe = safeLink(address);
  return safe === null
    ? `<code>${html(text)}</code>`
    : `<a href="${html(safe)}" rel="noreferrer">${html(text)}</a>`;
}

const lines = (first: string, rest: readonly string[]): string =>
  `<pre class="bytes">${[first, ...rest].map(html).join('\n')}</pre>`;

/** Where the results lie that show it. */
function attemptLinks({ evidence }: Finding): string {
  const cases = [...new Set(evidence.flatMap(item => item.case ?? []))];
  const shown = cases.slice(0, 4).map(id => `<a href="#case=${fragment(id)}">${html(id)}</a>`);
  const more = cases.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function sawItems({ evidence }: Finding): string {
  const items = evidence
    .slice(0, 6)
    .flatMap(({ saw, engine }) =>
      saw ? [`<li>${engine ? `<b>${html(engine)}</b> ` : ''}${html(saw)}</li>`] : [],
    );
  return items.length > 0 ? `<ul>${items.join('')}</ul>` : '';
}

function findingItem(view: FindingView): string {
  const { finding, request, answer } = view;
  const attempts = attemptLinks(finding);
  const rows: (readonly [string, string])[] = [
    ['Who', html(view.who)],
    ['Seen', html(view.seen)],
    ['Request', request ? lines(request.line, request.headers) : ''],
    ['Answer', answer ? lines(answer.line, answer.headers) : ''],
    ['Evidence', request || answer ? '' : sawItems(finding)],
    ['Try', view.curl === null ? '' : `<pre class="bytes">${html(view.curl)}</pre>`],
    [
      'Fix',
      view.fix === null
        ? ''
        : `${view.fixFor === '' ? '' : `<p>${html(view.fixFor)}</p>`}<pre class="bytes">${view.fix.split('\n').map(html).join('\n')}</pre>`,
    ],
    ['Attempts', attempts],
    ['More', [...new Set([finding.helpUri, finding.spec])].flatMap(at => (at ? [link(at)] : [])).join(' · ')],
  ];
  const kind = finding.accepted ? 'accepted' : finding.severity;
  return `<li class="finding ${kind}" id="finding-${fragment(finding.id)}"><h3><i class="sign" aria-hidden="true">${view.symbol}</i>${html(view.headline)}</h3>
<p class="kind"><span class="severity">${view.word}</span> <code>${html(finding.rule)}</code></p>
<p>${html(finding.explanation)}</p><dl>${rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`)
    .join('')}</dl></li>`;
}

function findingsSection(record: RunRecord): string {
  const views = findingViews(record.findings ?? []);
  const failed = failedAttempts(record).map(
    ({ engine, reason, attempts }) =>
      `<li>${html(engineTitle(engine))}: ${count(attempts, 'attempt')} without a result: ${html(reason)}</li>`,
  );
  const stale = (record.stale ?? []).map(
    ({ what, reason }) =>
      `<li>Stale baseline entry: ${html(what)} no longer holds (it said: ${html(reason)})</li>`,
  );
  const body = views.length === 0 ? '<p>None.</p>' : `<ul>${views.map(findingItem).join('')}</ul>`;
  const trouble =
    failed.length + stale.length === 0 ? '' : `<ul class="trouble">${[...stale, ...failed].join('')}</ul>`;
  return `<section class="findings"><h2>Findings</h2>${body}${trouble}</section>`;
}

function accessCell(cell: AccessCell | null): string {
  if (!cell) return '<td class="untried">not tried</td>';
  const unread = cell.carriedOut ? 'preflight allowed' : 'blocked';
  const words = cell.reads ? `reads${cell.withCredentials ? ', with credentials' : ''}` : unread;
  const [kind, sign, said] = cell.asDeclared
    ? ['s-pass', '✓', 'as declared: ']
    : ['s-fail', '✗', 'not as declared: '];
  return `<td><i class="sign ${kind}" aria-hidden="true">${sign}</i><span class="vh">${said}</span>${words}</td>`;
}

const MOST_ORIGINS = 3;

function whoCell({ origins, declared }: AccessRow): string {
  const names = origins.map(origin => `<code>${html(origin)}</code>`);
  const more = names.length - MOST_ORIGINS;
  const all =
    more > 1
      ? `${names.slice(0, MOST_ORIGINS).join('<br>')}<details><summary>and ${more} more</summary>${names.slice(MOST_ORIGINS).join('<br>')}</details>`
      : names.join('<br>');
  return `<th scope="row">${all}${declared ? ' <span class="tag">declared</span>' : ''}</th>`;
}

function accessTable({ columns, rows }: Access): string {
  if (rows.length === 0) return '';
  const head = columns.map(column => `<th scope="col"><code>${html(column)}</code></th>`).join('');
  const body = rows.map(row => `<tr>${whoCell(row)}${row.cells.map(accessCell).join('')}</tr>`).join('\n');
  return `<div class="scroll" tabindex="0" role="region" aria-label="Who reads what"><table class="access"><thead><tr><th scope="col">Pages on</th>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function policyValue(value: unknown): string {
  if (typeof value === 'string') return `<code>${html(value)}</code>`;
  if (Array.isArray(value) && value.every(item => typeof item === 'string'))
    return value.length === 0 ? 'none' : value.map(policyValue).join('<br>');
  if (value === null || typeof value !== 'object') return `<code>${html(String(value))}</code>`;
  return `<pre class="bytes">${JSON.stringify(value, null, 1).split('\n').map(html).join('\n')}</pre>`;
}

/** "requestHeaders" as a reader would write it: "request headers". */
const memberName = (name: string): string => name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);

function policyList(policy: unknown): string {
  if (policy === null || typeof policy !== 'object') return '';
  const items = Object.entries(policy).filter(
    ([, value]) => !(value !== null && typeof value === 'object' && Object.keys(value).length === 0),
  );
  return `<div class="policy"><h3>The policy</h3><dl>${items
    .map(([name, value]) => `<div><dt>${html(memberName(name))}</dt><dd>${policyValue(value)}</dd></div>`)
    .join('')}</dl></div>`;
}

function accessSection(record: RunRecord): string {
  const table = accessTable(accessOf(record));
  if (table === '') return '';
  return `<section class="who"><h2>Who reads what</h2><div class="beside">${table}${policyList(record.target.policy)}</div></section>`;
}

const CHECKS = {
  kept: { sign: 's-pass', symbol: '✓', word: 'kept' },
  broken: { sign: 's-fail', symbol: '✗', word: 'broken' },
  'not-tried': { sign: 's-known', symbol: '○', word: 'not tried' },
} as const;

function checkRow(check: CheckState): string {
  const { id, title, state, reason, severity, accepted } = check;
  const { sign, symbol, word } = accepted ? { sign: 's-info', symbol: '=', word: 'accepted' } : CHECKS[state];
  return `<tr><th scope="row">${html(title)} <code class="id">${html(id)}</code></th><td><i class="sign ${sign}" aria-hidden="true">${symbol}</i>${word}</td><td>${SEVERITY_WORDS[severity]}</td><td>${html(reason ?? '')}</td><td>${html(attemptWords(check))}</td></tr>`;
}

function checksSection({ checks = [], findings = [] }: RunRecord): string {
  if (checks.length === 0) return '';
  const of = (state: CheckState['state']) => checks.filter(check => check.state === state).length;
  const found = new Set(findings.map(({ rule }) => rule));
  const explained = checks.filter(({ id, state }) => state === 'broken' && !found.has(id)).length;
  const heads = ['Check', 'State', 'Breaking it is', 'Why', 'Attempts'].map(
    name => `<th scope="col">${name}</th>`,
  );
  return `<details class="checks-list"><summary>${count(checks.length, 'check')}: <b>${of('kept')}</b> kept, <b>${of('broken') - explained}</b> broken${explained > 0 ? ` (${explained} more for the same reasons)` : ''}, <b>${of('not-tried')}</b> not tried</summary><div class="scroll" tabindex="0" role="region" aria-label="Checks"><table class="plain"><thead><tr>${heads.join('')}</tr></thead><tbody>${checks.map(checkRow).join('\n')}</tbody></table></div></details>`;
}

export const verifySections = (record: RunRecord): string =>
  [findingsSection(record), accessSection(record), checksSection(record)].join('\n');
