/** How a preflight's answer comes: its status, its body, its connection. */

import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, CaseRequest } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { withXhr } from './api-helpers.ts';
import {
  acac,
  acah,
  acam,
  acao,
  allowed,
  blockedAtPreflight,
  one,
  PUT,
  preflighted,
  readable,
  resourceAt,
  type Server,
  type Titled,
} from './helpers.ts';

const permission = [acao(), acam('PUT'), acah('x-a')];

/** The headers that would allow everything, on an answer with this status. */
const granting = (status: number, more: Partial<Answer> = {}): Answer => ({
  status,
  headers: permission,
  ...more,
});

const server = (preflight: Answer | Answer[]): Server => ({
  preflight,
  actual: allowed,
});

const refusedFor = ({ id, title, preflight }: Titled & { preflight: Answer }): Case =>
  one({
    id,
    title,
    spec: SPEC.preflightFetch,
    request: PUT,
    server: server(preflight),
    expect: blockedAtPreflight({ wire: ['OPTIONS'] }),
  });

const allowedBy = ({
  id,
  title,
  preflight,
  request = PUT,
}: Titled & { preflight: Answer; request?: CaseRequest }): Case =>
  one({
    id,
    title,
    spec: SPEC.preflightFetch,
    request,
    server: server(preflight),
    expect: preflighted({ type: 'cors', status: 200 }),
  });

const NOT_OK = [
  400, 403, 404, 405, 406, 410, 416, 417, 425, 429, 451, 500, 501, 502, 503, 504, 599, 680, 790,
];
const REDIRECTS = [300, 301, 302, 303, 304, 305, 306, 307, 308];

/** A redirect whose every hop would allow everything. */
const redirecting = (status: number): Server => ({
  preflight: granting(status, { headers: [...permission, ['Location', '{url:elsewhere}']] }),
  actual: allowed,
  resources: { elsewhere: resourceAt('target', { preflight: granting(204), actual: allowed }) },
});

export const preflightStatus = defineSuite({
  id: 'preflight-status',
  title: 'The status and body of a preflight response',
  about: 'Any status from 200 to 299 lets the request through and no other does; the body never matters.',
  cases: [
    ...[200, 202, 204, 206, 226, 299].map(status =>
      allowedBy({
        id: `preflight-2xx/${status}`,
        title: `A preflight answered ${status} lets the request through`,
        preflight: granting(status),
      }),
    ),
    ...REDIRECTS.map(status =>
      one({
        id: `preflight-3xx/${status}`,
        title: `A preflight answered ${status} blocks the request, and its Location is not followed`,
        spec: SPEC.preflightFetch,
        request: PUT,
        server: redirecting(status),
        expect: blockedAtPreflight({ wire: ['OPTIONS'] }),
      }),
    ),
    ...withXhr(
      one({
        id: 'preflight-redirect-response-with-acao',
        title: 'A redirected preflight fails, even if both responses allow everything',
        spec: [SPEC.preflightFetch, SPEC.corsProtocol],
        request: { method: 'GET', headers: [['X-A', '1']] },
        server: redirecting(302),
        expect: blockedAtPreflight({ wire: ['OPTIONS'] }),
      }),
    ),
    ...NOT_OK.map(status =>
      refusedFor({
        id: `preflight-4xx-5xx/${status}`,
        title: `A preflight answered ${status} blocks the request, whatever its headers allow`,
        preflight: granting(status),
      }),
    ),
    one({
      id: 'preflight-401-no-prompt',
      title: 'A preflight answered 401 with a challenge fails without a password prompt',
      spec: [SPEC.preflightFetch, SPEC.networkOrCache],
      request: { method: 'PUT', credentials: 'include' },
      server: server({
        status: 401,
        headers: [...permission, acac(), ['WWW-Authenticate', 'Basic realm="{nonce}"']],
      }),
      expect: blockedAtPreflight({ wire: ['OPTIONS'] }),
    }),
    refusedFor({
      id: 'preflight-407',
      title: 'A preflight answered 407 by the server blocks the request',
      preflight: granting(407, { headers: [...permission, ['Proxy-Authenticate', 'Basic realm="{nonce}"']] }),
    }),
    one({
      id: 'preflight-421-retry/still-misdirected',
      title: 'A preflight answered 421 twice is retried once, on another connection, and then fails',
      spec: SPEC.networkOrCache,
      request: PUT,
      server: server(granting(421)),
      expect: blockedAtPreflight({ wire: ['OPTIONS', 'OPTIONS'] }),
      class: 'wire',
    }),
    one({
      id: 'preflight-421-retry/then-well',
      title: 'A preflight answered 421 and allowed on the retry lets the request through',
      spec: SPEC.networkOrCache,
      request: PUT,
      server: server([granting(421), granting(204)]),
      expect: readable({ status: 200, wire: ['OPTIONS', 'OPTIONS', 'PUT'] }),
    }),
    allowedBy({
      id: 'preflight-1xx-first',
      title: 'A 1xx response to a preflight is ignored in favor of the final one',
      preflight: granting(204, { interim: [{ status: 103, headers: [['Link', '</x>; rel=preconnect']] }] }),
    }),
    allowedBy({
      id: 'preflight-body-ignored',
      title: 'The body of a preflight response is ignored',
      preflight: granting(200, {
        headers: [...permission, ['Content-Type', 'text/html']],
        body: '<!doctype html><p>Hello',
      }),
    }),
    ...withXhr(
      one({
        id: 'preflight-unterminated-body',
        title: "The request does not wait for the end of the preflight response's body",
        spec: SPEC.preflightFetch,
        request: { ...PUT, timeoutMs: 4000 },
        server: server(granting(200, { body: { bytes: 4000 }, fault: 'hang-in-body' })),
        expect: preflighted({ status: 200 }),
      }),
    ),
    one({
      id: 'preflight-body-cut',
      title: "The end of the preflight response's body by a reset does not stop the request",
      spec: SPEC.preflightFetch,
      request: PUT,
      server: server(granting(200, { body: { bytes: 4000 }, fault: 'reset-in-body' })),
      expect: preflighted({ status: 200 }),
    }),
    ...['gzip', 'br'].map(coding =>
      one({
        id: `preflight-body-garbled/${coding}`,
        title: `A preflight response whose body is not ${coding}, as its Content-Encoding says, allows the request all the same`,
        spec: [SPEC.preflightFetch, SPEC.handleContentCodings],
        request: PUT,
        server: server(
          granting(200, { headers: [...permission, ['Content-Encoding', coding]], body: 'hello, world' }),
        ),
        expect: preflighted({ status: 200 }),
      }),
    ),
    one({
      id: 'preflight-network-failure',
      title: 'A preflight whose connection is reset blocks the request',
      spec: SPEC.preflightFetch,
      request: PUT,
      server: server({ fault: 'reset' }),
      expect: { outcome: 'error', anyRequests: true, preflight: 'sent', actual: 'not sent' },
    }),
    allowedBy({
      id: 'preflight-corp-nosniff-irrelevant/corp',
      title: 'Cross-Origin-Resource-Policy on a preflight response is ignored',
      preflight: granting(204, { headers: [...permission, ['Cross-Origin-Resource-Policy', 'same-origin']] }),
    }),
    allowedBy({
      id: 'preflight-corp-nosniff-irrelevant/nosniff',
      title: 'X-Content-Type-Options on a preflight response is ignored',
      preflight: granting(200, {
        headers: [...permission, ['X-Content-Type-Options', 'nosniff'], ['Content-Type', 'text/html']],
        body: 'x',
      }),
    }),
  ],
});
