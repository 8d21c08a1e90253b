import { defineSuite } from '../harness/case/define.ts';
import type { Case } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { forBoth } from './api-helpers.ts';
import {
  acac,
  acam,
  acao,
  aceh,
  answer,
  type HeaderLine,
  one,
  preflighted,
  readable,
  resourceAt,
} from './helpers.ts';
import { apiName, shownLines } from './title-helpers.ts';

const XA: HeaderLine = ['X-A', 'a'];
const CACHING: HeaderLine = ['Cache-Control', 'no-store'];
const EXPOSE = [SPEC.mainFetch, SPEC.newHeaderSyntax];

/** A value that exposes X-A, and one that exposes nothing because a part of it is no token. */
const exposes = (variant: string, title: string, ...lines: HeaderLine[]): Case =>
  one({
    id: variant,
    title,
    spec: EXPOSE,
    server: answer(acao(), XA, CACHING, ...lines),
    expect: readable({ readable: { 'x-a': 'a', 'cache-control': 'no-store' } }),
  });
const isVoid = (variant: string, title: string, ...lines: HeaderLine[]): Case =>
  one({
    id: variant,
    title,
    spec: EXPOSE,
    server: answer(acao(), XA, CACHING, ...lines),
    expect: readable({ hidden: ['x-a'], readable: { 'cache-control': 'no-store' } }),
  });

const VOID: [id: string, lines: HeaderLine[]][] = [
  ['aceh-bad-token/at', [aceh('x-a, b@d')]],
  ['aceh-bad-token/space', [aceh('x-a, no no')]],
  ['aceh-bad-token/quoted', [aceh('"x-a"')]],
  ['aceh-bad-token/quoted-beside', [aceh('x-a, "x-b"')]],
  ['aceh-bad-token/semicolon', [aceh('x-a; x-b')]],
  ['aceh-bad-token/other-line', [aceh('x-a'), aceh('b@d')]],
  ['aceh-bad-token/colon', [aceh('x-a, x-b:')]],
  ['aceh-bad-token/non-ascii', [aceh('x-a, x-\xe9')]],
  ['aceh-bad-token-with-star/after', [aceh('*, b@d')]],
  ['aceh-bad-token-with-star/before', [aceh('no no, *')]],
  ['aceh-ctl/vt', [aceh('x-a\x0b')]],
  ['aceh-ctl/ff', [aceh('x-a\x0c')]],
  ['aceh-ctl/vt-before', [aceh('\x0bx-a')]],
  ['aceh-ctl/ff-beside', [aceh('x-a, x\x0cb')]],
];

