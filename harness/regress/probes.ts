/**
 * What both releases are asked. A probe is one case whose steps go to both servers, or one plain question that no
 * page can ask. The dimensions are those in which releases were seen to differ: origin, method, headers that need a
 * preflight, credentials, status, time, repetition, and what is in the HTTP cache.
 */
import type { Case, CaseRequest, Step } from '../case/schema.ts';
import { type Attacker, attackersFor } from '../policy/attackers.ts';
import { pageFor, SPEC, step, urlAt } from '../policy/derived.ts';
import { originRules } from '../policy/origins.ts';
import { slug } from '../policy/read.ts';
import type { HeaderLine } from '../wire/exchange.ts';

export const SIDES = ['before', 'after'] as const;
export type Side = (typeof SIDES)[number];

/** What to ask, and from where. */
export interface Plan {
  /** By which pages know the two servers: scheme, host and port. */
  readonly bases: Readonly<Record<Side, string>>;
  /** Origins that the server is meant to allow. The first one is asked from in full. */
  readonly origins: readonly string[];
  /** The first one is asked for in full. */
  readonly paths: readonly string[];
  /** Names of request headers that script sets. */
  readonly headers: readonly string[];
}

export type Standing = 'listed' | 'unlisted' | 'null' | 'none';

interface Common {
  /** Stable between runs: a bisection names probes by it. */
  readonly id: string;
  /** As in a sentence: "PUT /x with x-a from https://app.example". */
  readonly words: string;
  readonly standing: Standing;
  /** The value of the Origin header; null where there is none. */
  readonly origin: string | null;
  readonly path: string;
}

/** How the outcomes of a probe are read together. */
export type Reading = 'single' | 'repeat' | 'count-preflights' | 'second';

export interface PageProbe extends Common {
  readonly kind: 'page';
  readonly case: Case;
  /** Whose server each request step goes to, in order. */
  readonly sides: readonly Side[];
  readonly reading: Reading;
  /** No page can be opened there, or it would take too long: on the model only. */
  readonly modelOnly: boolean;
}

export interface Question extends Common {
  readonly kind: 'question';
  readonly method: string;
  readonly headers: readonly HeaderLine[];
}

export type Probe = PageProbe | Question;

interface Shape {
  readonly id: string;
  readonly words: string;
  readonly method: string;
  readonly credentials?: true;
  readonly headers?: readonly [string, string][];
  readonly body?: CaseRequest['body'];
}

const JSON_BODY: Pick<Shape, 'headers' | 'body'> = {
  headers: [['Content-Type', 'application/json']],
  body: { buffer: '{}' },
};

const shapesFor = (headers: readonly string[]): Shape[] => [
  { id: 'get', words: 'GET', method: 'GET' },
  { id: 'get-credentials', words: 'GET with credentials', method: 'GET', credentials: true },
  ...headers.map(name => ({
    id: `get-${slug(name)}`,
    words: `GET with ${name}`,
    method: 'GET',
    headers: [[name, 'cors-conformance']] as [string, string][],
  })),
  {
    id: 'get-authorization',
    words: 'GET with authorization',
    method: 'GET',
    headers: [['Authorization', 'Bearer cors-conformance']],
  },
  { id: 'head', words: 'HEAD', method: 'HEAD' },
  { id: 'post-form', words: 'POST of a form', method: 'POST', body: { urlencoded: [['a', '1']] } },
  { id: 'post-json', words: 'POST of JSON', method: 'POST', ...JSON_BODY },
  { id: 'put', words: 'PUT', method: 'PUT' },
  { id: 'put-credentials', words: 'PUT with credentials', method: 'PUT', credentials: true },
  ...headers.map(name => ({
    id: `put-${slug(name)}`,
    words: `PUT with ${name}`,
    method: 'PUT',
    headers: [[name, 'cors-conformance']] as [string, string][],
  })),
  { id: 'patch', words: 'PATCH', method: 'PATCH', ...JSON_BODY },
  { id: 'delete', words: 'DELETE', method: 'DELETE' },
  { id: 'query', words: 'QUERY', method: 'QUERY', ...JSON_BODY },
];

