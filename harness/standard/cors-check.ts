/** The CORS check (Fetch, 4.10): may the response be shared with the request's origin? Bytes are compared as they are. */
import { get, type HeaderList } from './header-list.ts';

/** Why the CORS check fails. */
export type CorsFailure =
  | 'allow-origin-missing'
  | 'allow-origin-wildcard-with-credentials'
  | 'allow-origin-differs'
  | 'allow-credentials-missing'
  | 'allow-credentials-differs';

export interface CorsCheck {
  readonly ok: boolean;
  readonly failure?: CorsFailure;
  /** The combined values, as compared; null for absent. */
  readonly allowOrigin: string | null;
  /** Only looked at when credentials are included. */
  readonly allowCredentials?: string | null;
}

/**
 * @param origin the byte-serialized request origin
 * @param credentials the request's credentials mode
 * @param headers the response's header list
 */
export function corsCheck(origin: string, credentials: string, headers: HeaderList): CorsCheck {
  const allowOrigin = get(headers, 'access-control-allow-origin');
  if (allowOrigin === null) return { ok: false, failure: 'allow-origin-missing', allowOrigin };
  const included = credentials === 'include';
  if (!included && allowOrigin === '*') return { ok: true, allowOrigin };
  if (allowOrigin !== origin) {
    const failure = allowOrigin === '*' ? 'allow-origin-wildcard-with-credentials' : 'allow-origin-differs';
    return { ok: false, failure, allowOrigin };
  }
  if (!included) return { ok: true, allowOrigin };
  const allowCredentials = get(headers, 'access-control-allow-credentials');
  if (allowCredentials === 'true') return { ok: true, allowOrigin, allowCredentials };
  const failure = allowCredentials === null ? 'allow-credentials-missing' : 'allow-credentials-differs';
  return { ok: false, failure, allowOrigin, allowCredentials };
}
