/** Whether a comparison could have shown anything: two servers that were not asked what they decide are not "the same". */
import { ASKING_ORIGIN, answerFacts } from './facts.ts';
import { SIDES, UNROUTED } from './plan.ts';
import { exchangesOf, type Run } from './runs.ts';

export interface Gap {
  readonly id: 'no-answer' | 'no-cors-header' | 'no-origin-allowed' | 'no-success';
  /** One sentence. */
  readonly text: string;
}

/** @param runs every probe, once per engine. @returns why they show nothing; empty if they do */
export function gapsOf(runs: readonly Run[]): Gap[] {
  const answers = runs.flatMap(run =>
    SIDES.flatMap(side =>
      exchangesOf(run, side).map(exchange => ({ run, exchange, ...answerFacts(exchange) })),
    ),
  );
  if (answers.length === 0) return [];
  const answered = answers.filter(({ status }) => status !== null);
  if (answered.length === 0) return [{ id: 'no-answer', text: 'No request was answered by either server.' }];
  const gaps: Gap[] = [];
  const carriesCors = answered.some(({ exchange }) =>
    exchange.response?.headers.some(([name]) => /^access-control-allow-/i.test(name)),
  );
  if (!carriesCors)
    gaps.push({ id: 'no-cors-header', text: 'No answer of either server carried a CORS header.' });
  else if (!listedAllowed(runs))
    gaps.push({
      id: 'no-origin-allowed',
      text: `Neither server allowed any request from ${originsText(runs)}.`,
    });
  const actual = answered.filter(
    ({ role, method, run }) => role === 'actual' && method !== 'OPTIONS' && run.probe.path !== UNROUTED,
  );
  if (actual.length > 0 && actual.every(({ status }) => Number(status) >= 400)) {
    const statuses = [...new Set(actual.map(({ status }) => status))].sort();
    gaps.push({
      id: 'no-success',
      text: `Every request failed with ${statuses.join(', ')}, so no route of the server was reached.`,
    });
  }
  return gaps;
}

const isListed = (run: Run): boolean => run.probe.originKind === 'listed';

/** True also if nobody was asked for a listed origin, and if a preflight allows the origin but not the method. */
function listedAllowed(runs: readonly Run[]): boolean {
  const listed = runs.filter(isListed);
  if (listed.length === 0) return true;
  return listed.some(run =>
    SIDES.some(side =>
      exchangesOf(run, side).some(exchange => {
        const value = answerFacts(exchange).headers['access-control-allow-origin'];
        return value === ASKING_ORIGIN || value === '*';
      }),
    ),
  );
}

function originsText(runs: readonly Run[]): string {
  const origins = new Set(runs.filter(isListed).map(({ probe }) => probe.origin));
  return [...origins].join(' or ');
}

const ADVICE: Readonly<Record<Gap['id'], string>> = {
  'no-answer': 'Ask the servers with curl to see what they do.',
  'no-cors-header':
    'With --origin, name an origin that the server allows, and with --path a path for which it has CORS; if --only is given, select more.',
  'no-origin-allowed':
    'With --origin, name an origin that the server allows; if --only is given, select more.',
  'no-success': 'With --path, name a path that the server serves.',
};

/** What to do next about each of them. */
export const gapAdvice = (gaps: readonly { readonly id: string }[]): string[] =>
  gaps.flatMap(({ id }) => ADVICE[id as Gap['id']] ?? []);
