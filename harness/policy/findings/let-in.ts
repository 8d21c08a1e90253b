/** Who may read although the policy does not allow it, in groups that can be read at a glance. */
import type { Attacker } from '../attacker.ts';

/** Kinds that are told by name, not counted as look-alikes. */
const NAMED: Readonly<Record<string, string>> = {
  null: 'null',
  hosting: 'pages on hosts for everybody',
  localhost: 'local pages',
  private: 'pages of the local network',
  scheme: 'other schemes',
  port: 'other ports',
  app: 'extensions and apps',
};

/**
 * @param attackers those that were let in
 * @returns for example "any https site", "null", "6 look-alikes such as https://app.example.com.evil.example"
 */
export function groupLetIn(attackers: readonly Pick<Attacker, 'kind' | 'origin'>[]): string[] {
  const groups = new Set<string>();
  if (attackers.some(({ kind }) => kind === 'unrelated')) groups.add('any https site');
  for (const { kind } of attackers) {
    const name = NAMED[kind];
    if (name !== undefined) groups.add(name);
  }
  const alike = attackers.filter(({ kind }) => kind !== 'unrelated' && !(kind in NAMED));
  const origins = [...new Set(alike.map(({ origin }) => origin))];
  if (origins.length === 1) groups.add(origins[0] as string);
  else if (origins.length > 1) groups.add(`${origins.length} look-alikes such as ${origins[0]}`);
  return [...groups];
}
