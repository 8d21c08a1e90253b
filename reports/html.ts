/**
 * One self-contained page: opens from disk, asks the network for nothing, and says so in its own
 * Content-Security-Policy, which also lets no script run but the page's own.
 */
import { createHash } from 'node:crypto';
import type { RunRecord } from '../harness/verdict/record.ts';
import { differencesOf } from './differences.ts';
import { html, jsonForHtml, visible } from './escape.ts';
import { type Assets, assets } from './html/assets.ts';
import { pageSuites } from './html/facts.ts';
import { verifySections } from './html/findings.ts';
import { header, legend, when } from './html/head.ts';
import { pack } from './html/pack.ts';
import { differencesSection } from './html/sections.ts';
import { filterForm, table } from './html/table.ts';
import { engineNames, suitesOf } from './rows.ts';
import { count } from './words.ts';

const hash = (text: string): string =>
  `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** What the findings were concluded from, folded: the bytes of each attempt are there for who wants them. */
function attempts({ results }: RunRecord, cases: string): string {
  const n = new Set(results.map(result => result.case.id)).size;
  return `<details class="attempts"><summary><h2>${count(n, 'attempt')}</h2></summary>${cases}</details>`;
}

/** @param parts the page's style and script; compiled from their sources where omitted */
export function renderHtml(record: RunRecord, parts: Assets = assets()): string {
  const differences = differencesOf(record);
  const suites = suitesOf(record);
  const engines = engineNames(record);
  const { results: _, ...head } = record;
  const data = pack([
    ['head', head],
    ['ids', suites.flatMap(suite => suite.rows.map(row => row.case.id))],
    ...suites.flatMap(suite =>
      suite.rows.map(row => [`case ${visible(row.case.id)}`, [...row.results.values()]] as const),
    ),
  ]);
  const policy = [
    "default-src 'none'",
    `style-src ${hash(parts.style)}`,
    `script-src ${hash(parts.script)}`,
    ...(parts.follows ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const expecting = record.findings ? 'Policy' : 'Standard';
  const cases = `${filterForm()}\n${table(pageSuites(suites, differences), engines, expecting)}`;
  const different = differences.rows.filter(row => row.amongEngines).length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${html(`CORS conformance: ${record.target.name}, ${when(record.run.started)}`)}</title>
<style>${parts.style}</style>
</head>
<body>
${header(record, different)}
<main>
${record.findings ? verifySections(record) : differencesSection(differences)}
${record.findings ? attempts(record, cases) : cases}
</main>
${legend(record)}
<script type="application/json" id="data">${jsonForHtml(data)}</script>
<script>${parts.script}</script>
</body>
</html>
`;
}
