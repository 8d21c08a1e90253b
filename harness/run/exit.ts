/** The exit codes of every verb, and the errors that carry them. */
import type { Finding } from '../verdict/finding.ts';
import type { RunRecord } from '../verdict/record.ts';
import type { RunOptions } from './options.ts';

export const EXIT = {
  expected: 0,
  unexpected: 1,
  usage: 2,
  target: 3,
  harness: 4,
  nothingSelected: 5,
  /** Two servers were compared without being asked what they decide. */
  notExercised: 6,
  interrupted: 130,
} as const;

/**
 * An error whose message is meant for the user as it stands: one line that says what is wrong, where, and what
 * to do next. The command line prints it without a stack and ends with its code.
 */
export class CliError extends Error {
  readonly code: number;

  /** @param code one of EXIT; usage where omitted */
  constructor(message: string, code: number = EXIT.usage) {
    super(message);
    this.name = 'CliError';
    this.code = code;
  }
}

/** An engine in which no case came to a verdict has shown nothing; a part may have had nothing for it to do. */
function triedNothing({ results, run }: RunRecord, engine: string): boolean {
  const own = results.filter(result => result.engine === engine);
  if (own.length === 0 && run.shards) return false;
  return !own.some(({ verdict }) => ['pass', 'fail', 'info'].includes(verdict));
}

/**
 * What a record of `verify` says about a server: a finding that nobody has accepted, else trouble, else success.
 * Results that are not as expected do not count by themselves: where they are the server's fault, they are found.
 *
 * @param options.strict warnings count too
 * @param options.demanded every engine must have run, not just one
 */
export function codeOfFindings(
  record: RunRecord,
  options: { readonly strict?: boolean; readonly demanded: boolean },
): number {
  const counts = ({ accepted, severity }: Finding) =>
    !accepted && (severity === 'error' || (options.strict === true && severity === 'warning'));
  if (record.findings?.some(counts)) return EXIT.unexpected;
  const trouble = record.results.some(result => result.verdict === 'harness-error');
  // The model always comes first; whether browsers were to confirm it is for them to answer.
  const browsers = record.engines.filter(({ name }) => name !== 'model');
  const wanted = browsers.length > 0 ? browsers : record.engines;
  const absent = wanted.filter(
    engine => engine.notRun !== undefined || triedNothing(record, engine.name),
  ).length;
  const enough = options.demanded ? absent === 0 : absent < wanted.length;
  return trouble || !enough ? EXIT.harness : EXIT.expected;
}

/**
 * What a record says about a run: a result that is not as expected, else trouble, else success. What is not listed for
 * an engine's build counts unless the run let it pass.
 */
export function codeOf(record: RunRecord, options: Pick<RunOptions, 'missing'> = {}): number {
  const accepted = (outcome: string): boolean =>
    outcome === 'expected' || (outcome === 'unlisted' && record.run.unlisted === 'ok');
  const unexpected = record.results.filter(({ outcome }) => !accepted(outcome));
  if (unexpected.some(result => result.verdict !== 'harness-error')) return EXIT.unexpected;
  const known = new Set((options.missing ?? []).map(({ name }) => name));
  const broken = record.engines.some(engine => engine.notRun !== undefined && !known.has(engine.name));
  if (unexpected.length > 0 || broken || record.results.length === 0) return EXIT.harness;
  return EXIT.expected;
}
