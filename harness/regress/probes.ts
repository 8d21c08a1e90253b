/**
 * Every probe of a comparison. The dimensions are those in which releases were seen to differ: origin, method, headers
 * that need a preflight, credentials, status, time, repetition, and what is in the HTTP cache.
 */
import type { Case, CaseRequest, Step } from '../case/schema.ts';
import { attackersFor } from '../policy/attackers.ts';
import { CHECK_LINKS, pageFor, step, urlAt } from '../policy/attempts.ts';
import { originRules } from '../policy/config/origins.ts';
import { slug } from '../policy/config/read.ts';
import { plainProbesFor } from './plain-probes.ts';
import {
  idOf,
  type OriginKind,
  type PageProbe,
  type Probe,
  type ProbePlan,
  SIDES,
  type Side,
  UNLISTED,
  UNROUTED,
} from './plan.ts';
import { FEW, FOREIGN, ONE, PLAIN, type RequestShape, shapesFor, titleOf } from './shapes.ts';

/** Longer than the five seconds for which a preflight without Access-Control-Max-Age may be remembered. */
const BEYOND_DEFAULT_MS = 6_500;

/**
 * Every probe, in the order in which it is sent.
 * @param round part of every URL, so that no cache answers for an earlier round
 */
export function probesFor(plan: ProbePlan, round = 1): Probe[] {
  const [path = '/', ...others] = plan.paths;
  const [first = 'https://app.example.com', ...origins] = plan.origins;
  const all = shapesFor(plan.headers);
  const few = all.filter(({ id }) => FEW.has(id));
  const foreign = all.filter(({ id }) => FOREIGN.has(id));
  const make = new PageProbes(plan, round);
  const listed = (shape: RequestShape, at: string, origin = first) =>
    make.single(shape, at, { origin, originKind: 'listed' });
  const unlisted = (shape: RequestShape, at: string) =>
    make.single(shape, at, { origin: UNLISTED, originKind: 'unlisted' });
  return [
    ...all.map(shape => listed(shape, path)),
    ...origins.flatMap(origin => few.map(shape => listed(shape, path, origin))),
    ...foreign.map(shape => unlisted(shape, path)),
    ...foreign.map(shape => make.single(shape, path, { origin: 'null', originKind: 'null' })),
    ...[...others, UNROUTED].flatMap(other => [
      ...few.map(shape => listed(shape, other)),
      ...all.filter(({ id }) => ONE.has(id)).map(shape => unlisted(shape, other)),
    ]),
    make.repeat(path, first),
    make.maxAge(path, first),
    make.cacheLadder(path, first),
    ...plainProbesFor(plan, path, first),
    ...attackers(plan, path, make),
  ];
}

/** Origins that careless matching lets through, as the listed ones suggest them. */
function attackers(plan: ProbePlan, path: string, make: PageProbes): Probe[] {
  const shapes = shapesFor([]).filter(({ id }) => PLAIN.has(id));
  // Around the servers' own host there are as many attackers as there are ports: they tell nothing.
  const isServer = (origin: string) =>
    origin.includes('localhost') && SIDES.some(side => origin.includes(`:${new URL(plan.bases[side]).port}`));
  const patterns = (plan.patterns ?? []).map(source => new RegExp(source));
  const isListed = (origin: string) => patterns.some(pattern => pattern.test(origin));
  return attackersFor(originRules([...plan.origins]), plan.bases.before)
    .filter(
      ({ origin }) => origin !== UNLISTED && origin !== 'null' && !isServer(origin) && !isListed(origin),
    )
    .flatMap(({ id, origin }) =>
      // Origins that differ in one odd character would all have the same id: they go by their kind.
      shapes.map(shape => make.single(shape, path, { origin, originKind: 'unlisted' }, `${shape.id}-${id}`)),
    );
}

class PageProbes {
  readonly #plan: ProbePlan;
  readonly #round: number;

  constructor(plan: ProbePlan, round: number) {
    this.#plan = plan;
    this.#round = round;
  }

  #request(side: Side, shape: Omit<RequestShape, 'title'>, path: string): CaseRequest {
    const mark = `cors-conformance=${slug(shape.id)}-${this.#round}`;
    return {
      url: urlAt(this.#plan.bases[side], path + (path.includes('?') ? '&' : '?') + mark),
      method: shape.method,
      ...(shape.headers && { headers: [...shape.headers] }),
      ...(shape.body !== undefined && { body: shape.body }),
      credentials: shape.credentials ? 'include' : 'omit',
      cache: 'no-store',
    };
  }