/** For further paths, and for origins that stand for others of their kind. */
const FEW: ReadonlySet<string> = new Set(['get', 'get-credentials', 'post-json', 'put']);
const ONE: ReadonlySet<string> = new Set(['get-credentials']);
const PLAIN: ReadonlySet<string> = new Set(['get', 'get-credentials']);

/** Longer than the five seconds for which a preflight without Access-Control-Max-Age may be remembered. */
const BEYOND_DEFAULT_MS = 6_500;

/** A path that no route serves. */
export const UNROUTED = '/cors-conformance-no-such-path';

/** An origin that nobody lists: reserved by RFC 2606. */
const UNLISTED = 'https://evil.example';

/**
 * Every probe, in the order in which it is sent.
 * @param round part of every URL, so that no cache answers for an earlier round
 */
export function probesFor(plan: Plan, round = 1): Probe[] {
  const [path = '/', ...others] = plan.paths;
  const [first = 'https://app.example.com', ...origins] = plan.origins;
  const all = shapesFor(plan.headers);
  const few = all.filter(({ id }) => FEW.has(id));
  const make = new Maker(plan, round);
  return [
    ...all.map(shape => make.single(shape, path, first, 'listed')),
    ...origins.flatMap(origin => few.map(shape => make.single(shape, path, origin, 'listed'))),
    ...[UNLISTED].flatMap(origin => few.map(shape => make.single(shape, path, origin, 'unlisted'))),
    ...few.map(shape => make.single(shape, path, 'null', 'null')),
    ...[...others, UNROUTED].flatMap(other => [
      ...few.map(shape => make.single(shape, other, first, 'listed')),
      ...all.filter(({ id }) => ONE.has(id)).map(shape => make.single(shape, other, UNLISTED, 'unlisted')),
    ]),
    make.repeat(path, first),
    make.maxAge(path, first),
    make.cacheLadder(path, first),
    ...make.questions(path, first),
    ...make.attackers(path),
  ];
}

class Maker {
  readonly #plan: Plan;
  readonly #round: number;

  constructor(plan: Plan, round: number) {
    this.#plan = plan;
    this.#round = round;
  }

  #url(side: Side, path: string, id: string): string {
    const mark = `cors-conformance=${slug(id)}-${this.#round}`;
    return urlAt(this.#plan.bases[side], path + (path.includes('?') ? '&' : '?') + mark);
  }

