/**
 * What the fuzzer puts into requests and answers: what is usual, and what is nearly right or odd.
 * Longer than other files, as it is one list after another.
 */

type Line = [name: string, value: string];

const x = (count: number): string => 'x'.repeat(count);

export const METHODS = {
  usual: ['GET', 'GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'],
  odd: [
    ...[
      'get',
      'Post',
      'put',
      'delete',
      'patch',
      'PaTcH',
      'options',
      'OPTIONS',
      'QUERY',
      'CHICKEN',
      'chicken',
    ],
    ...['*', 'X-Y', 'A!#$', 'G ET', 'CONNECT', 'trace', 'TRACK', '\xc9'],
  ],
} as const;

/** Request headers as script sets them. */
export const REQUEST_HEADERS: Readonly<Record<'usual' | 'odd' | 'types', readonly Line[]>> = {
  types: [
    ['Content-Type', 'text/plain'],
    ['Content-Type', 'application/json'],
    ['content-type', 'text/plain;a=b'],
    ['Content-Type', 'multipart/form-data'],
  ],
  usual: [
    ['X-A', '1'],
    ['x-b', 'two'],
    ['X-C', ''],
    ['Authorization', 'Basic dTpw'],
    ['Content-Type', 'text/plain'],
    ['Content-Type', 'application/json'],
    ['Content-Type', 'application/x-www-form-urlencoded'],
    ['Accept', 'text/html'],
    ['Accept-Language', 'en'],
    ['Content-Language', 'de'],
    ['Range', 'bytes=0-5'],
    ['Range', 'bytes=0-'],
  ],
  odd: [
    ['Accept', x(128)],
    ['Accept', x(129)],
    ['Accept', 'a(b'],
    ['Accept', 'caf\xe9'],
    ['Accept', ''],
    ['Accept', 'text/html, application/xml;q=0.9'],
    ['Accept-Language', 'en_US'],
    ['Accept-Language', 'en, de;q=0.5, *;q=0.1'],
    ['Accept-Language', x(129)],
    ['Content-Language', 'a"b'],
    ['Content-Language', ''],
    ['Content-Type', 'TEXT/PLAIN'],
    ['Content-Type', 'text/plain;charset=utf-8'],
    ['Content-Type', 'text/plain; a="b"'],
    ['Content-Type', 'text/plain, application/json'],
    ['Content-Type', 'multipart/form-data; boundary=x'],
    ['Content-Type', 'text'],
    ['Content-Type', ''],
    ['Content-Type', 'text/plain;'],
    ['Content-Type', ` text/plain;${x(130)}`],
    ['Range', 'bytes=-5'],
    ['Range', 'bytes=5-0'],
    ['Range', 'bytes=0-5,7-8'],
    ['Range', 'Bytes=0-5'],
    ['Range', 'items=0-5'],
    ['X-A', ' padded\t'],
    ['X-A', 'a,b'],
    ['X-A', x(200)],
    ['X-A', '\xe9'],
    ['X-A', 'a\x01b'],
    ['X-A', 'a\0b'],
    ['x_y', '1'],
    ['X-UPPER', '1'],
    ["!#$%&'*+-.^_`|~", '1'],
    ['x y', '1'],
    ['x-\xe9', '1'],
    ['Cookie', 'a=b'],
    ['Origin', 'https://evil.example'],
    ['Sec-Own', '1'],
    ['Proxy-Own', '1'],
    ['DNT', '1'],
    ['Accept-Encoding', 'x'],
    ['X-HTTP-Method-Override', 'TRACE'],
    ['X-HTTP-Method-Override', 'PUT'],
    ['X-Method-Override', 'put, track'],
    ['Access-Control-Request-Method', 'PUT'],
    ['Access-Control-Allow-Origin', '*'],
    ['Cache-Control', 'no-cache'],
    ['Pragma', 'no-cache'],
    ['If-None-Match', '"x"'],
    ['User-Agent', 'own'],
    ['DPR', '1'],
    ['Save-Data', 'on'],
    ['Last-Event-ID', '1'],
    ['Referer', 'https://evil.example/'],
    ['Upgrade-Insecure-Requests', '1'],
    ['Purpose', 'prefetch'],
  ],
};

