import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import {
  acac,
  acam,
  acao,
  answer,
  blockedAtResponse,
  type HeaderLine,
  INCLUDE,
  one,
  preflighted,
  readable,
} from './helpers.ts';
import { sequence } from './sequence-helpers.ts';
import { apiName, shownLines } from './title-helpers.ts';

/** The same request with credentials, by fetch and by XHR. */
const WITH_CREDENTIALS: [api: string, request: CaseRequest][] = [
  ['fetch', { credentials: 'include' }],
  ['xhr', { api: 'xhr', withCredentials: true }],
];
const CHECK = [SPEC.corsCheck, SPEC.corsAndCredentials];

/** Values of Access-Control-Allow-Credentials that are not the one that counts. */
const NOT_TRUE: [id: string, lines: HeaderLine[]][] = [
  ['acac-case/upper', [acac('TRUE')]],
  ['acac-case/title', [acac('True')]],
  ['acac-case/double-quoted', [acac('"true"')]],
  ['acac-case/single-quoted', [acac("'true'")]],
  ['acac-case/one', [acac('1')]],
  ['acac-case/zero', [acac('0')]],
  ['acac-case/false', [acac('false')]],
  ['acac-case/yes', [acac('yes')]],
  ['acac-case/empty', [acac('')]],
  ['acac-case/star', [acac('*')]],
  ['acac-list/twice', [acac('true, true')]],
  ['acac-list/leading-comma', [acac(',true')]],
  ['acac-list/trailing-comma', [acac('true,')]],
  ['acac-list/two-lines', [acac(), acac()]],
  ['acac-list/empty-line', [acac(''), acac()]],
  ['acac-ctl/vt', [acac('true\x0b')]],
  ['acac-ctl/ff', [acac('true\x0c')]],
  ['acac-ctl/vt-before', [acac('\x0btrue')]],
];

const IGNORED: [variant: string, lines: HeaderLine[]][] = [
  ['false', [acac('false')]],
  ['garbage', [acac('maybe; or not')]],
  ['twice', [acac(), acac()]],
];

/** A realm per case: an engine keeps the password that one case gave for a realm, and offers it to the next. */
const CHALLENGE: HeaderLine = ['WWW-Authenticate', 'Basic realm="{nonce}"'];
const unauthorized = (...headers: HeaderLine[]): Answer => ({
  status: 401,
  headers: [CHALLENGE, ...headers],
});

/** A preflight that allows everything, and a response of its own. */
const afterPreflight = (id: string, title: string, ...lines: HeaderLine[]): Case =>
  one({
    id,
    title,
    spec: CHECK,
    request: { ...INCLUDE, method: 'PUT' },
    server: { preflight: answer(acao(), acac(), acam('PUT')), actual: answer(...lines) },
    expect: blockedAtResponse({ preflight: 'sent' }),
  });

const events = (...headers: HeaderLine[]): Answer => ({
  headers: [['Content-Type', 'text/event-stream'], ...headers],
  body: ': hello\n\n',
});

