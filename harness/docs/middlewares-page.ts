/** docs/middlewares.md: what the gallery found, stack by stack, and what it means. */
import {
  enginesOfPolicies,
  type GalleryEntry,
  type GalleryRecord,
  type GettingStartedProof,
  type PolicyProof,
} from '../stacks/gallery-record.ts';
import { POLICY_IDS, type PolicyId } from '../stacks/proof.ts';
import type { Stack } from '../stacks/types.ts';
import type { DocPages } from './pages.ts';

const POLICY_TITLES: Readonly<Record<PolicyId, string>> = {
  'one-origin': 'One origin with credentials',
  'list-and-pattern':
    'A list of origins and a pattern of subdomains with credentials, a request header, an exposed header, a max-age',
  public: 'Public and read-only: every origin, without credentials',
  'two-resources': 'Two resources with different rules',
};

/** Nothing that comes from a package, a page or an error breaks a table or begins HTML. */
const cell = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|').replace(/\s+/g, ' ');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
];

/** docs/findings has a page for each. */
const toCheck = (id: string, text = id): string => `[${text}](findings/${id}.md)`;

const versionsOf = ({ versions }: GalleryEntry): string =>
  Object.entries(versions)
    .map(([name, version]) => cell(`${name} ${version}`))
    .join('<br>');

/** What a policy's cell says: kept, kept but for what was announced, or not. */
function policyCell(proof: PolicyProof | undefined): string {
  if (proof === undefined) return '–';
  const { proven, announced, found, trouble } = proof;
  if (!proven) return `✗ ${cell(trouble ?? found.map(one => one.rule).join(', '))}`;
  return announced.length === 0 ? '✓' : `✓ but ${announced.map(id => toCheck(id)).join(', ')}`;
}

/** The engines that saw every policy; of the others, the policies that they saw. */
function enginesCell(entry: GalleryEntry): string {
  const { all, some } = enginesOfPolicies(entry);
  const numbersOf = (name: string) =>
    POLICY_IDS.flatMap((id, i) =>
      entry.policies.some(one => one.policy === id && one.engines.includes(name)) ? [i + 1] : [],
    );
  return [...all, ...some.map(name => `${name} (${numbersOf(name).join(', ')})`)].join(', ');
}

/** The browsers that took part, with their releases. */
function enginesText(entries: readonly GalleryEntry[]): string {
  const releases = entries.flatMap(one => one.engines).filter(one => one.name !== 'model');
  const told = [...new Set(releases.map(({ name, version }) => cell(`${name} ${version}`)))].sort();
  return told.length > 0 ? told.join(', ') : 'no browser yet';
}

function configurationRow(stack: Stack, entry: GalleryEntry | undefined): string[] {
  const title = `[${cell(stack.title)}](${stack.docs})`;
  const reason = stack.notProven ?? entry?.notRun ?? (entry ? undefined : 'not run yet');
  if (entry === undefined || reason !== undefined)
    return [title, `not run: ${cell(reason ?? '')}`, ...POLICY_IDS.map(() => '–'), '–', '–', '–'];
  const found = entry.mutations.filter(one => one.proven).length;
  return [
    title,
    versionsOf(entry),
    ...POLICY_IDS.map(id => policyCell(entry.policies.find(one => one.policy === id))),
    enginesCell(entry),
    `${found} of ${entry.mutations.length}`,
    entry.date,
  ];
}

interface Begun {
  readonly stack: Stack;
  readonly first: GettingStartedProof;
}

function begun(stacks: readonly Stack[], entryOf: (stack: Stack) => GalleryEntry | undefined): Begun[] {
  return stacks.flatMap(stack => {
    const first = entryOf(stack)?.gettingStarted;
    return first && first.trouble === undefined ? [{ stack, first }] : [];
  });
}

/** The checks that are a finding anywhere, the most broken first. */
function foundChecks(all: readonly Begun[]): string[] {
  const count = (id: string) => all.filter(({ first }) => first.broken.includes(id)).length;
  return [...new Set(all.flatMap(({ first }) => first.found.map(one => one.rule)))].sort(
    (a, b) => count(b) - count(a) || (a < b ? -1 : 1),
  );
}

function stateCell({ broken, kept }: GettingStartedProof, id: string): string {
  if (broken.includes(id)) return toCheck(id, '✗');
  return kept.includes(id) ? '✓' : '';
}

function beginningsTable(all: readonly Begun[]): string[] {
  const columns = foundChecks(all);
  return table(
    ['Stack', ...columns.map(id => toCheck(id))],
    all.map(({ stack, first }) => [
      `[${cell(stack.title)}](${stack.gettingStarted.source})`,
      ...columns.map(id => stateCell(first, id)),
    ]),
  );
}

/**
 * The page.
 * @param record what the gallery found so far
 * @param stacks all of them, in the order of the page
 * @returns the page, by its path from the root of the repository
 */
export function middlewaresPage(record: GalleryRecord, stacks: readonly Stack[]): DocPages {
  const entryOf = (stack: Stack) => record.entries.find(one => one.stack === stack.id);
  const ran = record.entries.filter(one => one.notRun === undefined);
  const beginnings = begun(stacks, entryOf);
  const days = ran.map(one => one.date).sort();
  const mistakes = ran.flatMap(one => one.mutations);
  const lines = [
    '# CORS, stack by stack',
    '',
    `${ran.length} stacks, each a real server with a pinned release, were given four policies and held against them, last`,
    `on ${days.at(-1) ?? 'no day yet'}. \`npx cors-conformance configure --stack NAME\` prints the configuration of each for your own policy;`,
    '`npm run gallery -- NAME --record` runs it again, `npm run docs` then writes this page.',
    '',
    '## Configurations that keep a policy',
    '',
    '✓: `verify` finds nothing. ✓ but …: it finds exactly what `configure` announces, because the stack cannot do better.',
    `Mistakes: deliberate ones in these configurations, one at a time, and how many of them \`verify\` finds (${mistakes.filter(one => one.proven).length} of ${mistakes.length}).`,
    'The model is the Fetch Standard itself, without a browser. An engine has held a server against all four policies, or',
    `against those in brackets; an engine that is not named was not run. Releases: ${enginesText(ran)}.`,
    '',
    ...POLICY_IDS.map((id, i) => `${i + 1}. ${POLICY_TITLES[id]}`),
    '',
    ...table(
      ['Stack', 'Versions', ...POLICY_IDS.map((_, i) => `Policy ${i + 1}`), 'Engines', 'Mistakes', 'Run'],
      stacks.map(stack => configurationRow(stack, entryOf(stack))),
    ),
    '',
    '## As their documentation begins',
    '',
    'The set-up that each getting-started page shows, with the origin of policy 1 if it names one, held against policy 1. Most',
    'are fine for a public API and wrong for anything with a login. ✗ is broken, ✓ is kept; an empty cell was not tried, most',
    'often because the request does not get so far.',
    '',
    ...beginningsTable(beginnings),
  ];
  return { 'docs/middlewares.md': `${lines.join('\n')}\n` };
}