/** Values of Access-Control-Allow-Origin; `null` for no such line. */
export const ALLOW_ORIGIN: { readonly usual: readonly string[]; readonly odd: readonly (string | null)[] } = {
  usual: ['{request:origin}', '{request:origin}', '{origin}', '*'],
  odd: [
    ...[
      null,
      null,
      'null',
      '',
      '{origin:other-site}',
      '{origin}/',
      'HTTP://localhost:{port:site}',
      '**',
      '"*"',
    ],
    ...[
      '{origin}, {origin}',
      '{origin}, *',
      '*, *',
      '{origin} {origin}',
      'http://localhost',
      '//localhost:{port:site}',
    ],
    ...['http://*:{port:site}', '*.localhost', '\xa0*', '{origin}\x01', 'NULL', '{origin},', ',*'],
  ],
};

export const ALLOW_CREDENTIALS = {
  odd: [null, 'TRUE', 'True', '1', 'yes', '', 'true, true', 'false', '"true"', 'true;', 'true\x01', '*'],
} as const;

/** Lists of names, made from the right list. */
export const LISTS: readonly ((names: readonly string[]) => string)[] = [
  () => '*',
  names => names.join(',').toLowerCase(),
  names => names.join(' , ').toUpperCase(),
  names => `,${names.join(',,')} ,`,
  names => names.join('\t,\t'),
  names => names.slice(1).join(', '),
  names => names.join(' '),
  names => `"${names.join(', ')}"`,
  names => `${names.join(', ')}, (`,
  names => `${names.join(', ')};`,
  names => `*, ${names.join(', ')}`,
  names => ['x-other', ...names].join(', '),
  () => '',
  () => ',',
  names => `${names.join(', ')}, caf\xe9`,
  names => names.join('\x0b,'),
];

export const MAX_AGES = {
  /** With waits: long gone by then, or still there for sure. The default of 5 seconds is neither. */
  lapsing: ['1', '1', '01', '0'],
  definite: ['60', '600'],
  lasting: [
    ...['0', '60', '600', '60', '-1', '+60', 'abc', '60.5', '60, 60', '', '0x10', '6e1'],
    ...['99999999999', '"60"'],
  ],
} as const;

export const DRAWN_STATUSES = {
  usual: [200, 200, 200, 200, 201, 204, 404, 500],
  odd: [203, 205, 206, 226, 299, 300, 304, 400, 401, 403, 410, 418, 503, 599],
} as const;

export const PREFLIGHT_STATUSES = [
  200, 201, 202, 203, 205, 206, 226, 299, 300, 301, 304, 307, 400, 401, 403, 404, 405, 500, 599,
] as const;

