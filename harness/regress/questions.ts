/** Plain questions: requests that no page makes, and preflights for what no page would be let ask. */
import type { HeaderLine } from '../wire/exchange.ts';
import { idOf, type Plan, type Question, type Standing, UNLISTED } from './plan.ts';

/** Who asks: the Origin header's value, and what it stands for. */
export interface Asker {
  readonly origin: string | null;
  readonly standing: Standing;
}

/** @param what its id, and its words, in which the path takes the place of {path} */
export function question(
  plan: Plan,
  path: string,
  [id, words]: readonly [id: string, words: string],
  method: string,
  asker: Asker,
  headers: readonly HeaderLine[] = [],
): Question {
  const { origin } = asker;
  return {
    kind: 'question',
    id: idOf(id, path, null, plan),
    words: words.replace('{path}', path),
    ...asker,
    path,
    method,
    headers: [['Accept', '*/*'], ...(origin === null ? [] : [['Origin', origin] as const]), ...headers],
  };
}

const COOKIE: HeaderLine = ['Cookie', 'a=1'];

/** Preflights by their id: what they ask in words, the method, and further lines. */
const PREFLIGHTS: readonly (readonly [
  id: string,
  words: string,
  method: string,
  lines: readonly HeaderLine[],
])[] = [
  [
    'private-network',
    'preflight of PUT {path} for a private network',
    'PUT',
    [['Access-Control-Request-Private-Network', 'true']],
  ],
  [
    'two-names',
    'preflight of PUT {path} with x-a and x-b',
    'PUT',
    [['Access-Control-Request-Headers', 'x-a,x-b']],
  ],
  [
    'spaced-names',
    'preflight of PUT {path} with a space between x-a and x-b',
    'PUT',
    [['Access-Control-Request-Headers', 'x-a, x-b']],
  ],
  [
    'split-names',
    'preflight of PUT {path} with x-a and x-b on two lines',
    'PUT',
    [
      ['Access-Control-Request-Headers', 'x-a'],
      ['Access-Control-Request-Headers', 'x-b'],
    ],
  ],
  [
    'blank-names',
    'preflight of PUT {path} with an empty list of headers',
    'PUT',
    [['Access-Control-Request-Headers', '']],
  ],
  ['two-methods', 'preflight {path} for the method "GET, DELETE"', 'GET, DELETE', []],
  ['lower-method', 'preflight {path} for the method "patch"', 'patch', []],
];

/** @param origin a listed one */
export function questionsFor(plan: Plan, path: string, origin: string): Question[] {
  const none = { origin: null, standing: 'none' } as const;
  const listed = { origin, standing: 'listed' } as const;
  const unlisted = { origin: UNLISTED, standing: 'unlisted' } as const;
  const nobody = { origin: 'null', standing: 'null' } as const;
  const ask = (id: string, words: string, method: string, asker: Asker, ...lines: HeaderLine[]) =>
    question(plan, path, [id, words], method, asker, lines);
  return [
    ask('plain', 'GET {path} without Origin', 'GET', none),
    ask('plain-options', 'OPTIONS {path} without Origin', 'OPTIONS', none),
    ask('options', `OPTIONS {path} from ${origin} that is no preflight`, 'OPTIONS', listed),
    ask('cookie', `GET {path} from ${origin} with a cookie`, 'GET', listed, COOKIE),
    ask('cookie-unlisted', `GET {path} from ${UNLISTED} with a cookie`, 'GET', unlisted, COOKIE),
    ask('cookie-null', 'GET {path} from null with a cookie', 'GET', nobody, COOKIE),
    ask('vary', `GET {path} from ${origin} with a Vary header of its own`, 'GET', listed, [
      'Vary',
      'X-Cors-Conformance',
    ]),
    ...PREFLIGHTS.map(([id, words, method, lines]) =>
      ask(id, words, 'OPTIONS', listed, ['Access-Control-Request-Method', method], ...lines),
    ),
  ];
}
