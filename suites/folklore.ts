/**
 * Popular beliefs about CORS, each refuted by a case.
 * Longer than other files, as a suite is one file.
 */
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
  blockedAtResponse,
  type HeaderLine,
  INCLUDE,
  type OneStep,
  one,
  PUT,
  readable,
} from './helpers.ts';
import { sequence } from './sequence-helpers.ts';

const JSON_POST: CaseRequest = {
  method: 'POST',
  headers: [['Content-Type', 'application/json']],
  body: '{"amount":1}',
};
const FORM_POST: CaseRequest = { method: 'POST', body: { urlencoded: [['amount', '1']] } };
const SESSION: HeaderLine = ['Set-Cookie', 'session{nonce}=1; Path=/c/{nonce}'];
const THE_SESSION = 'session{nonce}=1';

/** What a myth says, and what is true instead. */
interface Myth {
  readonly about: string;
  readonly myth: string;
  readonly truth: string;
}

const told = ({ about, myth, truth }: Myth) => ({
  id: `folklore-${about}`,
  title: `Myth: "${myth}"`,
  because: truth,
});

/** A myth that one request refutes. */
const claim = ({ about, myth, truth, ...step }: Myth & Omit<OneStep, 'id' | 'title'>): Case =>
  one({ ...told({ about, myth, truth }), ...step });

/** A myth about what one request leaves for the next. */
const claimOver = ({
  about,
  myth,
  truth,
  ...steps
}: Myth & Pick<Parameters<typeof sequence>[0], 'spec' | 'steps'>): Case =>
  sequence({ ...told({ about, myth, truth }), ...steps });

const SEVERAL = 'The value is one origin, "*" or "null"; a list of origins is none of these.';
const ANY_2XX = 'Any status from 200 to 299 is accepted, 204 as well as 200.';
const SIDE_EFFECTS =
  'What counts is whether a form could have sent the request. A form-typed POST is sent at once, whatever it does.';
const NOT_BY_DEFAULT =
  'fetch() sends cookies to other origins only with credentials "include", XMLHttpRequest only with withCredentials.';

