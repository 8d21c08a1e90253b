import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest } from '../harness/case/schema.ts';
import {
  acac,
  acah,
  acam,
  acao,
  allowed,
  answer,
  INCLUDE,
  one,
  preflighted,
  refused,
  spec,
} from './helpers.ts';

const PREFLIGHT = [spec.preflightFetch, spec.newHeaderSyntax];
const XA: [string, string] = ['x-a', '1'];

type Lines = ReturnType<typeof acao>[];

/** A request whose preflight is answered with these lines. */
const asking = (
  id: string,
  title: string,
  request: CaseRequest,
  lines: Lines,
  passes: boolean,
  more: Partial<Case> = {},
): Case =>
  one(
    id,
    title,
    PREFLIGHT,
    request,
    { preflight: answer(acao(), ...lines), actual: allowed },
    passes ? preflighted() : refused(),
    more,
  );

/** The same with credentials, allowed by both answers. */
const askingWithCredentials = (
  id: string,
  title: string,
  request: CaseRequest,
  lines: Lines,
  passes: boolean,
): Case =>
  one(
    id,
    title,
    PREFLIGHT,
    { ...request, ...(request.api === 'xhr' ? { withCredentials: true } : INCLUDE) },
    { preflight: answer(acao(), acac(), ...lines), actual: answer(acao(), acac()) },
    passes ? preflighted() : refused(),
  );

export const wildcards = defineSuite({
  id: 'wildcards',
  title: 'Wildcards',
  about: 'Where "*" in the answer to a preflight stands for anything, and where it stands for itself.',
  cases: [
    ...(['fetch', 'xhr'] as const).flatMap(api => [
      ...['SUPER', 'PATCH', 'DELETE'].map(method =>
        asking(
          `star-methods/${api}-${method.toLowerCase()}`,
          `"*" allows a ${api} ${method} without credentials`,
          { api, method },
          [acam('*')],
          true,
        ),
      ),
      asking(
        `star-headers/${api}`,
        `"*" allows the headers of a ${api} request without credentials`,
        { api, headers: [XA, ['x-b', '2']] },
        [acah('*')],
        true,
      ),
      asking(
        `star-headers-not-authorization/${api}`,
        `"*" does not allow Authorization in a ${api} request`,
        { api, headers: [['Authorization', 'Bearer t']] },
        [acah('*')],
        false,
        {
          class: 'disputed',
          because:
            'By the Standard Authorization must be listed by name. Engines let it through, and whether they can change is under discussion.',
          links: ['https://github.com/whatwg/fetch/issues/1919'],
        },
      ),
      asking(
        `star-plus-authorization/${api}`,
        `Authorization listed beside "*" is allowed in a ${api} request`,
        { api, headers: [['Authorization', 'Bearer t'], XA] },
        [acah('*, Authorization')],
        true,
      ),
      askingWithCredentials(
        `star-with-creds-literal/${api}-method`,
        `"*" does not allow a ${api} PUT with credentials`,
        { api, method: 'PUT' },
        [acam('*')],
        false,
      ),
      askingWithCredentials(
        `star-with-creds-literal/${api}-header`,
        `"*" does not allow a header of a ${api} request with credentials`,
        { api, headers: [XA] },
        [acah('*')],
        false,
      ),
    ]),
    asking(
      'star-plus-authorization/header-first',
      'Authorization listed before "*" is allowed',
      { headers: [['Authorization', 'Bearer t'], XA] },
      [acah('authorization, *')],
      true,
    ),
    askingWithCredentials(
      'star-with-creds-literal/both',
      'With credentials "*" for methods and headers allows neither',
      { method: 'PUT', headers: [XA] },
      [acam('*'), acah('*')],
      false,
    ),
    askingWithCredentials(
      'star-with-creds-literal/listed-beside',
      'With credentials what is listed beside "*" is allowed',
      { method: 'PUT', headers: [XA] },
      [acam('*, PUT'), acah('*, x-a')],
      true,
    ),
    ...['GET', 'HEAD', 'POST'].flatMap(method => [
      askingWithCredentials(
        `star-with-creds-safelisted-method/${method.toLowerCase()}-header`,
        `With credentials ${method} needs no listing, but its header does`,
        { method, headers: [XA] },
        [acam(method.toLowerCase()), acah('*')],
        false,
      ),
      askingWithCredentials(
        `star-with-creds-safelisted-method/${method.toLowerCase()}-method`,
        `With credentials ${method} passes where only "*" is listed for methods`,
        { method, headers: [XA] },
        [acam('*'), acah('x-a')],
        true,
      ),
    ]),
    askingWithCredentials(
      'star-literal-header/credentials',
      'With credentials "*" allows a header that is called "*"',
      { headers: [['*', '1']] },
      [acah('*')],
      true,
    ),
    askingWithCredentials(
      'star-literal-header/not-others',
      'With credentials a header called "*" does not let another through',
      { headers: [['*', '1'], XA] },
      [acah('*')],
      false,
    ),
    asking(
      'star-literal-header/no-credentials',
      'Without credentials "*" allows a header that is called "*"',
      { headers: [['*', '1']] },
      [acah('*')],
      true,
    ),
    ...(['same-origin', 'omit'] as const).map(credentials =>
      asking(
        `star-same-origin-mode/${credentials}`,
        `In credentials mode ${credentials} "*" is a wildcard for methods and headers`,
        { credentials, method: 'PUT', headers: [XA] },
        [acam('*'), acah('*')],
        true,
      ),
    ),
    asking(
      'star-mixed-list/headers',
      '"*" in a list of headers stands for the others',
      { headers: [XA] },
      [acah('*, x-q')],
      true,
    ),
    asking(
      'star-mixed-list/headers-last',
      '"*" at the end of a list of headers stands for the others',
      { headers: [XA] },
      [acah('x-q, *')],
      true,
    ),
    asking(
      'star-mixed-list/methods',
      '"*" in a list of methods stands for the others',
      { method: 'PUT' },
      [acam('DELETE, *')],
      true,
    ),
    asking(
      'star-mixed-list/lines',
      '"*" on a line of its own stands for the others',
      { headers: [XA] },
      [acah('x-q'), acah('*')],
      true,
    ),
    ...(
      [
        ['headers-after', { headers: [XA] }, acah('*, b@d')],
        ['headers-before', { headers: [XA] }, acah('b@d, *')],
        ['methods-after', { method: 'PUT' }, acam('*, b@d')],
        ['methods-before', { method: 'PUT' }, acam('no no, *')],
      ] as const
    ).map(([variant, request, line]) =>
      asking(
        `star-in-invalid-list/${variant}`,
        'A member that is no token makes the list void, "*" or not',
        request as CaseRequest,
        [line],
        false,
      ),
    ),
    asking('star-double/headers', '"**" is a name, not a wildcard', { headers: [XA] }, [acah('**')], false),
    asking('star-double/methods', '"**" is a method, not a wildcard', { method: 'PUT' }, [acam('**')], false),
    asking('star-double/suffix', '"x-*" is a name, not a pattern', { headers: [XA] }, [acah('x-*')], false),
  ],
});
