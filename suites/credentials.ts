import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest } from '../harness/case/schema.ts';
import { acac, acam, acao, answer, blocked, INCLUDE, one, preflighted, readable, spec } from './helpers.ts';
import { sequence, step } from './sequences.ts';

type Line = [name: string, value: string];

/** The same request with credentials, by fetch and by XHR. */
const WITH_CREDENTIALS: [api: string, request: CaseRequest][] = [
  ['fetch', { credentials: 'include' }],
  ['xhr', { api: 'xhr', withCredentials: true }],
];
const CHECK = [spec.corsCheck, spec.credentials];

/** Values of Access-Control-Allow-Credentials that are not the one that counts. */
const NOT_TRUE: [id: string, what: string, lines: Line[]][] = [
  ['acac-case/upper', 'TRUE', [acac('TRUE')]],
  ['acac-case/title', 'True', [acac('True')]],
  ['acac-case/double-quoted', '"true" in quotes', [acac('"true"')]],
  ['acac-case/single-quoted', 'true in apostrophes', [acac("'true'")]],
  ['acac-case/one', '1', [acac('1')]],
  ['acac-case/zero', '0', [acac('0')]],
  ['acac-case/false', 'false', [acac('false')]],
  ['acac-case/yes', 'yes', [acac('yes')]],
  ['acac-case/empty', 'an empty value', [acac('')]],
  ['acac-case/star', '*', [acac('*')]],
  ['acac-list/twice', 'true, true', [acac('true, true')]],
  ['acac-list/leading-comma', ',true', [acac(',true')]],
  ['acac-list/trailing-comma', 'true,', [acac('true,')]],
  ['acac-list/two-lines', 'true on two lines', [acac(), acac()]],
  ['acac-list/empty-line', 'an empty line and true', [acac(''), acac()]],
  ['acac-ctl/vt', 'true and a vertical tab', [acac('true\x0b')]],
  ['acac-ctl/ff', 'true and a form feed', [acac('true\x0c')]],
  ['acac-ctl/vt-before', 'a vertical tab and true', [acac('\x0btrue')]],
];

const IGNORED: [variant: string, what: string, lines: Line[]][] = [
  ['false', 'false', [acac('false')]],
  ['garbage', 'garbage', [acac('maybe; or not')]],
  ['twice', 'true on two lines', [acac(), acac()]],
];

/** A realm per case: an engine keeps the password that one case gave for a realm, and offers it to the next. */
const CHALLENGE: Line = ['WWW-Authenticate', 'Basic realm="{nonce}"'];
const unauthorized = (...headers: Line[]): Answer => ({ status: 401, headers: [CHALLENGE, ...headers] });

/** A preflight that allows everything, and a response of its own. */
const afterPreflight = (id: string, title: string, ...lines: Line[]): Case =>
  one(
    id,
    title,
    CHECK,
    { ...INCLUDE, method: 'PUT' },
    { preflight: answer(acao(), acac(), acam('PUT')), actual: answer(...lines) },
    blocked({ preflight: 'sent' }),
  );

const events = (...headers: Line[]): Answer => ({
  headers: [['Content-Type', 'text/event-stream'], ...headers],
  body: ': hello\n\n',
});