/** Header lines of an actual answer besides those of the CORS protocol. */
export const ANSWER_HEADERS: { readonly usual: readonly Line[]; readonly odd: readonly Line[] } = {
  usual: [
    ['X-A', 'a'],
    ['x-b', 'b'],
    ['Content-Type', 'text/plain'],
    ['Content-Language', 'en'],
    ['Expires', '0'],
    ['Pragma', 'no-cache'],
    ['ETag', '"1"'],
    ['Last-Modified', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ],
  odd: [
    ['X-A', ''],
    ['X-A', 'a, b'],
    ['X-A', '\xe9'],
    ['X-A', 'a  b'],
    ['X-A', 'a\tb'],
    ['x_y', '1'],
    ['X-UPPER', '1'],
    ['Set-Cookie', 'fuzz=1'],
    ['Set-Cookie2', 'fuzz=2'],
    ['Content-Type', ''],
    ['Content-Type', 'nonsense'],
    ['Content-Encoding', 'identity'],
    ['Server', 'own'],
    ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
    ['Vary', 'Origin'],
    ['Access-Control-Allow-Methods', 'PUT'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Cross-Origin-Resource-Policy', 'same-site'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Timing-Allow-Origin', '*'],
  ],
};

/** What an answer says about how it may be cached, and about its age, none of which is left to a cache. */
export const CACHING: readonly (readonly Line[])[] = [
  [['Cache-Control', 'max-age=600']],
  [['Cache-Control', 'private, max-age=600']],
  [
    ['Cache-Control', 'max-age=600'],
    ['ETag', '"1"'],
  ],
  [
    ['Cache-Control', 'max-age=0, must-revalidate'],
    ['ETag', '"1"'],
  ],
  [
    ['Cache-Control', 'no-cache'],
    ['ETag', '"1"'],
  ],
  [
    ['Cache-Control', 'no-cache'],
    ['Last-Modified', 'Sat, 01 Jan 2000 00:00:00 GMT'],
  ],
  [['ETag', 'W/"1"']],
  [
    ['Expires', '0'],
    ['ETag', '"1"'],
  ],
  [['Cache-Control', 'no-store, max-age=600']],
  [
    ['Cache-Control', 'max-age=600'],
    ['Vary', 'Origin'],
  ],
  [
    ['Cache-Control', 'max-age=600'],
    ['Vary', 'X-A'],
  ],
  [
    ['Cache-Control', 'max-age=600'],
    ['Vary', '*'],
  ],
];

/** Of answers that have a validator. */
export const VALIDATORS: readonly Line[] = [
  ['ETag', '"1"'],
  ['ETag', 'W/"1"'],
  ['Last-Modified', 'Sat, 01 Jan 2000 00:00:00 GMT'],
];

/** What their Cache-Control says. */
export const VALIDATED = ['no-cache', 'no-cache', 'max-age=0, must-revalidate', 'max-age=600'] as const;

export const EXPOSE = {
  usual: ['x-a', 'X-A, x-b', '*'],
  odd: [
    '',
    'x-a,,x-b',
    ',',
    'x a',
    'x-a, (',
    '(, x-a',
    '*, x-a',
    '* ',
    '"x-a"',
    'x-a;',
    'set-cookie, x-a',
    'X-UPPER',
    '**',
    'x_y\t, etag',
  ],
} as const;

/** Where a redirect leads, if not plainly to the next resource. */
export const LOCATIONS = [
  '{path:NEXT}',
  'NEXT',
  '{url:NEXT}#fragment',
  '{url:NEXT}?query',
  ' {url:NEXT}',
  '',
  'http://',
  'mailto:a@example.com',
  'http://user:password@localhost:{port:target}{path:NEXT}',
  'http://user@localhost:{port:site}{path:NEXT}',
  '//localhost:{port:other-target}{path:NEXT}',
] as const;

/** Referrer policies: of a fetch(), of the page, and of an answer that redirects. */
export const POLICIES = {
  request: [
    ...['no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin', ''],
    ...['origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url', 'Origin', 'never'],
  ],
  page: ['no-referrer', 'origin', 'same-origin', 'unsafe-url'],
  answer: [
    ...['no-referrer', 'origin', 'same-origin', 'unsafe-url', 'strict-origin', 'UNSAFE-URL', 'nonsense'],
    ...['no-referrer, nonsense', 'nonsense, origin', 'origin, no-referrer', ''],
  ],
} as const;

export const REFERRERS = [
  ...['', 'about:client', '{origin}/own?a=b#c', '/own', 'http://evil.example/', '{origin:other-site}/x'],
  ...['http://u:p@localhost:{port:site}/own', 'http://', 'about:blank'],
] as const;

export const SUFFIXES = ['?a=b', '?', '#c', '?a=b#c', '?a b"<>`\u00e9'] as const;

export const INTEGRITIES = [
  'sha256-AAAA',
  'nonsense',
  '',
  // "ok"
  'sha256-Jok2eyBcFs4y7UIAlCuLix4mLfxw2byfvHfElpmk8d8=',
] as const;

/** After the name, the value and the path. */
export const COOKIE_ATTRIBUTES = [
  ...['', '', '; SameSite=Lax', '; SameSite=Strict', '; SameSite=None; Secure', '; SameSite=None'],
  ...['; Secure', '; HttpOnly', '; Max-Age=0', '; Max-Age=600', '; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
] as const;

/** Bodies of answers. */
export const BODIES = ['', '{"a": 1}', 'caf\xc3\xa9', '\xff\xfe', '\xef\xbb\xbfbom', ': hello\n\n'] as const;
