/** What the model's script sees, in the form in which a page reports it. */
import type { ScriptView } from '../standard/types.ts';
import type { ScriptReport } from './observation.ts';
import type { Api } from './schema.ts';

const KEPT = 65_536;

/** @param durationMs by the model's clock */
export function reportOf(view: ScriptView, api: Api, durationMs: number): ScriptReport {
  if (view.settled === 'unsettled') return { settled: 'unsettled', durationMs };
  const {
    outcome: _outcome,
    blockedAt: _blockedAt,
    nullBody: _nullBody,
    type,
    redirected,
    body,
    headers,
    events,
    ...rest
  } = view;
  return {
    ...rest,
    ...(headers && { headers }),
    ...(events && { events: withoutProgress(events) }),
    ...(body !== undefined && { body: body.slice(0, KEPT) }),
    // An XMLHttpRequest shows neither.
    ...(api === 'fetch' && type !== undefined && { type }),
    ...(api === 'fetch' && redirected !== undefined && { redirected }),
    durationMs,
  };
}

/** Pages leave progress out too: how many there are is a matter of speed. */
function withoutProgress(events: readonly string[]): string[] {
  return events.filter(event => !event.endsWith('progress'));
}
