/** Requests that need no preflight: methods and bodies that any form could send. */
import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation } from '../harness/case/schema.ts';
import { withXhr } from './apis.ts';
import { acah, acao, allowed, answer, blocked, one, preflighted, readable, spec } from './helpers.ts';

const BODY_TYPE = 'https://fetch.spec.whatwg.org/#concept-bodyinit-extract';

const bodies: [id: string, what: string, body: CaseRequest['body'], type: TypeSent, text: string][] = [
  ['simple-post-string', 'a string', 'hello', 'text/plain;charset=UTF-8', 'hello'],
  [
    'simple-post-urlsearchparams',
    'URLSearchParams',
    {
      urlencoded: [
        ['a', '1'],
        ['b', 'x y'],
      ],
    },
    'application/x-www-form-urlencoded;charset=UTF-8',
    'a=1&b=x+y',
  ],
  ['simple-post-arraybuffer', 'an ArrayBuffer', { buffer: '\x00\xff!' }, null, '\x00\xff!'],
  ['simple-post-blob-untyped', 'a Blob without a type', { blob: 'hello', type: '' }, null, 'hello'],
];
type TypeSent = string | null;

const post = (id: string, what: string, body: CaseRequest['body'], expect: Partial<Expectation>): Case =>
  one(
    id,
    `A POST whose body is ${what} needs no preflight`,
    [spec.safelistedRequestHeader, BODY_TYPE],
    { method: 'POST', body },
    allowed,
    readable({ type: 'cors', status: 200, ...expect }),
  );

export const simpleRequests = defineSuite({
  id: 'simple-requests',
  title: 'Simple requests',
  about:
    'What any form could send goes to the server at once; CORS decides only whether the page may read the answer.',
  cases: [
    one(
      'simple-get',
      'A GET without author headers needs no preflight',
      spec.mainFetch,
      {},
      allowed,
      readable({
        type: 'cors',
        status: 200,
        body: 'ok',
        redirected: false,
        requestHeaders: { origin: '{origin}' },
      }),
    ),
    one(
      'simple-head',
      'A HEAD needs no preflight and has no body',
      spec.safelistedMethod,
      { method: 'HEAD' },
      answer(acao('*')),
      readable({ type: 'cors', status: 200, body: '', wire: ['HEAD'] }),
    ),
    ...bodies.map(([id, what, body, type, text]) =>
      post(id, what, body, { requestHeaders: { 'content-type': type }, requestBody: text }),
    ),
    post(
      'simple-post-formdata',
      'FormData',
      { multipart: [['a', '1']] },
      { requestHeaders: { 'content-type': { matches: '^multipart/form-data; ?boundary=[^ ]+$' } } },
    ),
    one(
      'post-blob-json-type',
      'A POST of a Blob that is application/json needs a preflight, though script set no header',
      [spec.safelistedRequestHeader, BODY_TYPE],
      { method: 'POST', body: { blob: '{"a":1}', type: 'application/json' } },
      { preflight: answer(acao(), acah('content-type')), actual: allowed },
      preflighted({
        type: 'cors',
        accessControlRequestMethod: 'POST',
        accessControlRequestHeaders: 'content-type',
        requestHeaders: { 'content-type': 'application/json' },
        requestBody: '{"a":1}',
      }),
    ),
    one(
      'same-origin-never-preflights',
      'A same-origin PUT with a custom header needs neither preflight nor permission',
      spec.mainFetch,
      { method: 'PUT', headers: [['X-A', '1']], body: 'hello' },
      answer(['X-B', '2']),
      readable({
        type: 'basic',
        status: 200,
        wire: ['PUT'],
        readable: { 'x-b': '2' },
        requestHeaders: { 'x-a': '1', origin: '{origin}' },
      }),
      { at: 'site' },
    ),
    one(
      'mode-cors-default',
      'A GET to another origin is CORS unless told otherwise: it arrives, and its answer stays unread',
      [spec.requestClass, spec.corsCheck],
      {},
      answer(),
      blocked({ preflight: 'not sent', actual: 'sent' }),
    ),
  ].flatMap(withXhr),
});
