/** A run of the gallery on a terminal: a row per stack, then what is not as it must be. */
import { type GalleryEntry, type GalleryRecord, isProven } from '../harness/stacks/gallery-record.ts';
import { visible } from './escape.ts';
import { type Palette, palette } from './terminal.ts';
import { count } from './words.ts';

const versionsOf = ({ versions }: GalleryEntry): string =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');

const rulesOf = (found: readonly { readonly rule: string }[]): string =>
  found.map(one => one.rule).join(', ') || 'nothing';

function problems(entry: GalleryEntry): string[] {
  const policies = entry.policies
    .filter(one => !one.proven)
    .map(
      one =>
        `policy ${one.policy}: ${one.trouble ?? `found ${rulesOf(one.found)}; announced ${one.announced.join(', ') || 'nothing'}`}`,
    );
  const mutations = entry.mutations
    .filter(one => !one.proven)
    .map(
      one =>
        `not found: ${one.mistake} (policy ${one.policy}): ${one.trouble ?? `wanted ${one.wanted}; found ${one.found.join(', ') || 'nothing'}`}`,
    );
  const first = entry.gettingStarted?.trouble;
  return [...policies, ...mutations, ...(first === undefined ? [] : [`getting-started page: ${first}`])];
}

function entryLines(entry: GalleryEntry, paint: Palette): string[] {
  if (entry.notRun !== undefined)
    return [`${paint.yellow('–')} ${paint.bold(entry.title)}  not run: ${visible(entry.notRun)}`];
  const { policies, mutations, engines, gettingStarted } = entry;
  const kept = policies.filter(one => one.proven).length;
  const found = `found ${mutations.filter(one => one.proven).length}/${mutations.length}`;
  const mark = isProven(entry) ? paint.green('✓') : paint.red('✗');
  const lines = [
    `${mark} ${paint.bold(entry.title)}  ${visible(versionsOf(entry))}`,
    `    policies kept ${kept}/${policies.length} in ${engines.map(one => one.name).join(', ') || 'no engine'}; mistakes ${mutations.length > 0 ? found : 'not tried'}`,
  ];
  for (const one of policies.filter(({ announced }) => announced.length > 0))
    lines.push(`    announced for ${one.policy}: ${one.announced.join(', ')}`);
  if (gettingStarted && gettingStarted.trouble === undefined)
    lines.push(`    as its documentation begins: ${rulesOf(gettingStarted.found)}`);
  return [...lines, ...problems(entry).map(problem => `    ${paint.red('✗')} ${visible(problem)}`)];
}

/** @param options colour; and only what is not proven (`quiet`) */
export function renderGallery(
  { entries, interrupted }: GalleryRecord,
  { color, quiet = false }: { readonly color: boolean; readonly quiet?: boolean | undefined },
): string {
  const paint = palette(color);
  const ran = entries.filter(one => one.notRun === undefined);
  const done = `${ran.filter(isProven).length} of ${count(ran.length, 'stack')}`;
  const mistakesTried = ran.length === 0 || ran.some(one => one.mutations.length > 0);
  const after = interrupted
    ? `interrupted after ${interrupted.done} of ${count(interrupted.of, 'stack')}: `
    : '';
  return `${[
    ...entries.filter(one => !quiet || !isProven(one)).flatMap(one => entryLines(one, paint)),
    ...(quiet ? [] : ['']),
    `${after}${mistakesTried ? `${done} proven` : `policies kept on ${done}`}, ${entries.length - ran.length} not run`,
  ].join('\n')}\n`;
}