export const exposedHeaders = defineSuite({
  id: 'exposed-headers',
  title: 'Access-Control-Expose-Headers',
  about:
    'Which response headers the server can add to those that script may read, and how the list is parsed.',
  cases: [
    ...forBoth(api =>
      one({
        id: `aceh-list/${api}`,
        title: `A listed header is readable by ${apiName(api)}, whatever the case of its name`,
        spec: EXPOSE,
        request: { api },
        server: answer(
          acao(),
          ['X-Custom', 'a'],
          ['X-Other', 'b'],
          ['X-Third', 'c'],
          aceh('x-custom, X-OTHER'),
        ),
        expect: readable({ readable: { 'x-custom': 'a', 'x-other': 'b' }, hidden: ['x-third'] }),
      }),
    ),
    one({
      id: 'aceh-list/absent',
      title: 'A listed header that the response lacks is absent',
      spec: EXPOSE,
      server: answer(acao(), aceh('x-a')),
      expect: readable({ hidden: ['x-a'], allHeaders: ['content-length'] }),
    }),
    one({
      id: 'aceh-multi-line',
      title: 'Several Access-Control-Expose-Headers lines make one list',
      spec: EXPOSE,
      server: answer(acao(), aceh('x-a'), XA, ['X-B', 'b'], ['X-C', 'c'], aceh('x-b')),
      expect: readable({ readable: { 'x-a': 'a', 'x-b': 'b' }, hidden: ['x-c'] }),
    }),
    exposes(
      'aceh-empty-members/leading',
      'Access-Control-Expose-Headers: ,x-a exposes X-A, as empty members are ignored',
      aceh(',x-a'),
    ),
    exposes(
      'aceh-empty-members/trailing',
      'Access-Control-Expose-Headers: x-a, exposes X-A, as empty members are ignored',
      aceh('x-a,'),
    ),
    exposes(
      'aceh-empty-members/between',
      'Access-Control-Expose-Headers: x-b, , ,x-a exposes X-A, as empty members are ignored',
      aceh('x-b, , ,x-a'),
    ),
    exposes(
      'aceh-empty-members/empty-line',
      'An empty Access-Control-Expose-Headers line does not affect another line',
      aceh(''),
      aceh('x-a'),
    ),
    exposes(
      'aceh-list/padded',
      'Access-Control-Expose-Headers ignores spaces and tabs around names',
      aceh(' \tx-b \t,\t x-a\t '),
    ),
    ...VOID.map(([id, lines]) =>
      isVoid(
        id,
        `${shownLines(lines)} ${lines.length > 1 ? 'expose' : 'exposes'} nothing, as the list is malformed`,
        ...lines,
      ),
    ),
    one({
      id: 'aceh-apostrophe',
      title: "Access-Control-Expose-Headers: 'x-a', x-b is well-formed, but does not name X-A",
      spec: EXPOSE,
      server: answer(acao(), XA, ['X-B', 'b'], aceh("'x-a', x-b")),
      expect: readable({ readable: { 'x-b': 'b' }, hidden: ['x-a'] }),
    }),
    ...forBoth(api =>
      one({
        id: `aceh-forbidden-names/${api}`,
        title: `Set-Cookie and Set-Cookie2 stay hidden from ${apiName(api)} even if listed`,
        spec: [SPEC.corsFilter, SPEC.forbiddenResponseHeader],
        request: { api },
        server: answer(
          acao(),
          ['Set-Cookie', 'n{nonce}=1; Path={path}'],
          ['Set-Cookie2', 'n{nonce}=2'],
          XA,
          aceh('set-cookie, set-cookie2, x-a'),
        ),
        expect: readable({ readable: { 'x-a': 'a' }, hidden: ['set-cookie', 'set-cookie2'] }),
      }),
    ),
    one({
      id: 'aceh-only-final-response/hop-ignored',
      title: 'Access-Control-Expose-Headers on a redirect does not apply to the final response',
      spec: [SPEC.mainFetch, SPEC.redirectFetch],
      server: {
        actual: { status: 302, headers: [acao(), aceh('x-a'), ['Location', '{url:next}']] },
        resources: { next: { actual: answer(acao(), XA, ['X-B', 'b'], aceh('x-b')) } },
      },
      expect: readable({ wire: ['GET', 'GET next'], hidden: ['x-a'], readable: { 'x-b': 'b' } }),
    }),
    one({
      id: 'aceh-only-final-response/hop-ignored-cross',
      title:
        'Access-Control-Expose-Headers on a redirect does not apply to a final response of a third origin',
      spec: [SPEC.mainFetch, SPEC.redirectFetch],
      server: {
        actual: { status: 302, headers: [acao(), aceh('x-a'), ['Location', '{url:next}']] },
        resources: {
          next: resourceAt('other-target', { actual: answer(acao('*'), XA, ['X-B', 'b'], aceh('x-b')) }),
        },
      },
      expect: readable({ wire: ['GET', 'GET next'], hidden: ['x-a'], readable: { 'x-b': 'b' } }),
    }),
    one({
      id: 'aceh-only-final-response/from-same-origin',
      title:
        'Access-Control-Expose-Headers on a same-origin redirect does not apply to a cross-origin response',
      spec: [SPEC.mainFetch, SPEC.redirectFetch],
      server: {
        actual: { status: 302, headers: [aceh('*'), ['Location', '{url:next}']] },
        resources: { next: resourceAt('target', { actual: answer(acao(), XA) }) },
      },
      expect: readable({ wire: ['GET', 'GET next'], type: 'cors', hidden: ['x-a'] }),
      at: 'site',
    }),
    one({
      id: 'aceh-on-preflight-ignored',
      title: 'Access-Control-Expose-Headers on a preflight response does not apply to the actual response',
      spec: SPEC.mainFetch,
      request: { method: 'PUT' },
      server: { preflight: answer(acao(), acam('PUT'), aceh('x-a')), actual: answer(acao(), XA) },
      expect: preflighted({ hidden: ['x-a'] }),
    }),
    ...forBoth(api =>
      one({
        id: `aceh-same-origin-irrelevant/${api}`,
        title: `A same-origin response shows ${apiName(api)} every header except Set-Cookie, listed or not`,
        spec: SPEC.basicFilter,
        request: { api },
        server: answer(XA, ['ETag', '"1"'], ['Set-Cookie', 'n{nonce}=1; Path={path}'], aceh('x-other')),
        expect: readable({
          ...(api === 'fetch' && { type: 'basic' as const }),
          readable: { 'x-a': 'a', etag: '"1"', 'access-control-expose-headers': 'x-other' },
          hidden: ['set-cookie'],
        }),
        at: 'site',
      }),
    ),
    one({
      id: 'aceh-list/credentialed',
      title: 'With credentials, headers that are listed by name are readable',
      spec: EXPOSE,
      request: { credentials: 'include' },
      server: answer(acao(), acac(), XA, ['X-B', 'b'], aceh('x-a')),
      expect: readable({ readable: { 'x-a': 'a' }, hidden: ['x-b'] }),
    }),
    one({
      id: 'aceh-list/own-name',
      title: 'Access-Control-Allow-Origin and the like are readable only if listed',
      spec: EXPOSE,
      server: answer(acao(), aceh('access-control-allow-origin')),
      expect: readable({
        readable: { 'access-control-allow-origin': '{origin}' },
        hidden: ['access-control-expose-headers'],
      }),
    }),
    one({
      id: 'aceh-list/without-cors',
      title: 'A header named only in Access-Control-Allow-Headers is not exposed',
      spec: SPEC.mainFetch,
      server: answer(acao(), XA, ['Access-Control-Allow-Headers', 'x-a']),
      expect: readable({ hidden: ['x-a'], allHeaders: ['content-length'] }),
    }),
  ],
});
