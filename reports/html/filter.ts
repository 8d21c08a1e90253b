/** The report's filter: `firefox:fail is:different -suite:redirects max-age`. Used in the page, tested outside it. */
import { STATUS_NAMES, STATUSES, type Status } from '../status.ts';

/** What a row can be found by. */
export interface RowFacts {
  readonly id: string;
  readonly title: string;
  readonly suite: string;
  readonly class: string;
  /** `different`, `nonstandard`, `unexpected`. */
  readonly flags: ReadonlySet<string>;
  readonly statuses: ReadonlyMap<string, string>;
}

export interface Filter {
  readonly test: (row: RowFacts) => boolean;
  /** Words with a colon that the filter does not know, with what it would know. */
  readonly problems: readonly string[];
  /** True where everything matches. */
  readonly empty: boolean;
}

const ENGINES = ['chromium', 'firefox', 'webkit', 'model'];
const FLAGS = ['different', 'nonstandard', 'unexpected'];
const ALIASES: Readonly<Record<string, Status>> = {
  unexpected: 'fail',
  failed: 'fail',
  regression: 'fail',
  deviation: 'known',
  error: 'harness-error',
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

type Test = Filter['test'];

function testOf(key: string, value: string): Test | string {
  if (ENGINES.includes(key)) {
    const status = statusCalled(value);
    if (!status) return `${key}:${value} — a status is one of ${oneOf(STATUS_NAMES)}`;
    return row => row.statuses.get(key) === status;
  }
  switch (key) {
    case 'is': {
      if (FLAGS.includes(value)) return row => row.flags.has(value);
      const status = statusCalled(value);
      if (!status) return `is:${value} — it can be ${oneOf([...FLAGS, ...STATUS_NAMES])}`;
      return row => [...row.statuses.values()].includes(status);
    }
    case 'suite':
      return row => row.suite.toLowerCase().includes(value);
    case 'id':
      return row => row.id.toLowerCase().includes(value);
    case 'class':
      return row => row.class === value;
    default:
      return `${key}: — before a colon stands ${oneOf(['is', 'suite', 'id', 'class', ...ENGINES])}`;
  }
}

/** All words must hold; `-` in front turns one around; quotes keep spaces together; case is ignored. */
export function parseFilter(query: string): Filter {
  const tests: Test[] = [];
  const problems: string[] = [];
  for (const [, minus = '', key, quoted, plain] of query
    .toLowerCase()
    .matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"?|([^\s"]+))/g)) {
    const value = quoted ?? plain ?? '';
    if (value === '') continue;
    const test: Test | string =
      key === undefined
        ? row => `${row.id}\n${row.title}\n${row.suite}`.toLowerCase().includes(value)
        : testOf(key, value);
    if (typeof test === 'string') problems.push(test);
    else tests.push(minus === '-' ? row => !test(row) : test);
  }
  return { test: row => tests.every(test => test(row)), problems, empty: tests.length === 0 };
}
