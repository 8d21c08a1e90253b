/** Which cases a run is about. */
import type { Suite } from './schema.ts';

export interface Selection {
  /** Patterns of what to keep; none means all. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Cases that take minutes or hours are kept too. */
  readonly slow?: boolean;
}

/**
 * A pattern matches a case's id, its suite's id, or `suite:id`; `*` stands for any text, and the id of a row
 * stands for all its variants.
 */
export function matcher(patterns: readonly string[]): (suite: string, id: string) => boolean {
  const wanted = patterns.map(pattern => new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`));
  return (suite, id) => {
    const names = [id, id.split('/')[0] as string, suite, `${suite}:${id}`];
    return wanted.some(pattern => names.some(name => pattern.test(name)));
  };
}

const literal = (text: string): string => text.replace(/[.+?^${}()|[\]\\/]/g, '\\$&');

/** The suites with the selected cases only; a suite without any is left out. */
export function select(suites: readonly Suite[], selection: Selection): Suite[] {
  const wanted = selection.only?.length ? matcher(selection.only) : () => true;
  const unwanted = selection.skip?.length ? matcher(selection.skip) : () => false;
  return suites
    .map(suite => ({
      ...suite,
      cases: suite.cases.filter(
        one => (selection.slow || !one.slow) && wanted(suite.id, one.id) && !unwanted(suite.id, one.id),
      ),
    }))
    .filter(suite => suite.cases.length > 0);
}
