/** What script can see of an answer's headers, against what the policy declares. */
import type { PolicyResource } from '../config/read.ts';
import type { Trial } from '../trial.ts';

/** Lower-case names of the headers that were sent and that script saw; null if it could not read the answer. */
export function seenByScript(
  trial: Trial,
): { sent: ReadonlySet<string>; visible: ReadonlySet<string> } | null {
  const answer = trial.actual?.response;
  if (!trial.readable || !answer) return null;
  return {
    sent: new Set(answer.headers.map(([name]) => name.toLowerCase())),
    visible: new Set((trial.script?.headers ?? []).map(([name]) => name.toLowerCase())),
  };
}

export function declaredNames({ exposedHeaders }: PolicyResource): { any: boolean; names: string[] } {
  return { any: exposedHeaders.includes('*'), names: exposedHeaders.map(name => name.toLowerCase()) };
}

export const nameList = (names: Iterable<string>): string => [...new Set(names)].sort().join(', ');
