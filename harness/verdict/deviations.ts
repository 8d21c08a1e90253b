/** Known deviations: engines that are known to differ from the Standard, each with what happens and a link. */
import { matcher } from '../case/select.ts';
import type { Check, EngineRecord } from './record.ts';

export interface Deviation {
  readonly id: string;
  readonly engine: 'chromium' | 'firefox' | 'webkit';
  /** Case ids or patterns. */
  readonly cases: readonly string[];
  /** Versions it was seen in: "153", or "150-156"; any if omitted. Compared by major version. */
  readonly versions?: string;
  /** Only builds or drivers that match this. */
  readonly build?: RegExp;
  /** The failing checks it explains, by id (`*` at the end stands for the rest), with what is observed instead where that is fixed. */
  readonly checks: Readonly<Record<string, string | true>>;
  /** One sentence: what happens instead. */
  readonly what: string;
  /** The bug, the spec issue or the engine's source; else the Standard's step that the engine leaves. */
  readonly link: string;
}

/** Every result asks every deviation: each one's patterns are compiled once. */
const compiled = new WeakMap<Deviation, ReturnType<typeof matcher>>();

function matches(deviation: Deviation, suite: string, caseId: string): boolean {
  const match = compiled.get(deviation) ?? matcher(deviation.cases);
  compiled.set(deviation, match);
  return match(suite, caseId);
}

/** True where a deviation is about this case in this very engine. */
export function concerns(deviation: Deviation, suite: string, caseId: string, engine: EngineRecord): boolean {
  if (deviation.engine !== engine.name || !matches(deviation, suite, caseId)) return false;
  if (
    deviation.build &&
    !deviation.build.test(`${engine.build} ${engine.channel} ${engine.driver} ${engine.os}`)
  )
    return false;
  if (!deviation.versions) return true;
  const [from = 0, to = from] = deviation.versions.split('-').map(Number);
  const major = Number.parseInt(engine.version, 10);
  return major >= from && major <= to;
}

/** True where a deviation explains a failed check. */
export function explains(deviation: Deviation, check: Check): boolean {
  return Object.entries(deviation.checks).some(([id, observed]) => {
    const same = id.endsWith('*') ? check.id.startsWith(id.slice(0, -1)) : check.id === id;
    return same && (observed === true || observed === check.observed);
  });
}
