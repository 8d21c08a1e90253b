import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { forBoth } from './apis.ts';
import { acac, acam, acao, aceh, answer, at, one, preflighted, readable, spec } from './helpers.ts';

type Line = [name: string, value: string];

const XA: Line = ['X-A', 'a'];
const CACHING: Line = ['Cache-Control', 'no-store'];
const EXPOSE = [spec.mainFetch, spec.newHeaderSyntax];

/** A value that exposes X-A, and one that exposes nothing because a part of it is no token. */
const exposes = (variant: string, title: string, ...lines: Line[]): Case =>
  one(
    variant,
    title,
    EXPOSE,
    {},
    answer(acao(), XA, CACHING, ...lines),
    readable({ readable: { 'x-a': 'a', 'cache-control': 'no-store' } }),
  );
const isVoid = (variant: string, title: string, ...lines: Line[]): Case =>
  one(
    variant,
    title,
    EXPOSE,
    {},
    answer(acao(), XA, CACHING, ...lines),
    readable({ hidden: ['x-a'], readable: { 'cache-control': 'no-store' } }),
  );

const VOID: [id: string, what: string, lines: Line[]][] = [
  ['aceh-bad-token/at', 'One name with an at sign', [aceh('x-a, b@d')]],
  ['aceh-bad-token/space', 'One name with a space inside', [aceh('x-a, no no')]],
  ['aceh-bad-token/quoted', 'A name in quotes', [aceh('"x-a"')]],
  ['aceh-bad-token/quoted-beside', 'One name in quotes', [aceh('x-a, "x-b"')]],
  ['aceh-bad-token/semicolon', 'A semicolon between two names', [aceh('x-a; x-b')]],
  ['aceh-bad-token/other-line', 'A bad name on another line', [aceh('x-a'), aceh('b@d')]],
  ['aceh-bad-token/colon', 'A name with a colon', [aceh('x-a, x-b:')]],
  ['aceh-bad-token/non-ascii', 'A name with a byte beyond ASCII', [aceh('x-a, x-\xe9')]],
  ['aceh-bad-token-with-star/after', 'One bad name after "*"', [aceh('*, b@d')]],
  ['aceh-bad-token-with-star/before', 'One bad name before "*"', [aceh('no no, *')]],
  ['aceh-ctl/vt', 'A vertical tab after the name', [aceh('x-a\x0b')]],
  ['aceh-ctl/ff', 'A form feed after the name', [aceh('x-a\x0c')]],
  ['aceh-ctl/vt-before', 'A vertical tab before the name', [aceh('\x0bx-a')]],
  ['aceh-ctl/ff-beside', 'A form feed in another name', [aceh('x-a, x\x0cb')]],
];

