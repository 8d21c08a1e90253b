/** A comparison of two servers as one self-contained page without a script. */
import { createHash } from 'node:crypto';
import type { RegressRecord } from '../harness/regress/record.ts';
import { html, safeLink } from './escape.ts';
import { sheets } from './html/assets.ts';
import { evidenceOf } from './regression-evidence.ts';
import { type ChangeTone, type ChangeView, type LevelView, regressionView } from './regression-view.ts';

const WORDS: Readonly<Record<ChangeTone, string>> = {
  alarm: 'alarm',
  bad: 'broken',
  changed: 'changed',
  good: 'better',
  caution: 'wire',
  quiet: 'no effect',
};

const list = (items: readonly string[]): string =>
  items.length === 0 ? '' : `<ul>${items.map(item => `<li>${item}</li>`).join('')}</ul>`;

function side(record: RegressRecord, view: ChangeView, which: 'before' | 'after'): string {
  const exchanges = evidenceOf(record, view.change, which);
  const blocks = exchanges.map(({ lines, curl }) => {
    const text = lines
      .map(({ text, differs }) => (differs ? `<mark>${html(text)}</mark>` : `${html(text)}\n`))
      .join('');
    return `<pre>${text}</pre><pre class="curl">${html(curl)}</pre>`;
  });
  return `<div><h3>${html(record.sides[which].label)}</h3>${blocks.join('') || '<p>Nothing was sent.</p>'}</div>`;
}

function changeSection(record: RegressRecord, view: ChangeView): string {
  const { tone, header, why, accepted, acceptedInPart, output } = view;
  const link = view.spec === undefined ? null : safeLink(view.spec);
  const step = link === null ? '' : ` <a href="${html(link)}" rel="noreferrer">the step that decides</a>`;
  const isOpen = tone === 'alarm' || tone === 'bad';
  const hasEvidence = view.change.evidence.before.length + view.change.evidence.after.length > 0;
  return `<details class="change ${tone}"${isOpen ? ' open' : ''}>
<summary><span class="word">${WORDS[tone]}</span> ${html(view.meaning || view.title)} <span class="where">${html(view.where)}</span></summary>
<div class="inside">
<p><code>${html(view.title)}</code></p>
${header ? `<p>${html(header.place)}: <code>${html(header.before)}</code> → <code>${html(header.after)}</code></p>` : ''}
${why === undefined ? '' : `<p>${html(why)}${step}</p>`}
${accepted === undefined ? '' : `<p>Accepted: ${html(accepted)}</p>`}
${acceptedInPart === undefined ? '' : `<p>Accepted ${html(acceptedInPart)}</p>`}
${list(view.requests.map(request => `<code>${html(request)}</code>`))}
${output.length > 0 ? `<pre class="output">${html(output.join('\n'))}</pre>` : ''}
${hasEvidence ? `<div class="sides">${side(record, view, 'before')}${side(record, view, 'after')}</div>` : ''}
</div>
</details>`;
}

const levelSection = (record: RegressRecord, { title, changes, more }: LevelView): string =>
  `<h2>${html(title)}</h2>
${changes.map(view => changeSection(record, view)).join('\n')}
${more > 0 ? `<p>and ${more} more, in regress.json</p>` : ''}`;

const plainSection = (title: string, items: readonly string[]): string =>
  items.length === 0 ? '' : `<h2>${html(title)} (${items.length})</h2>${list(items.map(html))}`;

/** @param style the page's style; compiled from its sources if omitted */
export function renderRegressionHtml(record: RegressRecord, style = sheets(['base', 'regression'])): string {
  const view = regressionView(record);
  const hash = createHash('sha256').update(style, 'utf8').digest('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${html(view.title)}</title>
<style>${style}</style>
</head>
<body>
<main class="comparison">
<h1>${html(view.title)}</h1>
<p class="verdict ${view.outcome}">${html(view.sentence)}</p>
<p class="about">${html(view.about)}, ${html(record.run.started.slice(0, 10))}</p>
${view.notes.length > 0 ? `<div class="notes">${list(view.notes.map(html))}</div>` : ''}
${view.levels.map(level => levelSection(record, level)).join('\n')}
${plainSection(
  'Answered inconsistently',
  view.inconsistent.map(({ request, by }) => `${request}: ${by}`),
)}
${plainSection('Did not finish', view.unfinished)}
${plainSection('Accepted, but no longer happening', view.stale)}
</main>
</body>
</html>
`;
}
