/** Requests as a declared page sends them, asked without a page: for answers in which a browser would show no more. */

import type { HeaderLine } from '../wire/exchange.ts';
import { cookieLine, infoOf, type WireProbe } from './attempts.ts';
import { type PolicyResource, slug } from './config/read.ts';
import { type PolicyPlan, urlFor } from './plan.ts';

interface OwnRequest {
  /** The question that it belongs to. */
  readonly ask: string;
  /** What must hold, one sentence. */
  readonly must: string;
  readonly method: string;
  /** null for a request without an Origin. */
  readonly origin: string | null;
  /** Header lines that only this request has. */
  readonly lines?: readonly HeaderLine[];
  /** Tells it from others of its question about the same resource. */
  readonly word?: string;
  /** Default: that of the resource. */
  readonly url?: string;
}

/** @returns the request with all that the policy sends for the resource: its headers and, with credentials, its cookies */
export function pageProbe(plan: PolicyPlan, resource: PolicyResource, own: OwnRequest): WireProbe {
  const { ask, must, method, origin, lines = [], word, url = urlFor(plan, resource.path) } = own;
  const { credentials, name, headers } = resource;
  return {
    id: `${ask}/${slug(word === undefined ? name : `${name} ${word}`)}`,
    about: infoOf(resource, { ask, origin, method, credentials }),
    must,
    request: {
      method,
      url,
      headers: [
        ...headers,
        ...(origin === null ? [] : [['Origin', origin] as const]),
        ...lines,
        ...(credentials ? cookieLine(resource) : []),
      ],
    },
  };
}