export const exposedHeaders = defineSuite({
  id: 'exposed-headers',
  title: 'Access-Control-Expose-Headers',
  about:
    'Which response headers the server can add to those that script may read, and how the list is parsed.',
  cases: [
    ...forBoth(api =>
      one(
        `aceh-list/${api}`,
        `A listed header can be read through ${api}, whatever the case of its name`,
        EXPOSE,
        { api },
        answer(acao(), ['X-Custom', 'a'], ['X-Other', 'b'], ['X-Third', 'c'], aceh('x-custom, X-OTHER')),
        readable({ readable: { 'x-custom': 'a', 'x-other': 'b' }, hidden: ['x-third'] }),
      ),
    ),
    one(
      'aceh-list/absent',
      'A listed header that the response does not have is not made up',
      EXPOSE,
      {},
      answer(acao(), aceh('x-a')),
      readable({ hidden: ['x-a'], allHeaders: ['content-length'] }),
    ),
    one(
      'aceh-multi-line',
      'Several lines add up',
      EXPOSE,
      {},
      answer(acao(), aceh('x-a'), XA, ['X-B', 'b'], ['X-C', 'c'], aceh('x-b')),
      readable({ readable: { 'x-a': 'a', 'x-b': 'b' }, hidden: ['x-c'] }),
    ),
    exposes('aceh-empty-members/leading', 'An empty member before a name does not count', aceh(',x-a')),
    exposes('aceh-empty-members/trailing', 'An empty member after a name does not count', aceh('x-a,')),
    exposes('aceh-empty-members/between', 'Empty members between names do not count', aceh('x-b, , ,x-a')),
    exposes(
      'aceh-empty-members/empty-line',
      'An empty line beside another does not count',
      aceh(''),
      aceh('x-a'),
    ),
    exposes('aceh-list/padded', 'Spaces and tabs around names do not count', aceh(' \tx-b \t,\t x-a\t ')),
    ...VOID.map(([id, what, lines]) => isVoid(id, `${what} makes the whole list void`, ...lines)),
    one(
      'aceh-apostrophe',
      'Apostrophes belong to the name: the list is valid, but names another header',
      EXPOSE,
      {},
      answer(acao(), XA, ['X-B', 'b'], aceh("'x-a', x-b")),
      readable({ readable: { 'x-b': 'b' }, hidden: ['x-a'] }),
    ),
    ...forBoth(api =>
      one(
        `aceh-forbidden-names/${api}`,
        `Set-Cookie and Set-Cookie2 stay hidden from ${api} though they are listed`,
        [spec.filteredResponse, spec.forbiddenResponseHeader],
        { api },
        answer(
          acao(),
          ['Set-Cookie', 'n{nonce}=1; Path={path}'],
          ['Set-Cookie2', 'n{nonce}=2'],
          XA,
          aceh('set-cookie, set-cookie2, x-a'),
        ),
        readable({ readable: { 'x-a': 'a' }, hidden: ['set-cookie', 'set-cookie2'] }),
      ),
    ),
    one(
      'aceh-only-final-response/hop-ignored',
      'What a redirect lists does not count for the response it leads to',
      [spec.mainFetch, spec.redirectFetch],
      {},
      {
        actual: { status: 302, headers: [acao(), aceh('x-a'), ['Location', '{url:next}']] },
        resources: { next: { actual: answer(acao(), XA, ['X-B', 'b'], aceh('x-b')) } },
      },
      readable({ wire: ['GET', 'GET next'], hidden: ['x-a'], readable: { 'x-b': 'b' } }),
    ),
    one(
      'aceh-only-final-response/hop-ignored-cross',
      'What a redirect to another origin lists does not count for the response it leads to',
      [spec.mainFetch, spec.redirectFetch],
      {},
      {
        actual: { status: 302, headers: [acao(), aceh('x-a'), ['Location', '{url:next}']] },
        resources: { next: at('other-target', { actual: answer(acao('*'), XA, ['X-B', 'b'], aceh('x-b')) }) },
      },
      readable({ wire: ['GET', 'GET next'], hidden: ['x-a'], readable: { 'x-b': 'b' } }),
    ),
    one(
      'aceh-only-final-response/from-same-origin',
      'What a same-origin redirect lists does not count for the cross-origin response it leads to',
      [spec.mainFetch, spec.redirectFetch],
      {},
      {
        actual: { status: 302, headers: [aceh('*'), ['Location', '{url:next}']] },
        resources: { next: at('target', { actual: answer(acao(), XA) }) },
      },
      readable({ wire: ['GET', 'GET next'], type: 'cors', hidden: ['x-a'] }),
      { at: 'site' },
    ),
    one(
      'aceh-on-preflight-ignored',
      'What the answer to a preflight lists does not count for the response',
      spec.mainFetch,
      { method: 'PUT' },
      { preflight: answer(acao(), acam('PUT'), aceh('x-a')), actual: answer(acao(), XA) },
      preflighted({ hidden: ['x-a'] }),
    ),
    ...forBoth(api =>
      one(
        `aceh-same-origin-irrelevant/${api}`,
        `A same-origin response shows ${api} every header but Set-Cookie, listed or not`,
        'https://fetch.spec.whatwg.org/#concept-filtered-response-basic',
        { api },
        answer(XA, ['ETag', '"1"'], ['Set-Cookie', 'n{nonce}=1; Path={path}'], aceh('x-other')),
        readable({
          ...(api === 'fetch' && { type: 'basic' as const }),
          readable: { 'x-a': 'a', etag: '"1"', 'access-control-expose-headers': 'x-other' },
          hidden: ['set-cookie'],
        }),
        { at: 'site' },
      ),
    ),
    one(
      'aceh-list/credentialed',
      'A request with credentials reads what is listed by name',
      EXPOSE,
      { credentials: 'include' },
      answer(acao(), acac(), XA, ['X-B', 'b'], aceh('x-a')),
      readable({ readable: { 'x-a': 'a' }, hidden: ['x-b'] }),
    ),
    one(
      'aceh-list/own-name',
      'The CORS headers themselves are hidden unless they are listed',
      EXPOSE,
      {},
      answer(acao(), aceh('access-control-allow-origin')),
      readable({
        readable: { 'access-control-allow-origin': '{origin}' },
        hidden: ['access-control-expose-headers'],
      }),
    ),
    one(
      'aceh-list/without-cors',
      'A header named only in Access-Control-Allow-Headers is not exposed',
      spec.mainFetch,
      {},
      answer(acao(), XA, ['Access-Control-Allow-Headers', 'x-a']),
      readable({ hidden: ['x-a'], allHeaders: ['content-length'] }),
    ),
  ],
});
