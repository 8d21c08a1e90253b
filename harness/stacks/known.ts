/** A stack as findings know it: with the lines that set what a policy declares. */
import type { Concept } from '../policy/checks/check.ts';
import type { KnownStack } from '../policy/findings/remedies.ts';
import { STACK_ADVICE } from './advice.ts';
import type { CorsPolicy } from './cors-policy.ts';
import type { GalleryEntry } from './gallery-record.ts';
import { isSetting, settingLines } from './setting-lines.ts';
import type { Stack } from './types.ts';

/** A configuration of which more lines than these set one thing is rather shown whole. */
const MOST_LINES = 8;

/** Names that our own examples have given a file: a project calls it otherwise. */
const NAME_OF_OURS = /^(?:server|main|worker|app|cors)\.\w+$/;

/** Where lines belong; only a file that the stack itself names is worth naming, unless there are several. */
const headOf = (stack: Stack, path: string, alone: boolean): string =>
  alone && NAME_OF_OURS.test(path) ? `${stack.title}:` : `${stack.title}, in ${path}:`;

type Concepts = readonly [Concept, ...Concept[]];

function textFor(stack: Stack, policy: CorsPolicy, [concept, ...too]: Concepts): string | undefined {
  const advice = STACK_ADVICE[stack.id] as Readonly<Partial<Record<Concept, string>>> | undefined;
  if (!isSetting(concept)) return advice?.[concept];
  const files = settingLines(stack, policy, [concept, ...too.filter(isSetting)]);
  const count = files.reduce((sum, { lines }) => sum + lines.length, 0);
  if (count === 0 || count > MOST_LINES) return undefined;
  return files
    .flatMap(({ path, lines }) => [
      headOf(stack, path, files.length === 1),
      ...lines.map(line => `  ${line}`),
    ])
    .join('\n');
}

/** The CORS layer itself: the first of what was installed; of Maven without the group. */
const mainVersion = ({ versions }: GalleryEntry): string =>
  Object.entries(versions)[0]
    ?.join(' ')
    .replace(/^[\w.-]+:/, '') ?? '';

interface Known {
  /** Only the server's answers hint at it. */
  readonly guessed: boolean;
  /** Lines are wanted, even if they mean something in the whole configuration only. */
  readonly fragments?: boolean;
  /** What the gallery last ran of it. */
  readonly proven?: GalleryEntry | undefined;
}

export const knownAs = (
  stack: Stack,
  policy: CorsPolicy,
  { guessed, fragments = false, proven }: Known,
): KnownStack => ({
  id: stack.id,
  title: stack.title,
  guessed,
  ...(stack.notProven !== undefined && { notProven: stack.notProven }),
  ...(proven !== undefined && { provenOn: mainVersion(proven) }),
  textFor: (concept, too) =>
    stack.onlyWhole && !fragments && isSetting(concept)
      ? undefined
      : textFor(stack, policy, too === undefined ? [concept] : [concept, too]),
});
