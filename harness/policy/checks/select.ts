/** Chooses checks by name. */
import type { PolicyCheck } from './check.ts';
import { CHECKS } from './index.ts';

/** Names nothing that there is. */
export class UnknownCheckError extends Error {
  override readonly name = 'UnknownCheckError';
}

const toRegex = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);

/** How many letters two words share at their beginning, or one within the other. */
function likeness(a: string, b: string): number {
  if (a.includes(b) || b.includes(a)) return Math.min(a.length, b.length);
  let n = 0;
  while (n < a.length && a[n] === b[n]) n++;
  return n;
}

function matching(pattern: string): PolicyCheck[] {
  const regex = toRegex(pattern);
  const found = CHECKS.filter(({ id }) => regex.test(id));
  if (found.length > 0) return found;
  const [near] = [...CHECKS].sort((a, b) => likeness(b.id, pattern) - likeness(a.id, pattern));
  throw new UnknownCheckError(
    `there is no check "${pattern}"; did you mean ${near?.id}? docs/checks.md lists them`,
  );
}

/**
 * @param only ids, with * for any text; undefined: all
 * @param skip those that are left out
 * @throws UnknownCheckError for a name that no check has
 */
export function selectChecks(
  only: readonly string[] | undefined,
  skip: readonly string[] = [],
): PolicyCheck[] {
  const wanted = new Set(only ? only.flatMap(matching) : CHECKS);
  for (const check of skip.flatMap(matching)) wanted.delete(check);
  return CHECKS.filter(check => wanted.has(check));
}
