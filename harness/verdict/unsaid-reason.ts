/** What stands for the reason why something is accepted until somebody writes it down. */

const UNSAID = /^accepted on \d{4}-\d\d-\d\d: say why$/;

/** The reason of an entry that a command has just written. */
export const unsaidReason = (): string => `accepted on ${new Date().toISOString().slice(0, 10)}: say why`;

/** A sentence that asks for the reasons which nobody has written yet, with a blank before it; empty if there are none. */
export function askForReasons(entries: readonly { readonly reason: string }[]): string {
  const n = entries.filter(({ reason }) => UNSAID.test(reason)).length;
  if (n === 0) return '';
  return ` ${n === 1 ? 'One entry has' : `${n} entries have`} no reason yet: write it there, in "reason".`;
}
