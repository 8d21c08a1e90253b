import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acac,
  acah,
  acam,
  acao,
  allowed,
  answer,
  blockedAtPreflight,
  type CaseDetails,
  INCLUDE,
  one,
  preflighted,
  type Titled,
} from './helpers.ts';
import { apiName, shownLines } from './title-helpers.ts';

const PREFLIGHT = [SPEC.preflightFetch, SPEC.newHeaderSyntax];
const XA: [string, string] = ['x-a', '1'];

type Lines = ReturnType<typeof acao>[];

/** A request whose preflight is answered with these lines. */
const asking = ({
  id,
  title,
  request,
  lines,
  passes,
  ...details
}: Titled & CaseDetails & { request: CaseRequest; lines: Lines; passes: boolean }): Case =>
  one({
    id,
    title,
    spec: PREFLIGHT,
    request,
    server: { preflight: answer(acao(), ...lines), actual: allowed },
    expect: passes ? preflighted() : blockedAtPreflight(),
    ...details,
  });

/** The same with credentials, allowed by both answers. */
const askingWithCredentials = ({
  id,
  title,
  request,
  lines,
  passes,
}: Titled & { request: CaseRequest; lines: Lines; passes: boolean }): Case =>
  one({
    id,
    title,
    spec: PREFLIGHT,
    request: { ...request, ...(request.api === 'xhr' ? { withCredentials: true } : INCLUDE) },
    server: { preflight: answer(acao(), acac(), ...lines), actual: answer(acao(), acac()) },
    expect: passes ? preflighted() : blockedAtPreflight(),
  });