export const folklore = defineSuite({
  id: 'folklore',
  title: 'Myths about CORS',
  about: 'Claims of popular articles, each put to the test. The reason says what is true instead.',
  cases: [
    claim({
      about: 'several-origins/commas',
      myth: 'Access-Control-Allow-Origin takes several origins, separated by commas',
      truth: SEVERAL,
      spec: SPEC.corsCheck,
      server: { actual: answer(acao('{origin}, {origin:other-site}')) },
      expect: blockedAtResponse(),
    }),
    claim({
      about: 'several-origins/spaces',
      myth: 'Access-Control-Allow-Origin takes several origins, separated by spaces',
      truth: SEVERAL,
      spec: SPEC.corsCheck,
      server: { actual: answer(acao('{origin} {origin:other-site}')) },
      expect: blockedAtResponse(),
    }),
    claim({
      about: 'several-origins/lines',
      myth: 'Access-Control-Allow-Origin may be sent once for each origin',
      truth: 'Two lines are combined into one value with a comma, which is not an origin.',
      spec: [SPEC.corsCheck, SPEC.getHeader],
      server: { actual: answer(acao(), acao('{origin:other-site}')) },
      expect: blockedAtResponse(),
    }),
    claim({
      about: 'several-origins/pattern',
      myth: 'Access-Control-Allow-Origin takes patterns such as http://*:8080',
      truth:
        '"*" means every origin only if it is the whole value; within a value it is an ordinary character.',
      spec: SPEC.corsCheck,
      server: { actual: answer(acao('http://*:{port:site}')) },
      expect: blockedAtResponse(),
    }),
    claim({
      about: 'method-singular',
      myth: 'Access-Control-Allow-Method: PUT allows PUT',
      truth:
        'The names are Access-Control-Allow-Methods and Access-Control-Allow-Headers; any other header is ignored.',
      spec: SPEC.preflightFetch,
      request: PUT,
      server: { preflight: answer(acao(), ['Access-Control-Allow-Method', 'PUT']), actual: allowed },
      expect: blockedAtPreflight({ accessControlRequestMethod: 'PUT' }),
    }),
    claim({
      about: 'header-singular',
      myth: 'Access-Control-Allow-Header: X-A allows X-A',
      truth:
        'The names are Access-Control-Allow-Methods and Access-Control-Allow-Headers; any other header is ignored.',
      spec: SPEC.preflightFetch,
      request: { headers: [['X-A', '1']] },
      server: { preflight: answer(acao(), ['Access-Control-Allow-Header', 'x-a']), actual: allowed },
      expect: blockedAtPreflight({ accessControlRequestHeaders: 'x-a' }),
    }),
    claim({
      about: 'only-get-and-post-go-unasked',
      myth: 'Every method but GET and POST is preflighted',
      truth: 'GET, HEAD and POST are the three methods that need no preflight.',
      spec: SPEC.safelistedMethod,
      request: { method: 'HEAD' },
      server: { actual: allowed },
      expect: readable({ wire: ['HEAD'], status: 200 }),
    }),
    claim({
      about: 'get-goes-unasked',
      myth: 'A GET is never preflighted',
      truth: 'A header that is not safelisted makes any request need a preflight.',
      spec: SPEC.mainFetch,
      request: { headers: [['X-A', '1']] },
      server: { preflight: answer(acao(), acah('x-a')), actual: allowed },
      expect: readable({ wire: ['OPTIONS', 'GET'], accessControlRequestMethod: 'GET' }),
    }),
    ...(['fetch', 'xhr'] as const).map(api =>
      claim({
        about: `side-effects-are-preflighted/${api}`,
        myth: `A POST with side effects is preflighted (${api})`,
        truth: SIDE_EFFECTS,
        spec: [SPEC.mainFetch, SPEC.safelistedRequestHeader],
        request: { ...FORM_POST, api },
        server: { actual: allowed },
        expect: readable({ wire: ['POST'], requestBody: 'amount=1' }),
      }),
    ),
    claim({
      about: 'blocked-never-arrives/simple',
      myth: 'A blocked request never reaches the server',
      truth:
        'A request that needs no preflight arrives and is carried out; only its response is hidden from script.',
      spec: [SPEC.httpFetch, SPEC.corsCheck],
      request: FORM_POST,
      server: { actual: answer() },
      expect: blockedAtResponse({ wire: ['POST'], requestBody: 'amount=1' }),
    }),
    one({
      id: 'folklore-blocked-never-arrives/preflighted',
      title: 'A blocked request that needed a preflight never reaches the server',
      spec: SPEC.preflightFetch,
      request: JSON_POST,
      server: { preflight: answer(), actual: allowed },
      expect: blockedAtPreflight({ wire: ['OPTIONS'] }),
      because: 'Only the preflight arrives. Without a preflight, a blocked request does reach the server.',
    }),
    claim({
      about: 'blocked-never-arrives/second-check',
      myth: 'Once the preflight has passed, the answer may be read',
      truth: 'The actual response must allow the origin too. By then, the PUT has been carried out.',
      spec: [SPEC.httpFetch, SPEC.corsCheck],
      request: PUT,
      server: { preflight: answer(acao(), acam('PUT')), actual: answer() },
      expect: blockedAtResponse({ wire: ['OPTIONS', 'PUT'] }),
    }),
    claimOver({
      about: 'protects-against-csrf',
      myth: 'CORS protects against cross-site request forgery',
      truth:
        "The form-typed POST arrives with the user's cookie; that script cannot read the response does not undo it.",
      spec: [SPEC.corsProtocol, SPEC.networkOrCache],
      steps: [
        { request: INCLUDE, server: { actual: answer(acao(), acac(), SESSION) }, expect: readable() },
        {
          request: { ...FORM_POST, ...INCLUDE },
          server: { actual: answer() },
          expect: blockedAtResponse({
            wire: ['POST'],
            requestHeaders: { cookie: THE_SESSION },
            requestBody: 'amount=1',
          }),
        },
      ],
    }),
    claimOver({
      about: 'no-cors-protects',
      myth: 'With mode "no-cors" script gets around CORS',
      truth: 'The request is sent, but the response is opaque: it has no readable status, headers or body.',
      spec: SPEC.opaqueFilter,
      steps: [
        {
          request: { mode: 'no-cors' },
          server: { actual: answer(['X-A', 'a']) },
          expect: { outcome: 'opaque', type: 'opaque', status: 0, body: '', allHeaders: [], wire: ['GET'] },
        },
      ],
    }),
    ...(
      [
        ['fetch', INCLUDE, {}],
        ['xhr', { api: 'xhr', withCredentials: true }, { api: 'xhr' }],
      ] as const
    ).map(([api, including, plain]) =>
      claimOver({
        about: `cookies-by-default/${api}`,
        myth: `Cookies go along by default (${api})`,
        truth: NOT_BY_DEFAULT,
        spec: SPEC.networkOrCache,
        steps: [
          { request: including, server: { actual: answer(acao(), acac(), SESSION) }, expect: readable() },
          {
            request: plain,
            server: { actual: answer(acao(), acac()) },
            expect: readable({ requestHeaders: { cookie: null } }),
          },
          { request: including, expect: readable({ requestHeaders: { cookie: THE_SESSION } }) },
        ],
      }),
    ),
    claim({
      about: 'credentials-header-is-enough',
      myth: 'Access-Control-Allow-Credentials: true makes the browser send cookies',
      truth:
        'The header lets script read a response to a request with credentials; whether they are sent is up to the page.',
      spec: [SPEC.corsAndCredentials, SPEC.networkOrCache],
      server: { actual: answer(acao(), acac(), SESSION) },
      expect: readable({ requestHeaders: { cookie: null } }),
    }),
    ...(
      [
        ['fetch', INCLUDE],
        ['xhr', { api: 'xhr', withCredentials: true }],
      ] as const
    ).map(([api, request]) =>
      claim({
        about: `star-with-credentials/${api}`,
        myth: `Access-Control-Allow-Origin: * works with credentials (${api})`,
        truth: 'With credentials, "*" is not a wildcard, and no page has the origin "*".',
        spec: [SPEC.corsCheck, SPEC.corsAndCredentials],
        request,
        server: { actual: answer(acao('*'), acac()) },
        expect: blockedAtResponse(),
      }),
    ),
    ...[204, 201, 299].map(status =>
      claim({
        about: `preflight-needs-200/${status}`,
        myth: `The preflight must answer 200, so ${status} will not do`,
        truth: ANY_2XX,
        spec: SPEC.preflightFetch,
        request: PUT,
        server: { preflight: { status, headers: [acao(), acam('PUT')] }, actual: allowed },
        expect: readable({ wire: ['OPTIONS', 'PUT'] }),
      }),
    ),
    claim({
      about: 'preflight-any-status',
      myth: "The status of the preflight's answer does not matter, only its headers do",
      truth:
        'A status outside 200 to 299 fails the preflight, whatever its headers; so a server that demands a login for OPTIONS blocks the request.',
      spec: SPEC.preflightFetch,
      request: PUT,
      server: { preflight: { status: 401, headers: [acao(), acam('PUT')] }, actual: allowed },
      expect: blockedAtPreflight(),
    }),
    claim({
      about: 'denied-needs-error-status',
      myth: 'A server must answer a denied origin with an error status',
      truth:
        'Omitting the header is enough. The browser checks the header, and script sees no status either way.',
      spec: SPEC.corsCheck,
      server: { actual: answer() },
      expect: blockedAtResponse({ wire: ['GET'], error: 'TypeError' }),
    }),
    claim({
      about: 'error-status-denies',
      myth: 'An error status keeps script from reading the answer',
      truth:
        'An allowed origin reads a 403 like any other response; a CORS error is about headers, not about the status.',
      spec: SPEC.corsCheck,
      server: { actual: { status: 403, headers: [acao()], body: 'no' } },
      expect: readable({ status: 403, body: 'no' }),
    }),
    claim({
      about: 'allow-helps',
      myth: 'Allow: PUT allows PUT',
      truth: 'Allow lists the methods that a resource supports; CORS ignores it.',
      spec: SPEC.preflightFetch,
      request: PUT,
      server: { preflight: answer(acao(), ['Allow', 'GET, PUT, OPTIONS']), actual: allowed },
      expect: blockedAtPreflight(),
    }),
    claim({
      about: 'request-can-ask-for-it',
      myth: 'A page fixes CORS by setting Access-Control-Allow-Origin on its request',
      truth: 'On a request, the header is just one more that needs a preflight, and it allows nobody.',
      spec: [SPEC.safelistedRequestHeader, SPEC.preflightFetch],
      request: { headers: [['Access-Control-Allow-Origin', '*']] },
      server: { preflight: answer(), actual: answer() },
      expect: blockedAtPreflight({ accessControlRequestHeaders: 'access-control-allow-origin' }),
    }),
    claim({
      about: 'same-host-is-same-origin',
      myth: 'Another port of the same host is the same origin',
      truth: 'An origin consists of scheme, host and port.',
      spec: [SPEC.mainFetch, SPEC.corsCheck],
      server: { actual: answer() },
      expect: blockedAtResponse({ requestHeaders: { origin: '{origin}' } }),
    }),
    claim({
      about: 'expose-all-by-default',
      myth: 'Script reads every header of an answer that it may read',
      truth:
        'Only the seven safelisted headers are readable, unless Access-Control-Expose-Headers lists more.',
      spec: [SPEC.corsFilter, SPEC.safelistedResponseHeader],
      server: { actual: answer(acao(), ['X-Request-Id', '7'], ['Cache-Control', 'no-store']) },
      expect: readable({ readable: { 'cache-control': 'no-store' }, hidden: ['x-request-id'] }),
    }),
  ],
});
