import { defineSuite } from '../harness/case/define.ts';
import type { Case, CaseRequest, Expectation, RequestStep } from '../harness/case/schema.ts';
import {
  acac,
  acah,
  acam,
  acao,
  allowed,
  answer,
  blocked,
  INCLUDE,
  one,
  PUT,
  readable,
  refused,
  spec,
} from './helpers.ts';
import { sequence, step } from './sequences.ts';

type Line = [name: string, value: string];

const JSON_POST: CaseRequest = {
  method: 'POST',
  headers: [['Content-Type', 'application/json']],
  body: '{"amount":1}',
};
const FORM_POST: CaseRequest = { method: 'POST', body: { urlencoded: [['amount', '1']] } };
const SESSION: Line = ['Set-Cookie', 'session{nonce}=1; Path=/c/{nonce}'];
const THE_SESSION = 'session{nonce}=1';

/** A claim that one request is enough to settle. */
const claim = (
  about: string,
  says: string,
  truth: string,
  link: string | string[],
  request: CaseRequest,
  server: RequestStep['server'],
  expect: Expectation,
): Case => one(`folklore-${about}`, `“${says}”`, link, request, server, expect, { because: truth });

/** A claim about what one request leaves for the next. */
const claimOver = (
  about: string,
  says: string,
  truth: string,
  link: string | string[],
  steps: Case['steps'],
): Case => sequence(`folklore-${about}`, `“${says}”`, link, steps, { because: truth });

const SEVERAL = 'Refuted: the value is one origin, "*" or "null"; a list of origins equals none of them.';
const ANY_2XX = 'Refuted: any status from 200 to 299 will do, 204 as well as 200.';
const SIDE_EFFECTS =
  'Refuted: what counts is whether a form could have sent it. A form-typed POST is sent at once, whatever it does.';
const NOT_BY_DEFAULT =
  'Refuted: fetch() sends cookies to other origins only with credentials "include", XMLHttpRequest only with withCredentials.';

