/** How a run went, for colours and marks: the same in every report, and in step with the exit code. */

export const TONES = {
  good: { symbol: '✓', emoji: '✅' },
  /** Exit code 0, and still something to fix. */
  warning: { symbol: '!', emoji: '⚠️' },
  bad: { symbol: '✗', emoji: '❌' },
  /** The tool or an engine failed. */
  trouble: { symbol: '!', emoji: '⚠️' },
  /** Nothing was judged. */
  empty: { symbol: '○', emoji: '⚠️' },
} as const;

export type Tone = keyof typeof TONES;

export interface Summary {
  readonly tone: Tone;
  /** One or more sentences without a target's text in them. */
  readonly sentence: string;
}
