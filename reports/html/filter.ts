/**
 * The report's filter: `firefox:fail or webkit:blocked -suite:redirects id:acao*`. Used in the page, tested outside it.
 */
import { ENGINE_FAMILIES } from '../../harness/case/engine-name.ts';
import { STATUS_NAMES, STATUSES, type Status } from '../status.ts';

/** What a row can be found by. */
export interface RowFacts {
  readonly id: string;
  readonly title: string;
  readonly suite: string;
  readonly class: string;
  /** `different`, `nonstandard`, `unexpected`. */
  readonly flags: ReadonlySet<string>;
  /** By engine. */
  readonly statuses: ReadonlyMap<string, string>;
  /** By engine: `readable`, `blocked:preflight`. */
  readonly outcomes: ReadonlyMap<string, string>;
  readonly expected: string;
}

export interface Filter {
  readonly test: (row: RowFacts) => boolean;
  /** Words with a colon that the filter does not know, with what it would know. */
  readonly problems: readonly string[];
  /** True if everything matches. */
  readonly empty: boolean;
}

/** Examples with what they find: the page's help. */
export const FILTER_HELP: readonly (readonly [example: string, finds: string])[] = [
  ['max-age', 'text in the title, id or suite'],
  ['"no preflight"', 'words that stand together'],
  ['firefox:fail', 'a status in one engine'],
  ['webkit:blocked', 'an outcome in one engine; also blocked:preflight'],
  ['is:known', 'a status in any engine; also is:different, is:nonstandard, is:unexpected'],
  ['outcome:opaque', 'an outcome in any engine'],
  ['expected:error', 'an expected outcome'],
  ['id:acao*', 'an id, * for any characters; likewise suite: and class:'],
  ['csp redirect', 'both words'],
  ['csp or redirect', 'either word'],
  ['-redirect', 'what does not have it'],
];

const FLAGS = ['different', 'nonstandard', 'unexpected'];
const OUTCOMES = [
  'readable',
  'blocked',
  'blocked:preflight',
  'blocked:response',
  'opaque',
  'error',
  'timeout',
];
const ALIASES: Readonly<Record<string, Status>> = {
  unexpected: 'fail',
  failed: 'fail',
  regression: 'fail',
  deviation: 'known',
  passed: 'pass',
  ok: 'pass',
  skipped: 'not-run',
};

function statusCalled(word: string): Status | null {
  const name = word.replace(/\s+/g, '-');
  if (Object.hasOwn(STATUSES, name)) return name as Status;
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? null) : null;
}

const oneOf = (known: readonly string[]): string => known.join(', ');

/** `blocked` is also `blocked:preflight`. */
const isOutcome = (seen: string | undefined, wanted: string): boolean =>
  seen !== undefined && (seen === wanted || seen.startsWith(`${wanted}:`));

type Test = Filter['test'];

/** Contains the text, or, with `*` for any characters, is as the pattern says. */
function matcher(value: string): (text: string) => boolean {
  if (!value.includes('*')) return text => text.toLowerCase().includes(value);
  const parts = value.split('*').map(part => part.replace(/[.+?^${}()|[\]\\/-]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`, 's');
  return text => pattern.test(text.toLowerCase());
}

function engineTest(engine: string, value: string): Test | string {
  if (OUTCOMES.includes(value)) return row => isOutcome(row.outcomes.get(engine), value);
  const status = statusCalled(value);
  if (status) return row => row.statuses.get(engine) === status;
  return `${engine}:${value} — it can be a status (${oneOf(STATUS_NAMES)}) or an outcome (${oneOf(OUTCOMES)})`;
}

function flagTest(value: string): Test | string {
  if (FLAGS.includes(value)) return row => row.flags.has(value);
  const status = statusCalled(value);
  if (status) return row => [...row.statuses.values()].includes(status);
  return `is:${value} — it can be ${oneOf([...FLAGS, ...STATUS_NAMES])}`;
}

function outcomeTest(key: string, value: string): Test | string {
  if (!OUTCOMES.includes(value)) return `${key}:${value} — it can be ${oneOf(OUTCOMES)}`;
  if (key === 'expected') return row => isOutcome(row.expected, value);
  return row => [...row.outcomes.values()].some(seen => isOutcome(seen, value));
}

function testOf(key: string, value: string, engines: readonly string[]): Test | string {
  if (engines.includes(key)) return engineTest(key, value);
  if (key === 'is') return flagTest(value);
  if (key === 'outcome' || key === 'expected') return outcomeTest(key, value);
  if (key === 'suite' || key === 'id' || key === 'class') {
    const matches = matcher(value);
    return row => matches(row[key]);
  }
  return `${key}: — before a colon comes ${oneOf(['is', 'suite', 'id', 'class', 'outcome', 'expected', ...engines])}`;
}

function textTest(value: string): Test {
  const matches = matcher(value.includes('*') ? `*${value}*` : value);
  return row => matches(`${row.id}\n${row.title}\n${row.suite}`);
}

const WORD = /(-?)(?:([a-z][a-z0-9@.=-]*):)?(?:"([^"]*)"?|([^\s"]+))/g;

/**
 * All words of a group must hold, one group of those that `or` parts; `-` turns a word around; case is ignored.
 * @param engines the names that may come before a colon: those of the run
 */
export function parseFilter(query: string, engines: readonly string[] = ENGINE_FAMILIES): Filter {
  const groups: Test[][] = [[]];
  const problems: string[] = [];
  for (const [whole, minus = '', key, quoted, plain] of query.toLowerCase().matchAll(WORD)) {
    if (whole === 'or' || whole === '|') {
      groups.push([]);
      continue;
    }
    const value = quoted ?? plain ?? '';
    if (value === '') continue;
    const test = key === undefined ? textTest(value) : testOf(key, value, engines);
    if (typeof test === 'string') problems.push(test);
    else groups.at(-1)?.push(minus === '-' ? row => !test(row) : test);
  }
  const filled = groups.filter(tests => tests.length > 0);
  return {
    test: row => filled.length === 0 || filled.some(tests => tests.every(test => test(row))),
    problems,
    empty: filled.length === 0,
  };
}
