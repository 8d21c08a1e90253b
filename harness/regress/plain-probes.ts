/** Plain probes: requests that no page makes, and preflights for what no page would be let ask. */
import type { HeaderLine } from '../wire/exchange.ts';
import { idOf, type OriginKind, type PlainProbe, type ProbePlan, UNLISTED } from './plan.ts';

/** Who asks: the Origin header's value, and what it stands for. */
export interface Asker {
  readonly origin: string | null;
  readonly originKind: OriginKind;
}

export interface PlainRequestSpec {
  readonly id: string;
  /** The path takes the place of {path}. */
  readonly title: string;
  readonly method: string;
  readonly asker: Asker;
  readonly headers?: readonly HeaderLine[];
  readonly timed?: true;
}

/** @param spec one request, without the path that it asks for */
function plainProbe(plan: ProbePlan, path: string, spec: PlainRequestSpec): PlainProbe {
  const { id, title, method, asker, headers = [], timed } = spec;
  const { origin } = asker;
  return {
    kind: 'plain',
    id: idOf(id, path, null, plan),
    title: title.replace('{path}', path),
    ...asker,
    path,
    method,
    headers: [['Accept', '*/*'], ...(origin === null ? [] : [['Origin', origin] as const]), ...headers],
    ...(timed && { timed }),
  };
}

const COOKIE: HeaderLine = ['Cookie', 'a=1'];
const names = (...values: string[]): HeaderLine[] =>
  values.map(value => ['Access-Control-Request-Headers', value] as const);

/** Under the 16 KB that Node and most others take for a whole request head. */
const HOSTILE_LENGTH = 12_000;

interface PreflightSpec {
  readonly id: string;
  readonly title: string;
  readonly method?: string;
  readonly lines: readonly HeaderLine[];
  readonly timed?: true;
}

/** Preflights of PUT from a listed origin, unless they say otherwise. */
const PREFLIGHTS: readonly PreflightSpec[] = [
  {
    id: 'private-network',
    title: 'preflight of PUT {path} for a private network',
    lines: [['Access-Control-Request-Private-Network', 'true']],
  },
  { id: 'two-names', title: 'preflight of PUT {path} with x-a and x-b', lines: names('x-a,x-b') },
  {
    id: 'unsorted-names',
    title: 'preflight of PUT {path} with x-b before x-a',
    lines: names('x-b,x-a'),
  },
  {
    id: 'spaced-names',
    title: 'preflight of PUT {path} with a space between x-a and x-b',
    lines: names('x-a, x-b'),
  },
  {
    id: 'tabbed-names',
    title: 'preflight of PUT {path} with spaces and a tab around x-a and x-b',
    lines: names('x-a \t,  x-b'),
  },
  {
    id: 'upper-names',
    title: 'preflight of PUT {path} with X-A in upper case',
    lines: names('X-A'),
  },
  {
    id: 'split-names',
    title: 'preflight of PUT {path} with x-a and x-b on two lines',
    lines: names('x-a', 'x-b'),
  },
  { id: 'blank-names', title: 'preflight of PUT {path} with an empty list of headers', lines: names('') },
  {
    id: 'empty-items',
    title: 'preflight of PUT {path} with empty items in the list of headers',
    lines: names(',x-a,,x-b,'),
  },
  {
    id: 'many-names',
    title: 'preflight of PUT {path} with 1,000 headers',
    lines: names(Array.from({ length: 1_000 }, (_, n) => `x-${n}`).join(',')),
    timed: true,
  },
  {
    id: 'long-blank',
    title: 'preflight of PUT {path} with 12,000 spaces in the list of headers',
    lines: names(`x-a,${' '.repeat(HOSTILE_LENGTH)}x`),
    timed: true,
  },
  {
    id: 'long-commas',
    title: 'preflight of PUT {path} with 12,000 commas in the list of headers',
    lines: names(`x-a${','.repeat(HOSTILE_LENGTH)}x`),
    timed: true,
  },
  {
    id: 'two-methods',
    title: 'preflight {path} for the method "GET, DELETE"',
    method: 'GET, DELETE',
    lines: [],
  },
  { id: 'lower-method', title: 'preflight {path} for the method "patch"', method: 'patch', lines: [] },
];

const wants = (method: string): HeaderLine => ['Access-Control-Request-Method', method];

/** @param origin a listed one */
export function plainProbesFor(plan: ProbePlan, path: string, origin: string): PlainProbe[] {
  const none = { origin: null, originKind: 'none' } as const;
  const listed = { origin, originKind: 'listed' } as const;
  const unlisted = { origin: UNLISTED, originKind: 'unlisted' } as const;
  const nobody = { origin: 'null', originKind: 'null' } as const;
  const long = `https://${'a.'.repeat(HOSTILE_LENGTH / 2)}example`;
  const specs: PlainRequestSpec[] = [
    { id: 'plain', title: 'GET {path} without Origin', method: 'GET', asker: none },
    { id: 'plain-options', title: 'OPTIONS {path} without Origin', method: 'OPTIONS', asker: none },
    {
      id: 'preflight-without-origin',
      title: 'preflight of PUT {path} without Origin',
      method: 'OPTIONS',
      asker: none,
      headers: [wants('PUT')],
    },
    {
      id: 'options',
      title: `OPTIONS {path} from ${origin} that is no preflight`,
      method: 'OPTIONS',
      asker: listed,
    },
    {
      id: 'same-origin',
      title: "GET {path} from the server's own origin",
      method: 'GET',
      asker: { origin: '{server}', originKind: 'none' },
    },
    {
      id: 'cookie',
      title: `GET {path} from ${origin} with a cookie`,
      method: 'GET',
      asker: listed,
      headers: [COOKIE],
    },
    {
      id: 'cookie-unlisted',
      title: `GET {path} from ${UNLISTED} with a cookie`,
      method: 'GET',
      asker: unlisted,
      headers: [COOKIE],
    },
    {
      id: 'cookie-null',
      title: 'GET {path} from null with a cookie',
      method: 'GET',
      asker: nobody,
      headers: [COOKIE],
    },
    {
      id: 'vary',
      title: `GET {path} from ${origin} with a Vary header in the request`,
      method: 'GET',
      asker: listed,
      headers: [['Vary', 'X-Cors-Conformance']],
    },
    {
      id: 'origin-slash',
      title: `GET {path} with the Origin "${origin}/", which no browser sends`,
      method: 'GET',
      asker: { origin: `${origin}/`, originKind: 'unlisted' },
    },
    {
      id: 'origin-upper-case',
      title: `GET {path} with the Origin "${origin.toUpperCase()}", which no browser sends`,
      method: 'GET',
      asker: { origin: origin.toUpperCase(), originKind: 'unlisted' },
    },
    {
      id: 'long-origin',
      title: 'GET {path} with an Origin of 12,000 characters',
      method: 'GET',
      asker: { origin: long, originKind: 'unlisted' },
      timed: true,
    },
    {
      id: 'private-network-unlisted',
      title: `preflight of PUT {path} for a private network from ${UNLISTED}`,
      method: 'OPTIONS',
      asker: unlisted,
      headers: [wants('PUT'), ['Access-Control-Request-Private-Network', 'true']],
    },
    ...PREFLIGHTS.map(({ id, title, method = 'PUT', lines, timed }) => ({
      id,
      title,
      method: 'OPTIONS',
      asker: listed,
      headers: [wants(method), ...lines],
      ...(timed && { timed }),
    })),
  ];
  return specs.map(spec => plainProbe(plan, path, spec));
}
