/** What a preflight looks like on the wire: its method, its target and the headers it carries. */

import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { withXhr } from './api-helpers.ts';
import {
  acah,
  acam,
  acao,
  allowed,
  answer,
  type CaseDetails,
  one,
  preflighted,
  readable,
  type Titled,
} from './helpers.ts';

const put = (more: CaseRequest = {}): CaseRequest => ({ method: 'PUT', ...more });

/** A request whose preflight allows it, and what the preflight must look like. */
const shaped = ({
  id,
  title,
  request,
  expect,
  ...details
}: Titled & CaseDetails & { request: CaseRequest; expect: Partial<Expectation> }): Case =>
  one({
    id,
    title,
    spec: SPEC.preflightFetch,
    request,
    server: {
      preflight: answer(
        acao(),
        acam('PUT, DELETE, PATCH, patch, chicKen'),
        acah('accept, accept-language, content-type, x-a, x-b, user-agent'),
      ),
      actual: allowed,
    },
    expect: (expect.wire ? readable : preflighted)({ status: 200, ...expect }),
    ...details,
  });

const METHODS: [id: string, written: string, sent: string][] = [
  ['put', 'PUT', 'PUT'],
  ['delete-lower', 'delete', 'DELETE'],
  ['patch', 'PATCH', 'PATCH'],
  ['patch-lower', 'patch', 'patch'],
  ['custom', 'chicKen', 'chicKen'],
];

const FORBIDDEN: [name: string, value: string][] = [
  ['Origin', 'https://example.com'],
  ['Referer', 'https://example.com/'],
  ['Sec-Fetch-Mode', 'no-cors'],
  ['Sec-Anything', '1'],
  ['Cookie', 'a=b'],
  ['Access-Control-Request-Headers', 'x-z'],
];

