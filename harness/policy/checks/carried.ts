/** What an answer carries instead of what lets a page read it, in words. */
import { headerValue } from '../../wire/exchange.ts';
import type { Trial } from '../trial.ts';

/** @returns for example "It carries Access-Control-Allow-Origin: * with credentials" */
export function carriedWords({ last, allowOrigin, about }: Trial): string {
  if (allowOrigin === null) return 'It carries no Access-Control-Allow-Origin';
  const allows = headerValue(last?.response?.headers ?? [], 'access-control-allow-credentials');
  const missing =
    about.credentials && allows !== 'true'
      ? `, and ${allows === null ? 'no ' : ''}Access-Control-Allow-Credentials${allows === null ? '' : `: ${allows}`}`
      : '';
  return `It carries Access-Control-Allow-Origin: ${allowOrigin}${missing}`;
}
