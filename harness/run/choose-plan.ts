/** Which of the origins and paths that a server's sources name are worth asking: those that it answers. */
import { asPage } from '../lab/as-browser.ts';
import { type BySide, type ProbePlan, SIDES, type Side, UNROUTED } from '../regress/plan.ts';
import { ask } from '../wire/ask.ts';
import { headerValue } from '../wire/exchange.ts';
import { upstreamOf } from '../wire/server-link.ts';
import type { ComparedServers } from './compared-servers.ts';
import type { PlanCandidates } from './comparison-request.ts';

/** Two listed origins show whether one is told from the other; more only take time. */
const MOST_ORIGINS = 2;
const MOST_PATHS = 3;

interface Answered {
  /** Anything came back. */
  readonly answered: boolean;
  /** It was answered, and not with a failure. */
  readonly found: boolean;
  /** The origin that asked is allowed. */
  readonly allowed: boolean;
}

export interface ChosenPlan extends Omit<ProbePlan, 'bases'>, Pick<PlanCandidates, 'assumed'> {
  /** The sides that answer nothing, whatever they are asked. */
  readonly silent: readonly Side[];
  readonly patterns: readonly string[];
}

async function get(url: string, path: string, origin: string, timeoutMs: number): Promise<Answered> {
  const { response, end } = await ask(
    asPage({ method: 'GET', url: `${url}${path}`, headers: [['Origin', origin]] }),
    { upstream: upstreamOf(url), timeoutMs },
  );
  const value = response && headerValue(response.headers, 'access-control-allow-origin');
  return {
    answered: response !== null || end === 'malformed' || end === 'cut',
    found: response !== null && response.status < 400,
    allowed: value === origin || value === '*',
  };
}

/**
 * Asks both servers for every candidate, by GET, and keeps the first few that one of them answers and allows. What the
 * user named is kept as it stands.
 * @returns what is asked, without the bases; and which of the servers answered no request at all
 */
export async function choosePlan(candidates: PlanCandidates, servers: ComparedServers): Promise<ChosenPlan> {
  const { urls } = servers;
  const heard = new Set<Side>();
  const either = async (path: string, origin: string): Promise<Omit<Answered, 'answered'>> => {
    const answers: BySide<Answered> = {
      before: await get(urls.before, path, origin, servers.timeoutMs),
      after: await get(urls.after, path, origin, servers.timeoutMs),
    };
    await servers.settle();
    for (const side of SIDES) if (answers[side].answered) heard.add(side);
    return {
      found: SIDES.some(side => answers[side].found),
      allowed: SIDES.some(side => answers[side].allowed),
    };
  };
  const [firstOrigin = ''] = candidates.origins;
  let { assumed } = candidates;
  let paths = [...candidates.paths];
  // What the user named is asked as it stands; that it is answered at all has to be known as well.
  if (candidates.fixed.includes('paths')) await either(paths[0] ?? '/', firstOrigin);
  else {
    const found = await filtered(candidates.paths, async path => (await either(path, firstOrigin)).found);
    if (found.length > 0) paths = found;
    else if (!assumed.includes('paths') && (await either('/', firstOrigin)).found) {
      paths = ['/'];
      assumed = [...assumed, 'paths'];
    }
    paths = paths.slice(0, MOST_PATHS);
  }
  let origins = [...candidates.origins];
  if (!candidates.fixed.includes('origins') && origins.length > 1) {
    const [path = '/'] = paths;
    const allowed = await filtered(origins, async origin => (await either(path, origin)).allowed);
    origins = [...new Set([...allowed, ...origins])].slice(0, MOST_ORIGINS);
  }
  const { headers, patterns = [] } = candidates;
  const silent: Side[] = [];
  for (const side of SIDES)
    if (!heard.has(side) && !(await answersAnything(servers, side))) silent.push(side);
  return { origins, patterns, paths, headers, assumed, silent };
}

/** Whether a server that was silent so far answers what no policy and no route has to do with. */
async function answersAnything({ urls, timeoutMs, signal }: ComparedServers, side: Side): Promise<boolean> {
  const url = urls[side];
  for (const method of ['GET', 'OPTIONS']) {
    signal.throwIfAborted();
    const { response, end } = await ask(
      { method, url: `${url}${UNROUTED}`, headers: [] },
      { upstream: upstreamOf(url), timeoutMs, signal },
    );
    if (response !== null || end === 'malformed' || end === 'cut') return true;
  }
  return false;
}

async function filtered(
  items: readonly string[],
  isWanted: (item: string) => Promise<boolean>,
): Promise<string[]> {
  const kept: string[] = [];
  for (const item of items) if (await isWanted(item)) kept.push(item);
  return kept;
}
