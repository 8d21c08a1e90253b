/** The page docs/checks.md: every check of `verify`, made from harness/policy/checks, with a link to the page of each. */
import { CHECKS } from '../policy/checks/index.ts';
import { RANKS } from '../verdict/finding.ts';
import { findingPage, HARM } from './finding-pages.ts';
import type { DocPages } from './pages.ts';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The checks that harm in one way, in the order of the catalogue. */
function group(rank: number): string[] {
  const checks = CHECKS.filter(check => check.rank === rank);
  if (checks.length === 0) return [];
  return [
    `## ${capital(HARM[rank] ?? '')}`,
    '',
    ...checks.map(({ id, must }) => `- [${id}](${findingPage(id).replace('docs/', '')}): ${must}`),
    '',
  ];
}

/** @returns the page, by its path from the root of the repository */
export function checkPage(): DocPages {
  const lines = [
    '# What verify checks',
    '',
    'Each check is kept, broken or not tried; what was not tried is never a pass. A broken check is one finding, told once,',
    'and the worst comes first. `verify --only CHECK` tries some of them, `--skip CHECK` all others.',
    '',
    ...Object.values(RANKS).flatMap(group),
  ];
  return { 'docs/checks.md': `${lines.join('\n').trimEnd()}\n` };
}