  #probe(
    own: Omit<PageProbe, 'kind' | 'sides' | 'case' | 'modelOnly' | 'credentials'> & {
      readonly origin: string;
      readonly credentials?: boolean;
    },
    steps: readonly (readonly [Side, Step] | number)[],
    more: Partial<Case> = {},
  ): PageProbe {
    return {
      ...own,
      kind: 'page',
      modelOnly: false,
      credentials: own.credentials ?? false,
      sides: steps.flatMap(one => (typeof one === 'number' ? [] : [one[0]])),
      case: {
        id: own.id,
        title: own.title,
        spec: [CHECK_LINKS.check],
        ...pageFor(own.origin),
        steps: steps.map(one => (typeof one === 'number' ? { wait: one } : one[1])),
        ...more,
      },
    };
  }

  /** @param modelId its id, for origins of which there are too many to open a page on each: on the model only */
  single(
    shape: RequestShape,
    path: string,
    from: { readonly origin: string; readonly originKind: OriginKind },
    modelId?: string,
  ): PageProbe {
    const id = modelId ?? idOf(shape.id, path, from.origin, this.#plan);
    const own = {
      id,
      title: titleOf(shape, path, from.origin),
      ...from,
      path,
      method: shape.method,
      shape: shape.id,
      credentials: shape.credentials === true,
      interpretation: 'single',
    } as const;
    const request = (side: Side) => this.#request(side, { ...shape, id }, path);
    const probe = this.#probe(
      own,
      SIDES.map(side => [side, readable(request(side))] as const),
    );
    return { ...probe, modelOnly: modelId !== undefined };
  }

  /** The same request four times: a matcher that keeps a state answers by turns. */
  repeat(path: string, origin: string): PageProbe {
    const id = 'repeat';
    const title = titleOf({ title: 'GET four times' }, path, origin);
    const ask = (side: Side) => [side, readable(this.#request(side, { id, method: 'GET' }, path))] as const;
    return this.#probe(
      { id, title, originKind: 'listed', origin, path, method: 'GET', shape: id, interpretation: 'repeat' },
      SIDES.flatMap(side => Array.from({ length: 4 }, () => ask(side))),
    );
  }

  /** A request that needs a preflight: twice at once, and again after the five seconds of the default. */
  maxAge(path: string, origin: string): PageProbe {
    const id = 'max-age';
    const title = titleOf({ title: 'PUT twice, and again after 6.5 s' }, path, origin);
    // Chromium leaves its preflight cache aside wherever the HTTP cache is bypassed.
    const request = (side: Side): CaseRequest => ({
      ...this.#request(side, { id, method: 'PUT' }, path),
      cache: 'default',
    });
    const ask = (side: Side) => [side, readable(request(side))] as const;
    const [before, after] = [ask('before'), ask('after')];
    return this.#probe(
      {
        id,
        title,
        originKind: 'listed',
        origin,
        path,
        method: 'PUT',
        shape: id,
        interpretation: 'count-preflights',
      },
      [before, before, after, after, BEYOND_DEFAULT_MS, before, after],
      { fresh: true },
    );
  }

  /** A URL in the HTTP cache from a request without CORS, then asked for by CORS: shows what Vary is for. */
  cacheLadder(path: string, origin: string): PageProbe {
    const id = 'cache-ladder';
    const title = titleOf({ title: 'GET after the same URL was loaded without CORS' }, path, origin);
    const ask = (side: Side, more: Partial<CaseRequest>) => {
      const request = this.#request(side, { id, method: 'GET' }, path);
      return [side, readable({ ...request, cache: 'default', ...more })] as const;
    };
    return this.#probe(
      { id, title, originKind: 'listed', origin, path, method: 'GET', shape: id, interpretation: 'second' },
      SIDES.flatMap(side => [ask(side, { mode: 'no-cors' }), ask(side, {})]),
      { fresh: true, notModelled: 'The HTTP cache is not part of the model.' },
    );
  }
}

const readable = (request: CaseRequest): Step => step(request, { outcome: 'readable' });
