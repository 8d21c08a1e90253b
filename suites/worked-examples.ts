import { defineSuite } from '../harness/case/define.ts';
import type { CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acah,
  acam,
  acao,
  aceh,
  allowed,
  answer,
  type HeaderLine,
  one,
  preflighted,
  readable,
} from './helpers.ts';
import { apiName } from './title-helpers.ts';

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
const FILE: HeaderLine[] = [
  ['Content-Type', 'text/plain'],
  ['ETag', '"v1"'],
  ['Content-Disposition', 'attachment; filename="holiday.txt"'],
];

export const workedExamples = defineSuite({
  id: 'worked-examples',
  title: 'Worked examples',
  about:
    'The examples of popular guides, and the everyday work of a page that keeps files on another origin.',
  cases: [
    ...(['fetch', 'xhr'] as const).map(api =>
      one({
        id: `example-json-post/${api}`,
        title: `A POST of JSON by ${apiName(api)} is preflighted for POST and content-type, then sent`,
        spec: [SPEC.preflightFetch, SPEC.safelistedRequestHeader],
        request: {
          api,
          method: 'POST',
          headers: [['Content-Type', 'application/json']],
          body: '{"name":"Ada"}',
        },
        server: {
          preflight: answer(acao(), acam('POST, GET, OPTIONS'), acah('Content-Type')),
          actual: { status: 201, headers: [acao()], body: '{"id":1}' },
        },
        expect: readable({
          wire: ['OPTIONS', 'POST'],
          status: 201,
          body: '{"id":1}',
          accessControlRequestMethod: 'POST',
          accessControlRequestHeaders: 'content-type',
          preflightHeaders: { origin: '{origin}', 'content-type': null },
          requestHeaders: { origin: '{origin}', 'content-type': 'application/json' },
          requestBody: '{"name":"Ada"}',
        }),
      }),
    ),
    ...(['fetch', 'xhr'] as const).map(api =>
      one({
        id: `example-put-between-sites/${api}`,
        title: `A cross-site PUT by ${apiName(api)} is preflighted for PUT, then sent`,
        spec: SPEC.preflightFetch,
        request: { api, method: 'PUT', body: 'hello' },
        server: { preflight: answer(acao(), acam('PUT, DELETE')), actual: allowed },
        expect: readable({
          wire: ['OPTIONS', 'PUT'],
          status: 200,
          accessControlRequestMethod: 'PUT',
          accessControlRequestHeaders: null,
          preflightHeaders: { origin: '{origin}' },
          requestHeaders: { origin: '{origin}' },
          requestBody: 'hello',
        }),
        at: 'cross-site-target',
      }),
    ),
    one({
      id: 'files-multipart-upload/fetch',
      title: 'fetch() uploads a form with a file without a preflight',
      spec: SPEC.safelistedRequestHeader,
      request: { ...UPLOAD, api: 'fetch' },
      server: allowed,
      expect: readable({ wire: ['POST'], requestHeaders: MULTIPART }),
    }),
    one({
      id: 'files-multipart-upload/xhr',
      title: 'XMLHttpRequest uploads a form with a file without a preflight',
      spec: SPEC.safelistedRequestHeader,
      request: UPLOAD,
      server: allowed,
      expect: readable({ wire: ['POST'], requestHeaders: MULTIPART }),
    }),
    one({
      id: 'files-multipart-progress',
      title:
        'XMLHttpRequest preflights the upload of a form with a file if the page listens for its progress',
      spec: [SPEC.xhrSend, SPEC.mainFetch],
      request: { ...UPLOAD, uploadListener: 'before-send' },
      server: { preflight: answer(acao()), actual: allowed },
      expect: preflighted({
        accessControlRequestMethod: 'POST',
        accessControlRequestHeaders: null,
        requestHeaders: MULTIPART,
      }),
    }),
    ...(['fetch', 'xhr'] as const).map(api =>
      one({
        id: `files-put-upload/${api}`,
        title: `A PUT of a typed file by ${apiName(api)} is preflighted for PUT and content-type`,
        spec: SPEC.preflightFetch,
        request: { api, method: 'PUT', body: { blob: 'hello', type: 'image/png' } },
        server: {
          preflight: answer(acao(), acam('PUT'), acah('content-type')),
          actual: answer(acao(), aceh('ETag'), ['ETag', '"v2"']),
        },
        expect: preflighted({
          accessControlRequestMethod: 'PUT',
          accessControlRequestHeaders: 'content-type',
          requestHeaders: { 'content-type': 'image/png' },
          requestBody: 'hello',
          readable: { etag: '"v2"' },
        }),
      }),
    ),
    ...(['fetch', 'xhr'] as const).map(api =>
      one({
        id: `files-ranged-download/${api}`,
        title: `${apiName(api)} reads the first bytes of a file without a preflight, and Content-Range if exposed`,
        spec: [SPEC.safelistedRequestHeader, SPEC.corsFilter],
        request: { api, headers: [['Range', 'bytes=0-4']] },
        server: {
          actual: {
            status: 206,
            headers: [acao(), aceh('Content-Range'), ['Content-Range', 'bytes 0-4/11']],
            body: 'hello',
          },
        },
        expect: readable({
          wire: ['GET'],
          status: 206,
          body: 'hello',
          readable: { 'content-range': 'bytes 0-4/11', 'content-length': '5' },
          requestHeaders: { range: 'bytes=0-4' },
        }),
      }),
    ),
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      one({
        id: `files-names-hidden/${api}`,
        title: `ETag and Content-Disposition of a download are hidden from ${apiName(api)} unless exposed`,
        spec: SPEC.safelistedResponseHeader,
        request: { api },
        server: answer(acao(), ...FILE),
        expect: readable({
          readable: { 'content-type': 'text/plain' },
          hidden: ['etag', 'content-disposition'],
        }),
      }),
      one({
        id: `files-names-exposed/${api}`,
        title: `ETag and Content-Disposition of a download are readable by ${apiName(api)} if exposed`,
        spec: SPEC.corsFilter,
        request: { api },
        server: answer(acao(), ...FILE, aceh('ETag, Content-Disposition')),
        expect: readable({
          readable: { etag: '"v1"', 'content-disposition': 'attachment; filename="holiday.txt"' },
        }),
      }),
    ]),
  ],
});
