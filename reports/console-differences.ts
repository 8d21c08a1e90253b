/** The console's section on where engines differ: counts per suite, then every such case. */
import type { RunRecord } from '../harness/verdict/record.ts';
import { type CaseDifference, differencesOf } from './differences.ts';
import { visible } from './escape.ts';
import { columns, cut, flow, type Palette, paragraph } from './terminal.ts';
import { count } from './words.ts';

const MOST_GROUPS = 12;

/** Cases in which the engines do the same things belong together. */
interface Group {
  readonly kind: string;
  readonly ids: string[];
  /** Engines by what they did. */
  readonly alike: ReadonlyMap<string, readonly string[]>;
}

function groupsOf(rows: readonly CaseDifference[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { row, views, amongEngines, fromStandard } of rows) {
    const kind = [...(amongEngines ? ['≠'] : []), ...(fromStandard ? ['§'] : [])].join(' ');
    const alike = new Map<string, string[]>();
    for (const view of views) {
      const said = view.standard ? view.did : `${view.did} — differs from the Standard`;
      alike.set(said, [...(alike.get(said) ?? []), view.engine]);
    }
    const key = JSON.stringify([row.case.suite, kind, ...alike]);
    const group = groups.get(key) ?? { kind, ids: [], alike };
    groups.set(key, group);
    group.ids.push(row.case.id);
  }
  return [...groups.values()];
}

function groupLines({ kind, ids, alike }: Group, width: number, p: Palette): string[] {
  const label = Math.max(...[...alike.values()].map(engines => engines.join(', ').length)) + 2;
  const [first = '', ...more] = paragraph('', ids.join(', '), { indent: 6, width, most: 2000 });
  return [
    `  ${p.yellow(kind.padEnd(3))} ${p.bold(first.trimStart())}`,
    ...more.map(p.bold),
    ...[...alike].flatMap(([said, engines]) =>
      paragraph(engines.join(', ').padEnd(label), said, { indent: 6, width, most: 200 }),
    ),
  ];
}

/** Empty if fewer than two browsers ran. @param all every row instead of the first ones */
export function consoleDifferences(record: RunRecord, width: number, p: Palette, all: boolean): string[] {
  const { rows, suites, compared } = differencesOf(record);
  if (compared === 0)
    return all ? ['  nothing to compare: fewer than two browsers gave a verdict on one case'] : [];
  if (rows.length === 0)
    return [`  nowhere: the same in ${count(compared, 'case')}, and as the Standard says`];
  const differing = suites.filter(suite => suite.fromStandard + suite.amongEngines > 0);
  const table = columns([
    ['', p.dim('cases'), p.dim('§ Standard'), p.dim('≠ each other')],
    ...differing.map(suite => [
      cut(visible(suite.suite), Math.floor(width / 3)),
      String(suite.cases).padStart(5),
      String(suite.fromStandard).padStart(10),
      String(suite.amongEngines).padStart(12),
    ]),
  ]);
  const legend = flow(['§ differs from the Standard', '≠ browsers differ from each other'], 2, width);
  const groups = groupsOf(rows);
  const shown = all ? groups : groups.slice(0, MOST_GROUPS);
  const hidden = groups.slice(shown.length).reduce((sum, group) => sum + group.ids.length, 0);
  return [
    ...table,
    '',
    ...legend,
    '',
    ...shown.flatMap(group => groupLines(group, width, p)),
    ...(hidden > 0
      ? ['', `  and ${count(hidden, 'more case')}: run with --only-differences to list them all`]
      : []),
  ];
}