export const credentials = defineSuite({
  id: 'credentials',
  title: 'Requests with credentials',
  about: 'What a server must say before script may read the answer to a request with credentials.',
  cases: [
    ...WITH_CREDENTIALS.flatMap(([api, request]) => [
      one(
        `cred-include-exact-true/${api}`,
        `The exact origin and "true" let a ${api} request with credentials be read`,
        CHECK,
        request,
        answer(acao(), acac()),
        readable({ requestHeaders: { origin: '{origin}' } }),
      ),
      one(
        `cred-include-star/${api}`,
        `"*" does not let a ${api} request with credentials be read`,
        CHECK,
        request,
        answer(acao('*'), acac()),
        blocked(),
      ),
      one(
        `cred-include-no-acac/${api}`,
        `Without Access-Control-Allow-Credentials a ${api} request with credentials is blocked`,
        CHECK,
        request,
        answer(acao()),
        blocked(),
      ),
    ]),
    afterPreflight(
      'cred-include-no-acac/after-preflight',
      'An answer to the preflight that allows credentials does not speak for the response',
      acao(),
    ),
    afterPreflight(
      'cred-include-star/after-preflight',
      'An exact answer to the preflight does not make up for "*" on the response',
      acao('*'),
      acac(),
    ),
    ...NOT_TRUE.map(([id, what, lines]) =>
      one(
        id,
        `Access-Control-Allow-Credentials must be exactly "true", not ${what}`,
        CHECK,
        INCLUDE,
        answer(acao(), ...lines),
        blocked(),
      ),
    ),
    one(
      'acac-padded',
      'Spaces and tabs around "true" do not count',
      [spec.corsCheck, 'https://fetch.spec.whatwg.org/#concept-header-value-normalize'],
      INCLUDE,
      answer(acao(), acac(' \ttrue\t ')),
      readable(),
    ),
    ...(['omit', 'same-origin'] as const).flatMap(mode =>
      IGNORED.map(([variant, what, lines]) =>
        one(
          `acac-ignored-without-creds/${mode}-${variant}`,
          `Credentials mode ${mode} does not look at Access-Control-Allow-Credentials: ${what}`,
          spec.corsCheck,
          { credentials: mode },
          answer(acao('*'), ...lines),
          readable(),
        ),
      ),
    ),
    ...WITH_CREDENTIALS.map(([api, request]) =>
      one(
        `cred-401-no-prompt/${api}`,
        `A challenge in a cross-origin response asks nobody for a password: ${api} sees status 401`,
        spec.networkOrCache,
        // A browser that asks somebody for a password would wait for ever.
        { ...request, timeoutMs: 5000 },
        { actual: unauthorized(acao(), acac()) },
        readable({ status: 401, requestHeaders: { authorization: null } }),
      ),
    ),
    one(
      'cred-url-userinfo-fetch',
      'fetch() refuses a URL with a user name and password',
      'https://fetch.spec.whatwg.org/#dom-request',
      { url: 'http://u:p@localhost:{port:target}{path}' },
      answer(acao()),
      { outcome: 'error', error: 'TypeError', wire: [] },
    ),
    one(
      'cred-url-userinfo-fetch/user-only',
      'fetch() refuses a URL with a user name alone',
      'https://fetch.spec.whatwg.org/#dom-request',
      { url: 'http://u@localhost:{port:target}{path}' },
      answer(acao()),
      { outcome: 'error', error: 'TypeError', wire: [] },
    ),
    one(
      'cred-url-userinfo-xhr/challenged',
      'The user and password given to XHR’s open() are not sent to another origin, challenged or not',
      [spec.xhrOpen, spec.networkOrCache],
      { api: 'xhr', user: 'u', password: 'p', withCredentials: true },
      { actual: [unauthorized(acao(), acac()), answer(acao(), acac())] },
      readable({ status: 401, wire: ['GET'], requestHeaders: { authorization: null } }),
    ),
    one(
      'cred-url-userinfo-xhr/unchallenged',
      'The user and password given to XHR’s open() are not sent to another origin unasked',
      [spec.xhrOpen, spec.networkOrCache],
      { api: 'xhr', user: 'u', password: 'p', withCredentials: true },
      answer(acao(), acac()),
      readable({ requestHeaders: { authorization: null } }),
    ),
    sequence(
      'cred-basic-auth-entry',
      'A password that the engine knows goes with a request with credentials, and not with its preflight',
      spec.networkOrCache,
      [
        step(
          { api: 'xhr', user: 'u', password: 'p' },
          { actual: [unauthorized(), answer()] },
          readable({ status: 200, wire: ['GET', 'GET'], requestHeaders: { authorization: 'Basic dTpw' } }),
        ),
        step(
          { ...INCLUDE, method: 'PUT' },
          { preflight: answer(acao(), acac(), acam('PUT')), actual: answer(acao(), acac()) },
          preflighted({
            preflightHeaders: { authorization: null },
            requestHeaders: { authorization: 'Basic dTpw' },
          }),
          { page: 'other-site' },
        ),
        step(
          { credentials: 'omit' },
          { actual: answer(acao()) },
          readable({ requestHeaders: { authorization: null } }),
          { page: 'other-site' },
        ),
      ],
      { at: 'site', class: 'wire' },
    ),
    one(
      'cred-eventsource/allowed',
      'An EventSource with credentials opens where the server allows credentials',
      'https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource',
      { api: 'eventsource', withCredentials: true },
      { actual: events(acao(), acac()) },
      readable({ result: 'open', requestHeaders: { origin: '{origin}' } }),
    ),
    one(
      'cred-eventsource/no-acac',
      'An EventSource with credentials fails where the server does not allow credentials',
      'https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource',
      { api: 'eventsource', withCredentials: true },
      { actual: events(acao()) },
      readable({ result: 'error' }),
    ),
    one(
      'cred-eventsource/star',
      'An EventSource with credentials fails where the server answers "*"',
      'https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource',
      { api: 'eventsource', withCredentials: true },
      { actual: events(acao('*'), acac()) },
      readable({ result: 'error' }),
    ),
    one(
      'cred-eventsource/without',
      'An EventSource without credentials opens where the server answers "*"',
      'https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource',
      { api: 'eventsource' },
      { actual: events(acao('*')) },
      readable({ result: 'open' }),
    ),
  ],
});
