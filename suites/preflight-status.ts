/** How a preflight's answer comes: its status, its body, its connection. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, RequestStep } from '../harness/case/schema.ts';
import { withXhr } from './apis.ts';
import {
  acac,
  acah,
  acam,
  acao,
  allowed,
  at,
  one,
  PUT,
  preflighted,
  readable,
  refused,
  spec,
} from './helpers.ts';

const permission = [acao(), acam('PUT'), acah('x-a')];

/** The headers that would allow everything, on an answer with this status. */
const granting = (status: number, more: Partial<Answer> = {}): Answer => ({
  status,
  headers: permission,
  ...more,
});

const server = (preflight: Answer | Answer[]): NonNullable<RequestStep['server']> => ({
  preflight,
  actual: allowed,
});

const refusedFor = (id: string, title: string, preflight: Answer): Case =>
  one(id, title, spec.preflightFetch, PUT, server(preflight), refused({ wire: ['OPTIONS'] }));

const allowedBy = (id: string, title: string, preflight: Answer, request = PUT): Case =>
  one(id, title, spec.preflightFetch, request, server(preflight), preflighted({ type: 'cors', status: 200 }));

const NOT_OK = [
  400, 403, 404, 405, 406, 410, 416, 417, 425, 429, 451, 500, 501, 502, 503, 504, 599, 680, 790,
];
const REDIRECTS = [300, 301, 302, 303, 304, 305, 306, 307, 308];

/** A redirect whose every hop would allow everything. */
const redirecting = (status: number): RequestStep['server'] => ({
  preflight: granting(status, { headers: [...permission, ['Location', '{url:elsewhere}']] }),
  actual: allowed,
  resources: { elsewhere: at('target', { preflight: granting(204), actual: allowed }) },
});

export const preflightStatus = defineSuite({
  id: 'preflight-status',
  title: 'The status and the body of a preflight answer',
  about: 'Any status from 200 to 299 lets a request pass, no other does, and the body never matters.',
  cases: [
    ...[200, 202, 204, 206, 226, 299].map(status =>
      allowedBy(
        `preflight-2xx/${status}`,
        `A preflight answered ${status} lets the request pass`,
        granting(status),
      ),
    ),
    ...REDIRECTS.map(status =>
      one(
        `preflight-3xx/${status}`,
        `A preflight answered ${status} stops the request, and its Location is not asked for`,
        spec.preflightFetch,
        PUT,
        redirecting(status),
        refused({ wire: ['OPTIONS'] }),
      ),
    ),
    ...withXhr(
      one(
        'preflight-redirect-response-with-acao',
        'A preflight that is redirected fails, although both answers allow everything',
        [spec.preflightFetch, spec.corsProtocol],
        { method: 'GET', headers: [['X-A', '1']] },
        redirecting(302),
        refused({ wire: ['OPTIONS'] }),
      ),
    ),
    ...NOT_OK.map(status =>
      refusedFor(
        `preflight-4xx-5xx/${status}`,
        `A preflight answered ${status} stops the request, whatever its headers allow`,
        granting(status),
      ),
    ),
    one(
      'preflight-401-no-prompt',
      'A preflight answered 401 with a challenge fails without asking for a password',
      [spec.preflightFetch, spec.networkOrCache],
      { method: 'PUT', credentials: 'include' },
      server({
        status: 401,
        headers: [...permission, acac(), ['WWW-Authenticate', 'Basic realm="{nonce}"']],
      }),
      refused({ wire: ['OPTIONS'] }),
    ),
    refusedFor(
      'preflight-407',
      'A preflight that the server answers 407 stops the request',
      granting(407, { headers: [...permission, ['Proxy-Authenticate', 'Basic realm="{nonce}"']] }),
    ),
    one(
      'preflight-421-retry/still-misdirected',
      'A preflight answered 421 is tried once more on another connection, and then fails',
      spec.networkOrCache,
      PUT,
      server(granting(421)),
      refused({ wire: ['OPTIONS', 'OPTIONS'] }),
      { class: 'wire' },
    ),
    one(
      'preflight-421-retry/then-well',
      'A preflight answered 421 and then well lets the request pass',
      spec.networkOrCache,
      PUT,
      server([granting(421), granting(204)]),
      readable({ status: 200, wire: ['OPTIONS', 'OPTIONS', 'PUT'] }),
    ),
    allowedBy(
      'preflight-1xx-first',
      'An interim answer before that of a preflight changes nothing',
      granting(204, { interim: [{ status: 103, headers: [['Link', '</x>; rel=preconnect']] }] }),
    ),
    allowedBy(
      'preflight-body-ignored',
      'The body of a preflight answer does not matter',
      granting(200, {
        headers: [...permission, ['Content-Type', 'text/html']],
        body: '<!doctype html><p>Hello',
      }),
    ),
    ...withXhr(
      one(
        'preflight-unterminated-body',
        "A request does not wait for the end of its preflight's body",
        spec.preflightFetch,
        { ...PUT, timeoutMs: 4000 },
        server(granting(200, { body: { bytes: 4000 }, fault: 'hang-in-body' })),
        preflighted({ status: 200 }),
      ),
    ),
    one(
      'preflight-network-failure',
      'A preflight whose connection is reset stops the request',
      spec.preflightFetch,
      PUT,
      server({ fault: 'reset' }),
      { outcome: 'error', anyRequests: true, preflight: 'sent', actual: 'not sent' },
    ),
    allowedBy(
      'preflight-corp-nosniff-irrelevant/corp',
      'Cross-Origin-Resource-Policy on a preflight answer does not matter',
      granting(204, { headers: [...permission, ['Cross-Origin-Resource-Policy', 'same-origin']] }),
    ),
    allowedBy(
      'preflight-corp-nosniff-irrelevant/nosniff',
      'X-Content-Type-Options on a preflight answer does not matter',
      granting(200, {
        headers: [...permission, ['X-Content-Type-Options', 'nosniff'], ['Content-Type', 'text/html']],
        body: 'x',
      }),
    ),
  ],
});
