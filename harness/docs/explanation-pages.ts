/** The pages docs/explanations/: one for each reason that a browser gives, made from harness/explain/reasons.ts. */
import { MOVES, pageOf, REASONS, type ReasonId } from '../explain/reasons.ts';
import type { DocPages } from './pages.ts';

/** What the three engines of a run wrote to their consoles, as `npm run console-lines` collects it. */
export interface ConsoleLines {
  readonly builds: Readonly<Record<string, string>>;
  readonly scenarios: readonly {
    readonly reason: ReasonId;
    readonly lines: Readonly<Record<string, readonly string[]>>;
  }[];
}

/** @returns the pages and their index, by path from the root of the repository */
export function explanationPages(collected: ConsoleLines): DocPages {
  const ids = Object.keys(REASONS) as ReasonId[];
  const index = [
    '# What the browser means',
    '',
    'Paste the line from your console and get its page, with your own URL in it:',
    '',
    '```',
    "npx cors-conformance explain --message 'Access to fetch at … has been blocked by CORS policy: …'",
    '```',
    '',
    ...ids.map(id => `- [${REASONS[id].title}](${id}.md)`),
    '',
  ];
  return {
    'docs/explanations/README.md': index.join('\n'),
    ...Object.fromEntries(ids.map(id => [pageOf(id), page(id, collected)])),
  };
}

function page(id: ReasonId, collected: ConsoleLines): string {
  const { title, happened, move, fix, misunderstood } = REASONS[id];
  const lines = wordings(id, collected);
  return [
    `# ${title}`,
    '',
    happened,
    '',
    `**Whose move is it?** ${MOVES[move]}`,
    '',
    `**What to do:** ${fix}`,
    ...(misunderstood.length > 0
      ? ['', '## Often misunderstood', '', ...misunderstood.map(text => `- ${text}`)]
      : []),
    ...(lines.length > 0 ? ['', '## In the words of browsers', '', '```', ...lines, '```'] : []),
    '',
    'Check your own server: `npx cors-conformance explain URL --origin https://app.example`.',
    '',
    '[All explanations](README.md)',
    '',
  ].join('\n');
}

/** One line an engine, with the addresses of the run replaced by examples. */
function wordings(id: ReasonId, { scenarios }: ConsoleLines): string[] {
  const own = scenarios.filter(({ reason }) => reason === id);
  const first = (engine: string) =>
    own
      .map(({ lines }) => lines[engine]?.find(line => !/net::ERR_FAILED$/.test(line)))
      .find(line => line !== undefined);
  return ['chromium', 'firefox', 'webkit'].flatMap(engine => {
    const line = first(engine);
    return line === undefined
      ? []
      : [
          line
            .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'https://api.example')
            .replace(/http:\/\/localhost:\d+/g, 'https://app.example'),
        ];
  });
}
