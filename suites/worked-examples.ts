import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { acah, acam, acao, aceh, allowed, answer, one, preflighted, readable, spec } from './helpers.ts';

type Line = [name: string, value: string];

const UPLOAD: CaseRequest = {
  api: 'xhr',
  method: 'POST',
  body: {
    multipart: [
      ['name', 'holiday.txt'],
      ['file', 'hello'],
    ],
  },
};
const MULTIPART = { 'content-type': { matches: '^multipart/form-data; ?boundary=[^ ]+$' } };
const FILE: Line[] = [
  ['Content-Type', 'text/plain'],
  ['ETag', '"v1"'],
  ['Content-Disposition', 'attachment; filename="holiday.txt"'],
];

export const workedExamples = defineSuite({
  id: 'worked-examples',
  title: 'Worked examples',
  about: 'The examples that guides walk through, and the daily work of a page that keeps files elsewhere.',
  cases: [
    ...(['fetch', 'xhr'] as const).map(api =>
      one(
        `example-json-post/${api}`,
        `A ${api} POST of JSON asks with OPTIONS for POST and content-type, then goes out as it is`,
        [spec.preflightFetch, spec.safelistedRequestHeader],
        { api, method: 'POST', headers: [['Content-Type', 'application/json']], body: '{"name":"Ada"}' },
        {
          preflight: answer(acao(), acam('POST, GET, OPTIONS'), acah('Content-Type')),
          actual: { status: 201, headers: [acao()], body: '{"id":1}' },
        },
        readable({
          wire: ['OPTIONS', 'POST'],
          status: 201,
          body: '{"id":1}',
          accessControlRequestMethod: 'POST',
          accessControlRequestHeaders: 'content-type',
          preflightHeaders: { origin: '{origin}', 'content-type': null },
          requestHeaders: { origin: '{origin}', 'content-type': 'application/json' },
          requestBody: '{"name":"Ada"}',
        }),
      ),
    ),
    ...(['fetch', 'xhr'] as const).map(api =>
      one(
        `example-put-between-sites/${api}`,
        `A ${api} PUT from one site to another asks with OPTIONS for PUT, then goes out`,
        spec.preflightFetch,
        { api, method: 'PUT', body: 'hello' },
        { preflight: answer(acao(), acam('PUT, DELETE')), actual: allowed },
        readable({
          wire: ['OPTIONS', 'PUT'],
          status: 200,
          accessControlRequestMethod: 'PUT',
          accessControlRequestHeaders: null,
          preflightHeaders: { origin: '{origin}' },
          requestHeaders: { origin: '{origin}' },
          requestBody: 'hello',
        }),
        { at: 'cross-site-target' },
      ),
    ),
    one(
      'files-multipart-upload/fetch',
      'fetch uploads a form with a file without a preflight',
      spec.safelistedRequestHeader,
      { ...UPLOAD, api: 'fetch' },
      allowed,
      readable({ wire: ['POST'], requestHeaders: MULTIPART }),
    ),
    one(
      'files-multipart-upload/xhr',
      'XMLHttpRequest uploads a form with a file without a preflight',
      spec.safelistedRequestHeader,
      UPLOAD,
      allowed,
      readable({ wire: ['POST'], requestHeaders: MULTIPART }),
    ),
    one(
      'files-multipart-progress',
      'The same upload asks first where the page listens for its progress',
      [spec.xhrSend, spec.mainFetch],
      { ...UPLOAD, uploadListener: 'before-send' },
      { preflight: answer(acao()), actual: allowed },
      preflighted({
        accessControlRequestMethod: 'POST',
        accessControlRequestHeaders: null,
        requestHeaders: MULTIPART,
      }),
    ),
    ...(['fetch', 'xhr'] as const).map(api =>
      one(
        `files-put-upload/${api}`,
        `A ${api} PUT of a typed file asks for PUT and content-type`,
        spec.preflightFetch,
        { api, method: 'PUT', body: { blob: 'hello', type: 'image/png' } },
        {
          preflight: answer(acao(), acam('PUT'), acah('content-type')),
          actual: answer(acao(), aceh('ETag'), ['ETag', '"v2"']),
        },
        preflighted({
          accessControlRequestMethod: 'PUT',
          accessControlRequestHeaders: 'content-type',
          requestHeaders: { 'content-type': 'image/png' },
          requestBody: 'hello',
          readable: { etag: '"v2"' },
        }),
      ),
    ),
    ...(['fetch', 'xhr'] as const).map(api =>
      one(
        `files-ranged-download/${api}`,
        `A ${api} request for the first bytes of a file needs no preflight; where they stand is read only if exposed`,
        [spec.safelistedRequestHeader, spec.filteredResponse],
        { api, headers: [['Range', 'bytes=0-4']] },
        {
          actual: {
            status: 206,
            headers: [acao(), aceh('Content-Range'), ['Content-Range', 'bytes 0-4/11']],
            body: 'hello',
          },
        },
        readable({
          wire: ['GET'],
          status: 206,
          body: 'hello',
          readable: { 'content-range': 'bytes 0-4/11', 'content-length': '5' },
          requestHeaders: { range: 'bytes=0-4' },
        }),
      ),
    ),
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      one(
        `files-names-hidden/${api}`,
        `${api} sees neither ETag nor Content-Disposition of a download unless they are exposed`,
        spec.safelistedResponseHeader,
        { api },
        answer(acao(), ...FILE),
        readable({
          readable: { 'content-type': 'text/plain' },
          hidden: ['etag', 'content-disposition'],
        }),
      ),
      one(
        `files-names-exposed/${api}`,
        `${api} reads ETag and Content-Disposition where the server exposes them`,
        spec.filteredResponse,
        { api },
        answer(acao(), ...FILE, aceh('ETag, Content-Disposition')),
        readable({
          readable: { etag: '"v1"', 'content-disposition': 'attachment; filename="holiday.txt"' },
        }),
      ),
    ]),
  ],
});