export const wildcards = defineSuite({
  id: 'wildcards',
  title: 'Wildcards',
  about: 'When "*" in a preflight response is a wildcard, and when it is just a name.',
  cases: [
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      ...['SUPER', 'PATCH', 'DELETE'].map(method =>
        asking({
          id: `star-methods/${api}-${method.toLowerCase()}`,
          title: `Access-Control-Allow-Methods: * allows ${method} by ${apiName(api)} without credentials`,
          request: { api, method },
          lines: [acam('*')],
          passes: true,
        }),
      ),
      asking({
        id: `star-headers/${api}`,
        title: `Access-Control-Allow-Headers: * allows the headers of ${apiName(api)} without credentials`,
        request: { api, headers: [XA, ['x-b', '2']] },
        lines: [acah('*')],
        passes: true,
      }),
      asking({
        id: `star-headers-not-authorization/${api}`,
        title: `Access-Control-Allow-Headers: * does not allow Authorization for ${apiName(api)}`,
        request: { api, headers: [['Authorization', 'Bearer t']] },
        lines: [acah('*')],
        passes: false,
        class: 'disputed',
        because:
          'By the Standard, Authorization must be listed by name. Engines let it through, and whether they can change is under discussion.',
        links: ['https://github.com/whatwg/fetch/issues/1919'],
      }),
      asking({
        id: `star-plus-authorization/${api}`,
        title: `Access-Control-Allow-Headers: *, authorization allows Authorization for ${apiName(api)}`,
        request: { api, headers: [['Authorization', 'Bearer t'], XA] },
        lines: [acah('*, Authorization')],
        passes: true,
      }),
      askingWithCredentials({
        id: `star-with-creds-literal/${api}-method`,
        title: `Access-Control-Allow-Methods: * does not allow PUT by ${apiName(api)} with credentials`,
        request: { api, method: 'PUT' },
        lines: [acam('*')],
        passes: false,
      }),
      askingWithCredentials({
        id: `star-with-creds-literal/${api}-header`,
        title: `Access-Control-Allow-Headers: * does not allow a header of ${apiName(api)} with credentials`,
        request: { api, headers: [XA] },
        lines: [acah('*')],
        passes: false,
      }),
    ]),
    asking({
      id: 'star-plus-authorization/header-first',
      title: 'Access-Control-Allow-Headers: authorization, * allows Authorization',
      request: { headers: [['Authorization', 'Bearer t'], XA] },
      lines: [acah('authorization, *')],
      passes: true,
    }),
    askingWithCredentials({
      id: 'star-with-creds-literal/both',
      title: 'With credentials, "*" for methods and headers allows neither',
      request: { method: 'PUT', headers: [XA] },
      lines: [acam('*'), acah('*')],
      passes: false,
    }),
    askingWithCredentials({
      id: 'star-with-creds-literal/listed-beside',
      title: 'With credentials, methods and headers that are listed along with "*" are allowed',
      request: { method: 'PUT', headers: [XA] },
      lines: [acam('*, PUT'), acah('*, x-a')],
      passes: true,
    }),
    ...['GET', 'HEAD', 'POST'].flatMap(method => [
      askingWithCredentials({
        id: `star-with-creds-safelisted-method/${method.toLowerCase()}-header`,
        title: `With credentials, the header of a ${method} must be listed by name, although the method need not be`,
        request: { method, headers: [XA] },
        lines: [acam(method.toLowerCase()), acah('*')],
        passes: false,
      }),
      askingWithCredentials({
        id: `star-with-creds-safelisted-method/${method.toLowerCase()}-method`,
        title: `With credentials, ${method} is allowed with Access-Control-Allow-Methods: *, as it need not be listed`,
        request: { method, headers: [XA] },
        lines: [acam('*'), acah('x-a')],
        passes: true,
      }),
    ]),
    askingWithCredentials({
      id: 'star-literal-header/credentials',
      title: 'With credentials, Access-Control-Allow-Headers: * allows a header named "*"',
      request: { headers: [['*', '1']] },
      lines: [acah('*')],
      passes: true,
    }),
    askingWithCredentials({
      id: 'star-literal-header/not-others',
      title: 'With credentials, Access-Control-Allow-Headers: * allows only a header named "*"',
      request: { headers: [['*', '1'], XA] },
      lines: [acah('*')],
      passes: false,
    }),
    asking({
      id: 'star-literal-header/no-credentials',
      title: 'Without credentials, Access-Control-Allow-Headers: * allows a header named "*"',
      request: { headers: [['*', '1']] },
      lines: [acah('*')],
      passes: true,
    }),
    ...(['same-origin', 'omit'] as const).map(credentials =>
      asking({
        id: `star-same-origin-mode/${credentials}`,
        title: `In credentials mode ${credentials}, "*" is a wildcard for methods and headers`,
        request: { credentials, method: 'PUT', headers: [XA] },
        lines: [acam('*'), acah('*')],
        passes: true,
      }),
    ),
    asking({
      id: 'star-mixed-list/headers',
      title: '"*" before other names in Access-Control-Allow-Headers is a wildcard',
      request: { headers: [XA] },
      lines: [acah('*, x-q')],
      passes: true,
    }),
    asking({
      id: 'star-mixed-list/headers-last',
      title: '"*" after other names in Access-Control-Allow-Headers is a wildcard',
      request: { headers: [XA] },
      lines: [acah('x-q, *')],
      passes: true,
    }),
    asking({
      id: 'star-mixed-list/methods',
      title: '"*" among other names in Access-Control-Allow-Methods is a wildcard',
      request: { method: 'PUT' },
      lines: [acam('DELETE, *')],
      passes: true,
    }),
    asking({
      id: 'star-mixed-list/lines',
      title: '"*" on a separate Access-Control-Allow-Headers line is a wildcard',
      request: { headers: [XA] },
      lines: [acah('x-q'), acah('*')],
      passes: true,
    }),
    ...(
      [
        ['headers-after', { headers: [XA] }, acah('*, b@d')],
        ['headers-before', { headers: [XA] }, acah('b@d, *')],
        ['methods-after', { method: 'PUT' }, acam('*, b@d')],
        ['methods-before', { method: 'PUT' }, acam('no no, *')],
      ] as const
    ).map(([variant, request, line]) =>
      asking({
        id: `star-in-invalid-list/${variant}`,
        title: `${shownLines([line])} is malformed, so that its "*" is not a wildcard`,
        request: request as CaseRequest,
        lines: [line],
        passes: false,
      }),
    ),
    asking({
      id: 'star-double/headers',
      title: 'Access-Control-Allow-Headers: ** lists a name, not a wildcard',
      request: { headers: [XA] },
      lines: [acah('**')],
      passes: false,
    }),
    asking({
      id: 'star-double/methods',
      title: 'Access-Control-Allow-Methods: ** lists a method, not a wildcard',
      request: { method: 'PUT' },
      lines: [acam('**')],
      passes: false,
    }),
    asking({
      id: 'star-double/suffix',
      title: 'Access-Control-Allow-Headers: x-* lists a name, not a pattern',
      request: { headers: [XA] },
      lines: [acah('x-*')],
      passes: false,
    }),
  ],
});
