/** The lines of a stack's configuration that set a thing of a policy, or several: those that change once it is declared otherwise. */
import type { Concept } from '../policy/checks/check.ts';
import type { CorsPolicy, CorsRule } from './cors-policy.ts';
import type { Language, Stack } from './types.ts';

/** What options set. */
export type Setting = Extract<
  Concept,
  'origins' | 'credentials' | 'methods' | 'headers' | 'expose' | 'max-age' | 'private-network'
>;

/** Lines of one file of a configuration. */
export interface SettingLines {
  readonly path: string;
  readonly language: Language;
  /** In their order, as deep as they stand to each other. */
  readonly lines: readonly string[];
}

const OTHER_ORIGIN = 'https://declared-otherwise.example';
const OTHER_HEADER = 'X-Declared-Otherwise';

const without = <T>(items: readonly T[], one: T): readonly T[] =>
  items.includes(one) ? items.filter(item => item !== one) : [...items, one];

const otherwise: Readonly<Record<Setting, (rule: CorsRule) => Partial<CorsRule>>> = {
  origins: () => ({ origins: { any: false, exact: [OTHER_ORIGIN], patterns: [] } }),
  credentials: ({ credentials }) => ({ credentials: !credentials }),
  methods: ({ methods }) => ({ methods: without(methods, 'DELETE') }),
  headers: () => ({ requestHeaders: [OTHER_HEADER] }),
  expose: () => ({ exposedHeaders: [OTHER_HEADER] }),
  'max-age': ({ maxAge = 0 }) => ({ maxAge: maxAge + 61 }),
  'private-network': ({ privateNetwork }) => ({ privateNetwork: !privateNetwork }),
};

export const isSetting = (concept: Concept): concept is Setting => concept in otherwise;

const depthOf = (line: string): number => line.search(/\S/);

/** An item of a list, say: without the line that opens the list it does not tell what it sets. */
const isBare = (line: string): boolean =>
  !/[a-z]/i.test(line.replace(/"[^"]*"|'[^']*'/g, '').replace(/\$\w+/g, ''));

/** The lines of the first text that are not in the second, however often each stands there, with what opens lists. */
function onlyIn(text: string, other: string): string[] {
  const left = new Map<string, number>();
  for (const line of other.split('\n')) left.set(line, (left.get(line) ?? 0) + 1);
  const lines = text.split('\n');
  const chosen = new Set<number>();
  for (const [at, line] of lines.entries()) {
    const n = left.get(line) ?? 0;
    if (n > 0) left.set(line, n - 1);
    if (n > 0 || line.trim() === '') continue;
    const opener = lines.findLastIndex(
      (one, i) => i < at && one.trim() !== '' && depthOf(one) < depthOf(line),
    );
    if (opener >= 0 && isBare(line)) chosen.add(opener);
    chosen.add(at);
  }
  return lines.filter((_, at) => chosen.has(at));
}

function outdented(lines: readonly string[]): string[] {
  const depth = Math.min(...lines.map(depthOf));
  return lines.map(line => line.slice(depth));
}

/** @returns none if the stack has no line for it */
export function settingLines(stack: Stack, policy: CorsPolicy, settings: readonly Setting[]): SettingLines[] {
  const change = (rule: CorsRule): CorsRule =>
    Object.assign({ ...rule }, ...settings.map(setting => otherwise[setting](rule)));
  const [first, ...more] = policy.rules;
  const changed = stack.configure({ rules: [change(first), ...more.map(change)] });
  return stack.configure(policy).files.flatMap(({ path, language, text }) => {
    const other = changed.files.find(one => one.path === path)?.text ?? '';
    const lines = onlyIn(text, other);
    return lines.length === 0 ? [] : [{ path, language, lines: outdented(lines) }];
  });
}