export const preflightShape = defineSuite({
  id: 'preflight-shape',
  title: 'What a preflight looks like',
  about: 'A preflight announces the request, and carries nothing of it but its method and header names.',
  cases: [
    shaped({
      id: 'preflight-method-options',
      title: 'A preflight is an OPTIONS request to the same path and query, without the fragment',
      request: put({ suffix: '?a=1&b=%20#part' }),
      expect: {
        requestTargets: { OPTIONS: '{path}?a=1&b=%20', PUT: '{path}?a=1&b=%20' },
        wire: ['OPTIONS', 'PUT'],
      },
    }),
    ...METHODS.map(([id, written, sent]) =>
      shaped({
        id: `preflight-acrm/${id}`,
        title: `The preflight for the method ${written} asks for ${sent}`,
        request: { method: written },
        expect: {
          accessControlRequestMethod: sent,
          wire: ['OPTIONS', sent],
        },
      }),
    ),
    ...withXhr(
      shaped({
        id: 'preflight-acrh-sorted-lower',
        title: 'Access-Control-Request-Headers lists names in lower case and sorted',
        request: put({
          headers: [
            ['X-B', '1'],
            ['x-A', '2'],
            ['Content-Type', 'application/json'],
          ],
          body: '{}',
        }),
        expect: { accessControlRequestHeaders: 'content-type,x-a,x-b' },
      }),
    ),
    shaped({
      id: 'preflight-acrh-sorted-lower/each-once',
      title: 'Access-Control-Request-Headers lists a header once, however often it was set',
      request: {
        headers: [
          ['X-B', '1'],
          ['X-A', '2'],
          ['x-b', '3'],
        ],
      },
      expect: { accessControlRequestHeaders: 'x-a,x-b' },
    }),
    ...withXhr(
      shaped({
        id: 'preflight-acrh-omitted',
        title: 'A preflight for a method alone has no Access-Control-Request-Headers',
        request: put(),
        expect: {
          accessControlRequestHeaders: null,
        },
      }),
    ),
    shaped({
      id: 'preflight-acrh-excludes-safelisted',
      title: 'Access-Control-Request-Headers does not list safelisted headers',
      request: put({
        headers: [
          ['Accept', 'text/zz'],
          ['Accept-Language', 'en'],
          ['Content-Type', 'text/plain'],
          ['X-A', '1'],
        ],
      }),
      expect: { accessControlRequestHeaders: 'x-a' },
    }),
    shaped({
      id: 'preflight-acrh-no-combine',
      title: 'Access-Control-Request-Headers separates names by a comma without a space',
      request: {
        headers: [
          ['X-A', '1'],
          ['X-B', '1'],
        ],
      },
      expect: {
        accessControlRequestHeaders: 'x-a,x-b',
        preflightHeaders: { 'access-control-request-headers': 'x-a,x-b' },
      },
    }),
    ...withXhr(
      shaped({
        id: 'preflight-acrh-no-forbidden',
        title: 'Access-Control-Request-Headers does not list forbidden headers',
        request: { headers: [...FORBIDDEN, ['X-A', '1']] },
        expect: { accessControlRequestHeaders: 'x-a', preflightHeaders: { origin: '{origin}' } },
        spec: [SPEC.preflightFetch, SPEC.forbiddenRequestHeader],
      }),
    ),
    shaped({
      id: 'preflight-get-custom-header',
      title: 'The preflight for a GET with a custom header asks for GET',
      request: { headers: [['X-A', '1']] },
      expect: { accessControlRequestMethod: 'GET', accessControlRequestHeaders: 'x-a' },
    }),
    one({
      id: 'options-method-by-author',
      title: 'An OPTIONS request made by script is preflighted and has no Access-Control-Request-Method',
      spec: [SPEC.preflightFetch, SPEC.safelistedMethod],
      request: { method: 'OPTIONS' },
      server: { preflight: answer(acao(), acam('OPTIONS')), actual: allowed },
      expect: preflighted({
        accessControlRequestMethod: 'OPTIONS',
        preflightHeaders: { origin: '{origin}' },
        requestHeaders: { 'access-control-request-method': null, origin: '{origin}' },
      }),
    }),
    shaped({
      id: 'preflight-origin',
      title: "A preflight carries the page's origin",
      request: put(),
      expect: {
        preflightHeaders: { origin: '{origin}' },
        requestHeaders: { origin: '{origin}' },
      },
    }),
    ...withXhr(
      shaped({
        id: 'preflight-accept-star',
        title: 'A preflight sends Accept: */* whatever the request accepts',
        request: put({ headers: [['Accept', 'text/zz']] }),
        expect: { preflightHeaders: { accept: '*/*' }, requestHeaders: { accept: 'text/zz' } },
        class: 'wire',
      }),
    ),
    shaped({
      id: 'preflight-no-accept-language',
      title: 'A preflight carries no Accept-Language',
      request: put(),
      expect: { preflightHeaders: { 'accept-language': null } },
      class: 'disputed',
      spec: [SPEC.preflightFetch, SPEC.networkOrCache],
      because:
        'By the Standard, only fetch() adds Accept-Language, and HTTP-network-or-cache fetch must not; every engine adds it to preflights as well.',
    }),
    shaped({
      id: 'preflight-custom-accept-language-not-leaked',
      title: 'An Accept-Language set by script is not sent on the preflight',
      request: put({ headers: [['Accept-Language', 'xx']] }),
      expect: {
        preflightHeaders: { 'accept-language': { lacks: 'xx' } },
        requestHeaders: { 'accept-language': 'xx' },
      },
      class: 'wire',
    }),
    shaped({
      id: 'preflight-user-agent',
      title: "A preflight carries the browser's User-Agent",
      request: put(),
      expect: { preflightHeaders: { 'user-agent': { matches: '^Mozilla/5\\.0 \\(' } } },
      class: 'wire',
      spec: [SPEC.networkOrCache],
    }),
    ...withXhr(
      shaped({
        id: 'preflight-ua-default-when-author-sets',
        title: 'A User-Agent set by script is sent on the request but not on its preflight',
        request: put({ headers: [['User-Agent', 'zz']] }),
        expect: {
          preflightHeaders: { 'user-agent': { matches: '^Mozilla/5\\.0 \\(' } },
          requestHeaders: { 'user-agent': 'zz' },
        },
        class: 'wire',
        spec: [SPEC.preflightFetch, SPEC.networkOrCache],
      }),
    ),
    ...withXhr(
      shaped({
        id: 'preflight-no-content-headers',
        title: 'A preflight has no body and no headers that describe one',
        request: put({ headers: [['Content-Type', 'application/json']], body: '{"a":1}' }),
        expect: {
          preflightHeaders: { 'content-type': null, 'content-length': null, 'transfer-encoding': null },
          requestHeaders: { 'content-type': 'application/json', 'content-length': '7' },
        },
      }),
    ),
    shaped({
      id: 'preflight-no-cache-headers',
      title: "A preflight has no Cache-Control or Pragma, whatever the request's cache mode",
      request: put({ cache: 'no-store' }),
      expect: {
        preflightHeaders: { pragma: null, 'cache-control': null },
        requestHeaders: { pragma: 'no-cache', 'cache-control': 'no-cache' },
      },
      class: 'wire',
      spec: [SPEC.preflightFetch, SPEC.networkOrCache],
    }),
  ],
});
