/** Whether a record tells all of the run that was asked for. Pure. */
import { grouped, wordList } from '../case/words.ts';
import type { RunRecord } from './record.ts';

export interface Incompleteness {
  /** "Interrupted after 12 of 64.", "Part 1 of 4 of a run." */
  readonly sentence: string;
  /** Short, for a badge: "interrupted", "part 1 of 4". */
  readonly short: string;
  /** True if the rest should be here and is not: then nothing about the record is green. */
  readonly fails: boolean;
}

type Shards = NonNullable<RunRecord['run']['shards']>;

const parts = (numbers: readonly number[]): string =>
  `part${numbers.length === 1 ? '' : 's'} ${wordList(numbers)}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function ofShards({ of, has, merged }: Shards): Incompleteness | null {
  const missing = Array.from({ length: of }, (_, n) => n + 1).filter(n => !has.includes(n));
  if (missing.length === 0) return null;
  const short = has.length === 0 ? `none of ${of} parts in every engine` : `${parts(has)} of ${of}`;
  if (!merged) return { sentence: `${capital(short)} of a run.`, short, fails: false };
  const verb = missing.length === 1 ? 'is' : 'are';
  return {
    sentence: `${capital(short)} of a run: ${parts(missing)} ${verb} missing.`,
    short,
    fails: true,
  };
}

/** What is missing of a run; null if nothing is. */
export function incompletenessOf({ run }: Pick<RunRecord, 'run'>): Incompleteness | null {
  const part = run.shards ? ofShards(run.shards) : null;
  if (!run.interrupted) return part;
  const { done, of } = run.interrupted;
  const numbers = `${grouped(done)} of ${grouped(of)}`;
  const also = part === null ? '' : ` ${part.sentence}`;
  return {
    sentence: `Interrupted after ${numbers} results.${also}`,
    short: `interrupted after ${numbers}`,
    fails: true,
  };
}

/** The numbers of the parts that every engine has: engines may have run on machines of their own, each in parts. */
function heldByAll(sharded: readonly Pick<RunRecord, 'run' | 'engines'>[], of: number): number[] {
  const engines = new Set(sharded.flatMap(record => record.engines.map(({ name }) => name)));
  const isHeld = (part: number, engine?: string) =>
    sharded.some(
      ({ run, engines: own }) =>
        run.shards?.has.includes(part) && (engine === undefined || own.some(({ name }) => name === engine)),
    );
  return Array.from({ length: of }, (_, n) => n + 1).filter(
    part => isHeld(part) && [...engines].every(engine => isHeld(part, engine)),
  );
}

/** The parts of one run put together: what all of them hold, and whether that is everything. */
export function mergeCompleteness(
  records: readonly Pick<RunRecord, 'run' | 'engines'>[],
): Pick<RunRecord['run'], 'interrupted' | 'shards'> {
  const cut = records.flatMap(({ run }) => run.interrupted ?? []);
  const sharded = records.filter(({ run }) => run.shards);
  const of = Math.max(0, ...sharded.map(({ run }) => run.shards?.of ?? 0));
  const has = heldByAll(sharded, of);
  return {
    ...(cut.length > 0 && {
      interrupted: {
        done: cut.reduce((sum, { done }) => sum + done, 0),
        of: cut.reduce((sum, item) => sum + item.of, 0),
      },
    }),
    ...(has.length < of && { shards: { of, has, merged: true } }),
  };
}