export const folklore = defineSuite({
  id: 'folklore',
  title: 'What people say about CORS',
  about: 'Claims of popular articles, each put to the test. The reason says whether it holds.',
  cases: [
    claim(
      'several-origins/commas',
      'Access-Control-Allow-Origin takes several origins, separated by commas',
      SEVERAL,
      spec.corsCheck,
      {},
      { actual: answer(acao('{origin}, {origin:other-site}')) },
      blocked(),
    ),
    claim(
      'several-origins/spaces',
      'Access-Control-Allow-Origin takes several origins, separated by spaces',
      SEVERAL,
      spec.corsCheck,
      {},
      { actual: answer(acao('{origin} {origin:other-site}')) },
      blocked(),
    ),
    claim(
      'several-origins/lines',
      'Access-Control-Allow-Origin may be sent once for each origin',
      'Refuted: two lines are read as one value with a comma in it, which is no origin.',
      [spec.corsCheck, spec.getHeader],
      {},
      { actual: answer(acao(), acao('{origin:other-site}')) },
      blocked(),
    ),
    claim(
      'several-origins/pattern',
      'Access-Control-Allow-Origin takes patterns such as http://*:8080',
      'Refuted: "*" means every origin only where it stands alone; within a value it is an ordinary character.',
      spec.corsCheck,
      {},
      { actual: answer(acao('http://*:{port:site}')) },
      blocked(),
    ),
    claim(
      'method-singular',
      'Access-Control-Allow-Method: PUT allows PUT',
      'Refuted: the name ends in s; a header of another name says nothing.',
      spec.preflightFetch,
      PUT,
      { preflight: answer(acao(), ['Access-Control-Allow-Method', 'PUT']), actual: allowed },
      refused({ accessControlRequestMethod: 'PUT' }),
    ),
    claim(
      'header-singular',
      'Access-Control-Allow-Header: x-a allows x-a',
      'Refuted: the name ends in s; a header of another name says nothing.',
      spec.preflightFetch,
      { headers: [['X-A', '1']] },
      { preflight: answer(acao(), ['Access-Control-Allow-Header', 'x-a']), actual: allowed },
      refused({ accessControlRequestHeaders: 'x-a' }),
    ),
    claim(
      'only-get-and-post-go-unasked',
      'Every method but GET and POST is preflighted',
      'Refuted: HEAD is not. GET, HEAD and POST are the three methods that need no preflight.',
      spec.safelistedMethod,
      { method: 'HEAD' },
      { actual: allowed },
      readable({ wire: ['HEAD'], status: 200 }),
    ),
    claim(
      'get-goes-unasked',
      'A GET is never preflighted',
      'Refuted: a header that no form could send makes any request ask first.',
      spec.mainFetch,
      { headers: [['X-A', '1']] },
      { preflight: answer(acao(), acah('x-a')), actual: allowed },
      readable({ wire: ['OPTIONS', 'GET'], accessControlRequestMethod: 'GET' }),
    ),
    ...(['fetch', 'xhr'] as const).map(api =>
      claim(
        `side-effects-are-preflighted/${api}`,
        `A POST with side effects is preflighted (${api})`,
        SIDE_EFFECTS,
        [spec.mainFetch, spec.safelistedRequestHeader],
        { ...FORM_POST, api },
        { actual: allowed },
        readable({ wire: ['POST'], requestBody: 'amount=1' }),
      ),
    ),
    claim(
      'blocked-never-arrives/simple',
      'A blocked request never reaches the server',
      'Refuted: what needs no preflight arrives and is carried out; only the answer is kept from script.',
      [spec.httpFetch, spec.corsCheck],
      FORM_POST,
      { actual: answer() },
      blocked({ wire: ['POST'], requestBody: 'amount=1' }),
    ),
    claim(
      'blocked-never-arrives/preflighted',
      'A blocked request that needed a preflight never reaches the server',
      'Confirmed: only its preflight arrives. This half of the belief is true.',
      spec.preflightFetch,
      JSON_POST,
      { preflight: answer(), actual: allowed },
      refused({ wire: ['OPTIONS'] }),
    ),
    claim(
      'blocked-never-arrives/second-check',
      'Once the preflight has passed, the answer may be read',
      'Refuted: the answer to the request itself must allow the origin too. By then the PUT has been carried out.',
      [spec.httpFetch, spec.corsCheck],
      PUT,
      { preflight: answer(acao(), acam('PUT')), actual: answer() },
      blocked({ wire: ['OPTIONS', 'PUT'] }),
    ),
    claimOver(
      'protects-against-csrf',
      'CORS protects against cross-site request forgery',
      'Refuted: the form-typed POST arrives with the user’s cookie; that script cannot read the answer does not undo it.',
      [spec.corsProtocol, spec.networkOrCache],
      [
        step(INCLUDE, { actual: answer(acao(), acac(), SESSION) }, readable()),
        step(
          { ...FORM_POST, ...INCLUDE },
          { actual: answer() },
          blocked({ wire: ['POST'], requestHeaders: { cookie: THE_SESSION }, requestBody: 'amount=1' }),
        ),
      ],
    ),
    claimOver(
      'no-cors-protects',
      'With mode "no-cors" script gets around CORS',
      'Refuted: the request is sent, but the response is opaque: no status, no headers, no body.',
      spec.opaqueFilteredResponse,
      [
        step(
          { mode: 'no-cors' },
          { actual: answer(['X-A', 'a']) },
          { outcome: 'opaque', type: 'opaque', status: 0, body: '', allHeaders: [], wire: ['GET'] },
        ),
      ],
    ),
    ...(
      [
        ['fetch', INCLUDE, {}],
        ['xhr', { api: 'xhr', withCredentials: true }, { api: 'xhr' }],
      ] as const
    ).map(([api, including, plain]) =>
      claimOver(
        `cookies-by-default/${api}`,
        `Cookies go along by default (${api})`,
        NOT_BY_DEFAULT,
        spec.networkOrCache,
        [
          step(including, { actual: answer(acao(), acac(), SESSION) }, readable()),
          step(plain, { actual: answer(acao(), acac()) }, readable({ requestHeaders: { cookie: null } })),
          step(including, undefined, readable({ requestHeaders: { cookie: THE_SESSION } })),
        ],
      ),
    ),
    claim(
      'credentials-header-is-enough',
      'Access-Control-Allow-Credentials: true makes the browser send cookies',
      'Refuted: it allows script to read an answer that came with credentials; whether they are sent is for the page to say.',
      [spec.credentials, spec.networkOrCache],
      {},
      { actual: answer(acao(), acac(), SESSION) },
      readable({ requestHeaders: { cookie: null } }),
    ),
    ...(
      [
        ['fetch', INCLUDE],
        ['xhr', { api: 'xhr', withCredentials: true }],
      ] as const
    ).map(([api, request]) =>
      claim(
        `star-with-credentials/${api}`,
        `Access-Control-Allow-Origin: * works with credentials (${api})`,
        'Refuted: with credentials "*" is an origin like any other, and no page has it.',
        [spec.corsCheck, spec.credentials],
        request,
        { actual: answer(acao('*'), acac()) },
        blocked(),
      ),
    ),
    ...[204, 201, 299].map(status =>
      claim(
        `preflight-needs-200/${status}`,
        `The preflight must answer 200, so ${status} will not do`,
        ANY_2XX,
        spec.preflightFetch,
        PUT,
        { preflight: { status, headers: [acao(), acam('PUT')] }, actual: allowed },
        readable({ wire: ['OPTIONS', 'PUT'] }),
      ),
    ),
    claim(
      'preflight-any-status',
      'The status of the preflight’s answer does not matter, only its headers do',
      'Refuted: a status outside 200 to 299 refuses, whatever the headers say; so do servers that demand a login for OPTIONS.',
      spec.preflightFetch,
      PUT,
      { preflight: { status: 401, headers: [acao(), acam('PUT')] }, actual: allowed },
      refused(),
    ),
    claim(
      'denied-needs-error-status',
      'A server must answer a denied origin with an error status',
      'Refuted: leaving the header out is enough. The browser looks at the header, and script sees no status either way.',
      spec.corsCheck,
      {},
      { actual: answer() },
      blocked({ wire: ['GET'], error: 'TypeError' }),
    ),
    claim(
      'error-status-denies',
      'An error status keeps script from reading the answer',
      'Refuted: an allowed origin reads a 403 like any other answer; a CORS error is about headers, not about the status.',
      spec.corsCheck,
      {},
      { actual: { status: 403, headers: [acao()], body: 'no' } },
      readable({ status: 403, body: 'no' }),
    ),
    claim(
      'allow-helps',
      'Allow: PUT allows PUT',
      'Refuted: Allow tells clients what a resource supports; CORS never reads it.',
      spec.preflightFetch,
      PUT,
      { preflight: answer(acao(), ['Allow', 'GET, PUT, OPTIONS']), actual: allowed },
      refused(),
    ),
    claim(
      'request-can-ask-for-it',
      'A page fixes CORS by setting Access-Control-Allow-Origin on its request',
      'Refuted: on a request the header means nothing but one more header to ask for; it takes a preflight and allows nobody.',
      [spec.safelistedRequestHeader, spec.preflightFetch],
      { headers: [['Access-Control-Allow-Origin', '*']] },
      { preflight: answer(), actual: answer() },
      refused({ accessControlRequestHeaders: 'access-control-allow-origin' }),
    ),
    claim(
      'same-host-is-same-origin',
      'Another port of the same host is the same origin',
      'Refuted: scheme, host and port make an origin.',
      [spec.mainFetch, spec.corsCheck],
      {},
      { actual: answer() },
      blocked({ requestHeaders: { origin: '{origin}' } }),
    ),
    claim(
      'expose-all-by-default',
      'Script reads every header of an answer that it may read',
      'Refuted: only the safelisted seven, unless Access-Control-Expose-Headers names more.',
      [spec.filteredResponse, spec.safelistedResponseHeader],
      {},
      { actual: answer(acao(), ['X-Request-Id', '7'], ['Cache-Control', 'no-store']) },
      readable({ readable: { 'cache-control': 'no-store' }, hidden: ['x-request-id'] }),
    ),
  ],
});
