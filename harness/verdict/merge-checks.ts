/** What became of a policy's checks in the parts of a run, as if it had been one. Pure. */
import { type CheckState, inEngineOrder } from './finding.ts';

/** A part that tried a check outweighs one that did not, and one that found it broken all others. */
const WEIGHT = { broken: 2, kept: 1, 'not-tried': 0 } as const;

/** Every part makes the wire's attempts by itself: they are the same ones, not more. */
const onWire = (engine: string): boolean => engine === 'model' || engine === 'wire';

function joinTried(one: CheckState['tried'], other: CheckState['tried']): CheckState['tried'] {
  const attempts = new Map(one.map(item => [item.engine, item.attempts]));
  for (const { engine, attempts: more } of other) {
    const known = attempts.get(engine) ?? 0;
    attempts.set(engine, onWire(engine) ? Math.max(known, more) : known + more);
  }
  return inEngineOrder([...attempts].map(([engine, n]) => ({ engine, attempts: n })));
}

function join(one: CheckState, other: CheckState): CheckState {
  const decisive = WEIGHT[other.state] > WEIGHT[one.state] ? other : one;
  const { accepted: _, ...rest } = decisive;
  const broken = [one, other].filter(({ state }) => state === 'broken');
  const accepted = broken.length > 0 && broken.every(check => check.accepted);
  return { ...rest, tried: joinTried(one.tried, other.tried), ...(accepted && { accepted }) };
}

/** @param parts the checks of each part, in the order of the catalogue */
export function mergeChecks(parts: readonly (readonly CheckState[])[]): CheckState[] {
  const byId = new Map<string, CheckState>();
  for (const check of parts.flat()) {
    const known = byId.get(check.id);
    byId.set(check.id, known ? join(known, check) : check);
  }
  return [...byId.values()];
}