  #request(side: Side, shape: Shape, path: string, id: string): CaseRequest {
    return {
      url: this.#url(side, path, id),
      method: shape.method,
      ...(shape.headers && { headers: [...shape.headers] }),
      ...(shape.body !== undefined && { body: shape.body }),
      credentials: shape.credentials ? 'include' : 'omit',
      cache: 'no-store',
    };
  }

  #probe(
    own: Pick<PageProbe, 'id' | 'words' | 'standing' | 'path' | 'reading'> & { origin: string },
    steps: readonly (readonly [Side, Step] | number)[],
    more: Partial<Case> = {},
    modelOnly = false,
  ): PageProbe {
    return {
      ...own,
      kind: 'page',
      modelOnly,
      sides: steps.flatMap(one => (typeof one === 'number' ? [] : [one[0]])),
      case: {
        id: own.id,
        title: own.words,
        spec: [SPEC.check],
        ...pageFor(own.origin),
        steps: steps.map(one => (typeof one === 'number' ? { wait: one } : one[1])),
        ...more,
      },
    };
  }

  single(shape: Shape, path: string, origin: string, standing: Standing, modelOnly = false): PageProbe {
    const id = idOf(shape.id, path, origin, this.#plan);
    return this.#probe(
      {
        id,
        words: wordsOf(shape, path, origin),
        standing,
        origin,
        path,
        reading: 'single',
      },
      SIDES.map(side => [side, readable(this.#request(side, shape, path, id))] as const),
      {},
      modelOnly,
    );
  }

  /** The same request four times: a matcher that keeps a state answers by turns. */
  repeat(path: string, origin: string): PageProbe {
    const id = idOf('repeat', path, origin, this.#plan);
    const shape: Shape = { id: 'repeat', words: 'GET four times', method: 'GET' };
    return this.#probe(
      {
        id,
        words: wordsOf(shape, path, origin),
        standing: 'listed',
        origin,
        path,
        reading: 'repeat',
      },
      SIDES.flatMap(side =>
        [1, 2, 3, 4].map(() => [side, readable(this.#request(side, shape, path, id))] as const),
      ),
    );
  }

  /** A request that needs a preflight: twice at once, and again after the five seconds of the default. */
  maxAge(path: string, origin: string): PageProbe {
    const id = idOf('max-age', path, origin, this.#plan);
    const shape: Shape = { id: 'max-age', words: 'PUT twice, and again after 6.5 s', method: 'PUT' };
    // Chromium leaves its preflight cache aside wherever the HTTP cache is bypassed.
    const ask = (side: Side) =>
      [side, readable({ ...this.#request(side, shape, path, id), cache: 'default' })] as const;
    return this.#probe(
      {
        id,
        words: wordsOf(shape, path, origin),
        standing: 'listed',
        origin,
        path,
        reading: 'count-preflights',
      },
      [
        ask('before'),
        ask('before'),
        ask('after'),
        ask('after'),
        BEYOND_DEFAULT_MS,
        ask('before'),
        ask('after'),
      ],
      { fresh: true },
    );
  }

  /** A URL in the HTTP cache from a request without CORS, then asked for by CORS: shows what Vary is for. */
  cacheLadder(path: string, origin: string): PageProbe {
    const id = idOf('cache-ladder', path, origin, this.#plan);
    const shape: Shape = { id, words: 'GET after the same URL was loaded without CORS', method: 'GET' };
    const ask = (side: Side, more: Partial<CaseRequest>) =>
      [side, readable({ ...this.#request(side, shape, path, id), cache: 'default', ...more })] as const;
    return this.#probe(
      {
        id,
        words: wordsOf(shape, path, origin),
        standing: 'listed',
        origin,
        path,
        reading: 'second',
      },
      SIDES.flatMap(side => [ask(side, { mode: 'no-cors' }), ask(side, {})]),
      { fresh: true, notModelled: 'The HTTP cache is not part of the model.' },
    );
  }

  /** Origins that careless matching lets through, as the listed ones suggest them. */
  attackers(path: string): Probe[] {
    const shapes = shapesFor([]).filter(({ id }) => PLAIN.has(id));
    const rules = originRules([...this.#plan.origins]);
    return attackersFor(rules, this.#plan.bases.before)
      .filter(({ origin }) => origin !== UNLISTED && origin !== 'null' && !this.#isServer(origin))
      .flatMap((attacker): Probe[] => {
        const { id, origin, browser } = attacker;
        if (browser) return shapes.map(shape => this.single(shape, path, origin, 'unlisted', true));
        return [
          this.#question(id, `GET ${path} ${formOf(attacker)}`, 'GET', path, {
            origin,
            standing: 'unlisted',
          }),
        ];
      });
  }

  /** Attackers around the servers' own host are as many ports as there are servers: they tell nothing. */
  #isServer(origin: string): boolean {
    return (
      origin.includes('localhost') &&
      Object.values(this.#plan.bases).some(base => origin.includes(portOf(base)))
    );
  }

  #question(
    id: string,
    words: string,
    method: string,
    path: string,
    from: { origin: string | null; standing: Standing },
    headers: readonly HeaderLine[] = [],
  ): Question {
    const { origin } = from;
    return {
      kind: 'question',
      id: idOf(id, path, null, this.#plan),
      words,
      ...from,
      path,
      method,
      headers: [['Accept', '*/*'], ...(origin === null ? [] : [['Origin', origin] as const]), ...headers],
    };
  }

  /** Requests that no page makes, and preflights for what no page would be let ask. */
  questions(path: string, origin: string): Question[] {
    const none = { origin: null, standing: 'none' } as const;
    const listed = { origin, standing: 'listed' } as const;
    const unlisted = { origin: UNLISTED, standing: 'unlisted' } as const;
    const asks = (method: string, ...more: HeaderLine[]): HeaderLine[] => [
      ['Access-Control-Request-Method', method],
      ...more,
    ];
    const names = (...values: string[]): HeaderLine[] =>
      values.map(value => ['Access-Control-Request-Headers', value] as const);
    const at = ` ${path} `;
    const q = this.#question.bind(this);
    return [
      q('plain', `GET${at}without Origin`, 'GET', path, none),
      q('plain-options', `OPTIONS${at}without Origin`, 'OPTIONS', path, none),
      q('options', `OPTIONS${at}from ${origin} that is no preflight`, 'OPTIONS', path, listed),
      q('cookie', `GET${at}from ${origin} with a cookie`, 'GET', path, listed, [['Cookie', 'a=1']]),
      q('cookie-unlisted', `GET${at}from ${UNLISTED} with a cookie`, 'GET', path, unlisted, [
        ['Cookie', 'a=1'],
      ]),
      q('cookie-null', `GET${at}from null with a cookie`, 'GET', path, { origin: 'null', standing: 'null' }, [
        ['Cookie', 'a=1'],
      ]),
      q('vary', `GET${at}from ${origin} with a Vary header of its own`, 'GET', path, listed, [
        ['Vary', 'X-Cors-Conformance'],
      ]),
      q('private-network', `preflight of PUT${at}for a private network`, 'OPTIONS', path, listed, [
        ...asks('PUT', ['Access-Control-Request-Private-Network', 'true']),
      ]),
      q('two-names', `preflight of PUT${at}with x-a and x-b`, 'OPTIONS', path, listed, [
        ...asks('PUT', ...names('x-a,x-b')),
      ]),
      q('spaced-names', `preflight of PUT${at}with a space between x-a and x-b`, 'OPTIONS', path, listed, [
        ...asks('PUT', ...names('x-a, x-b')),
      ]),
      q('split-names', `preflight of PUT${at}with x-a and x-b on two lines`, 'OPTIONS', path, listed, [
        ...asks('PUT', ...names('x-a', 'x-b')),
      ]),
      q('blank-names', `preflight of PUT${at}with an empty list of headers`, 'OPTIONS', path, listed, [
        ...asks('PUT', ...names('')),
      ]),
      q(
        'two-methods',
        `preflight${at}for the method "GET, DELETE"`,
        'OPTIONS',
        path,
        listed,
        asks('GET, DELETE'),
      ),
      q('lower-method', `preflight${at}for the method "patch"`, 'OPTIONS', path, listed, asks('patch')),
    ];
  }
}

const portOf = (base: string): string => `:${new URL(base).port || '443'}`;

const readable = (request: CaseRequest): Step => step(request, { outcome: 'readable' });

function formOf(attacker: Attacker): string {
  return `with the Origin "${attacker.origin}", which no browser sends`;
}

function wordsOf(shape: Shape, path: string, origin: string): string {
  const [method = '', ...rest] = shape.words.split(' ');
  return [method, path, ...rest, 'from', origin].join(' ');
}

/** Unlike the words it does not change where the same script runs elsewhere. */
function idOf(shape: string, path: string, origin: string | null, plan: Plan): string {
  const place = path === plan.paths[0] ? '' : `-at-${slug(path)}`;
  const from = origin === null || origin === plan.origins[0] ? '' : `-from-${slug(origin)}`;
  return `${shape}${place}${from}`;
}