export const credentials = defineSuite({
  id: 'credentials',
  title: 'Requests with credentials',
  about: 'What a server must send before script may read the response to a request with credentials.',
  cases: [
    ...WITH_CREDENTIALS.flatMap(([api, request]) => [
      one({
        id: `cred-include-exact-true/${api}`,
        title: `The exact origin and Access-Control-Allow-Credentials: true let ${apiName(api)} read with credentials`,
        spec: CHECK,
        request,
        server: answer(acao(), acac()),
        expect: readable({ requestHeaders: { origin: '{origin}' } }),
      }),
      one({
        id: `cred-include-star/${api}`,
        title: `Access-Control-Allow-Origin: * does not let ${apiName(api)} read with credentials`,
        spec: CHECK,
        request,
        server: answer(acao('*'), acac()),
        expect: blockedAtResponse(),
      }),
      one({
        id: `cred-include-no-acac/${api}`,
        title: `A response without Access-Control-Allow-Credentials is blocked for ${apiName(api)} with credentials`,
        spec: CHECK,
        request,
        server: answer(acao()),
        expect: blockedAtResponse(),
      }),
    ]),
    afterPreflight(
      'cred-include-no-acac/after-preflight',
      'A response without Access-Control-Allow-Credentials is blocked although its preflight allowed credentials',
      acao(),
    ),
    afterPreflight(
      'cred-include-star/after-preflight',
      'A response with "*" to a request with credentials is blocked after a successful preflight',
      acao('*'),
      acac(),
    ),
    ...NOT_TRUE.map(([id, lines]) =>
      one({
        id,
        title: `${shownLines(lines)} ${lines.length > 1 ? 'do' : 'does'} not allow credentials`,
        spec: CHECK,
        request: INCLUDE,
        server: answer(acao(), ...lines),
        expect: blockedAtResponse(),
      }),
    ),
    one({
      id: 'acac-padded',
      title: 'Access-Control-Allow-Credentials is accepted with spaces and tabs around "true"',
      spec: [SPEC.corsCheck, SPEC.normalizeHeaderValue],
      request: INCLUDE,
      server: answer(acao(), acac(' \ttrue\t ')),
      expect: readable(),
    }),
    ...(['omit', 'same-origin'] as const).flatMap(mode =>
      IGNORED.map(([variant, lines]) =>
        one({
          id: `acac-ignored-without-creds/${mode}-${variant}`,
          title: `${shownLines(lines)} ${lines.length > 1 ? 'are' : 'is'} ignored in credentials mode ${mode}`,
          spec: SPEC.corsCheck,
          request: { credentials: mode },
          server: answer(acao('*'), ...lines),
          expect: readable(),
        }),
      ),
    ),
    ...WITH_CREDENTIALS.map(([api, request]) =>
      one({
        id: `cred-401-no-prompt/${api}`,
        title: `A challenge in a cross-origin response causes no password prompt: ${apiName(api)} sees status 401`,
        spec: SPEC.networkOrCache,
        request: { ...request, timeoutMs: 5000 },
        server: { actual: unauthorized(acao(), acac()) },
        expect: readable({ status: 401, requestHeaders: { authorization: null } }),
      }),
    ),
    one({
      id: 'cred-url-userinfo-fetch',
      title: 'fetch() refuses a URL with a user name and password',
      spec: SPEC.requestConstructor,
      request: { url: 'http://u:p@localhost:{port:target}{path}' },
      server: answer(acao()),
      expect: { outcome: 'error', error: 'TypeError', wire: [] },
    }),
    one({
      id: 'cred-url-userinfo-fetch/user-only',
      title: 'fetch() refuses a URL with a user name only',
      spec: SPEC.requestConstructor,
      request: { url: 'http://u@localhost:{port:target}{path}' },
      server: answer(acao()),
      expect: { outcome: 'error', error: 'TypeError', wire: [] },
    }),
    one({
      id: 'cred-url-userinfo-xhr/challenged',
      title:
        "User and password given to XMLHttpRequest's open() are not sent across origins after a challenge",
      spec: [SPEC.xhrOpen, SPEC.networkOrCache],
      request: { api: 'xhr', user: 'u', password: 'p', withCredentials: true },
      server: { actual: [unauthorized(acao(), acac()), answer(acao(), acac())] },
      expect: readable({ status: 401, wire: ['GET'], requestHeaders: { authorization: null } }),
    }),
    one({
      id: 'cred-url-userinfo-xhr/unchallenged',
      title:
        "User and password given to XMLHttpRequest's open() are not sent across origins without a challenge",
      spec: [SPEC.xhrOpen, SPEC.networkOrCache],
      request: { api: 'xhr', user: 'u', password: 'p', withCredentials: true },
      server: answer(acao(), acac()),
      expect: readable({ requestHeaders: { authorization: null } }),
    }),
    sequence({
      id: 'cred-basic-auth-entry',
      title: 'A known password is sent with a request with credentials, but not with its preflight',
      spec: SPEC.networkOrCache,
      steps: [
        {
          request: { api: 'xhr', user: 'u', password: 'p' },
          server: { actual: [unauthorized(), answer()] },
          expect: readable({
            status: 200,
            wire: ['GET', 'GET'],
            requestHeaders: { authorization: 'Basic dTpw' },
          }),
        },
        {
          request: { ...INCLUDE, method: 'PUT' },
          server: { preflight: answer(acao(), acac(), acam('PUT')), actual: answer(acao(), acac()) },
          expect: preflighted({
            preflightHeaders: { authorization: null },
            requestHeaders: { authorization: 'Basic dTpw' },
          }),
          page: 'other-site',
        },
        {
          request: { credentials: 'omit' },
          server: { actual: answer(acao()) },
          expect: readable({ requestHeaders: { authorization: null } }),
          page: 'other-site',
        },
      ],
      at: 'site',
      class: 'wire',
    }),
    one({
      id: 'cred-eventsource/allowed',
      title: 'An EventSource with credentials opens if the server allows credentials',
      spec: [SPEC.eventSource, SPEC.corsCheck],
      request: { api: 'eventsource', withCredentials: true },
      server: { actual: events(acao(), acac()) },
      expect: readable({ result: 'open', requestHeaders: { origin: '{origin}' } }),
    }),
    one({
      id: 'cred-eventsource/no-acac',
      title: 'An EventSource with credentials fails without Access-Control-Allow-Credentials',
      spec: [SPEC.eventSource, SPEC.corsCheck],
      request: { api: 'eventsource', withCredentials: true },
      server: { actual: events(acao()) },
      expect: readable({ result: 'error' }),
    }),
    one({
      id: 'cred-eventsource/star',
      title: 'An EventSource with credentials fails with Access-Control-Allow-Origin: *',
      spec: [SPEC.eventSource, SPEC.corsCheck],
      request: { api: 'eventsource', withCredentials: true },
      server: { actual: events(acao('*'), acac()) },
      expect: readable({ result: 'error' }),
    }),
    one({
      id: 'cred-eventsource/without',
      title: 'An EventSource without credentials opens with Access-Control-Allow-Origin: *',
      spec: [SPEC.eventSource, SPEC.corsCheck],
      request: { api: 'eventsource' },
      server: { actual: events(acao('*')) },
      expect: readable({ result: 'open' }),
    }),
  ],
});
