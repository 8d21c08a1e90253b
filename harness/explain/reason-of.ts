/** From what the model says of a failed request to the everyday words for it. */
import { isRedirectStatus } from '../standard/redirect.ts';
import { isOkStatus } from '../standard/response.ts';
import type { Prediction } from '../standard/types.ts';
import type { ReasonId } from './reasons.ts';

/** Reasons by the step of the Standard that stopped the request. */
const REASON_OF_STEP: Readonly<Record<string, ReasonId>> = {
  'cors.allow-origin-missing': 'allow-origin-missing',
  'cors.allow-origin-wildcard-with-credentials': 'wildcard-with-credentials',
  'cors.allow-credentials-missing': 'allow-credentials-missing',
  'cors.allow-credentials-differs': 'allow-credentials-missing',
  'preflight.status': 'preflight-status',
  'preflight.redirect': 'preflight-redirect',
  'preflight.list-invalid': 'list-invalid',
  'preflight.method': 'method-not-allowed',
  'preflight.header': 'header-not-allowed',
  'redirect.scheme': 'redirect-scheme',
  'redirect.credentials-cross-origin': 'redirect-with-userinfo',
  'redirect.credentials-tainted': 'redirect-with-userinfo',
  'mixed-content': 'mixed-content',
  corp: 'resource-policy',
};

/** @returns the reason of the step that stopped the request; null if none did, or if there are no words for it */
export function reasonOf({ trace, script }: Pick<Prediction, 'trace' | 'script'>): ReasonId | null {
  if (script.outcome === 'readable' || script.outcome === 'opaque') return null;
  const stop = trace.findLast(step => step.result === 'stop');
  if (stop?.id.startsWith('cors.') && stop.values.at === 'preflight') {
    // What follows from the status comes first: headers on an error or a redirect would not help.
    const status = Number(stop.values.status);
    if (isRedirectStatus(status)) return 'preflight-redirect';
    if (!isOkStatus(status)) return 'preflight-status';
  }
  if (stop?.id === 'cors.allow-origin-differs')
    return reasonOfOrigin(stop.values['Access-Control-Allow-Origin'] ?? '');
  return REASON_OF_STEP[stop?.id ?? ''] ?? null;
}

/** The Standard compares bytes; people need to hear what is odd about them. */
function reasonOfOrigin(value: string): ReasonId {
  if (/[,\s]/.test(value.trim())) return 'allow-origin-multiple';
  if (value === 'null' || /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+\/?$/i.test(value)) return 'allow-origin-differs';
  return 'allow-origin-invalid';
}
