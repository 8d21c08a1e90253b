/** How fetches use the memory cache of an engine that has one: what it holds goes by no CORS check, and no preflight. */
import { byteLowercase } from './bytes.ts';
import type { Fetching } from './fetching.ts';
import { updated } from './http-cache.ts';
import { isSynchronous, type KeptLoad, useOf } from './memory-cache.ts';
import { cacheModeOf } from './network.ts';
import { filterResponse } from './response.ts';
import type { FetchRequest, Header, ResponseReply } from './types.ts';

const goesAround = ({ agent }: Fetching, request: FetchRequest): boolean =>
  isSynchronous(request) || cacheModeOf(request, agent.quirks) === 'no-store';

/** What is kept for a request, if it serves as it is. What cannot serve makes way. */
export function keptLoad(fetching: Fetching, request: FetchRequest): ResponseReply | null {
  const { agent, clock } = fetching;
  const { memoryCache, quirks } = agent;
  if (!memoryCache) return null;
  const again = memoryCache.asksAgain(request);
  const kept = memoryCache.find(request);
  if (!kept || goesAround(fetching, request)) return null;
  const use = useOf(kept, request, { mode: cacheModeOf(request, quirks), now: clock.now(), again });
  if (use === 'at once') return taken(fetching, request, kept);
  memoryCache.forget(request);
  if (use === 'validated') fetching.validating = kept;
  return null;
}

/** What is kept, once a 304 has said that it is still valid. */
export function validatedLoad(
  fetching: Fetching,
  request: FetchRequest,
  answer: ResponseReply,
): ResponseReply | null {
  const { agent, validating, clock } = fetching;
  if (!validating || answer.status !== 304) return null;
  const response = updated(validating.response, { ...answer, headers: told(fetching, request, answer) });
  const kept = { ...validating, response, storedMs: clock.now() };
  agent.memoryCache?.keep(kept);
  return taken(fetching, request, kept);
}

/** The headers of a 304 that count: those of the CORS protocol, and what script may read. */
function told({ agent }: Fetching, request: FetchRequest, answer: ResponseReply): Header[] {
  const read = new Set(
    filterResponse(request, answer, agent.quirks).headers.map(([name]) => byteLowercase(name)),
  );
  return answer.headers.filter(([name]) => {
    const lower = byteLowercase(name);
    return lower.startsWith('access-control-') || read.has(lower);
  });
}

function taken(fetching: Fetching, request: FetchRequest, kept: KeptLoad): ResponseReply {
  request.urls = [...kept.request.urls];
  request.tainting = kept.request.tainting;
  fetching.answers.push(kept.response);
  fetching.trace.note('cache.used');
  return kept.response;
}

/** Keeps what a request has loaded, unless it asked for something else than it got. */
export function keepLoad(fetching: Fetching, request: FetchRequest, response: ResponseReply): void {
  const { agent, answers, validating, clock } = fetching;
  const { memoryCache } = agent;
  if (!memoryCache || validating || memoryCache.find(request)?.response === response) return;
  if (goesAround(fetching, request)) return;
  memoryCache.keep({ request, redirects: answers.slice(0, -1), response, storedMs: clock.now() });
}
