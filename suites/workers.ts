/** Requests from workers, and the requests for workers' own scripts. */

import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, Realm } from '../harness/case/schema.ts';
import { SPEC } from '../harness/standard/spec.ts';
import { viaXhr } from './api-helpers.ts';
import {
  acac,
  acam,
  acao,
  allowed,
  answer,
  blockedAtResponse,
  one,
  preflighted,
  readable,
  resourceAt,
  ruledBy,
} from './helpers.ts';

const SCRIPTS = 'The model does not fetch scripts.';

/** A script as its server sends it. */
const javascript = (body: string, ...headers: [string, string][]): Answer => ({
  headers: [['Content-Type', 'text/javascript'], ...headers],
  body,
});

/** The rules of the page, in another realm. */
const sameRules = (row: string, where: string, realm: Realm): Case[] => [
  one({
    id: `${row}/allowed`,
    title: `A ${where} sends its origin and reads a response that allows it`,
    spec: [SPEC.mainFetch, SPEC.originHeader],
    server: allowed,
    expect: readable({ type: 'cors', status: 200, body: 'ok', requestHeaders: { origin: '{origin}' } }),
    realm,
  }),
  one({
    id: `${row}/blocked`,
    title: `A ${where} is blocked without Access-Control-Allow-Origin`,
    spec: SPEC.corsCheck,
    server: answer(),
    expect: blockedAtResponse({ error: 'TypeError' }),
    realm,
  }),
  one({
    id: `${row}/preflight`,
    title: `A ${where} sends its origin on the preflight of a PUT`,
    spec: [SPEC.httpFetch, SPEC.preflightFetch],
    request: { method: 'PUT' },
    server: { preflight: answer(acao(), acam('PUT')), actual: allowed },
    expect: preflighted({ type: 'cors', status: 200, preflightHeaders: { origin: '{origin}' } }),
    realm,
  }),
  one({
    id: `${row}/credentials`,
    title: `A ${where} with credentials is blocked by Access-Control-Allow-Origin: *`,
    spec: SPEC.corsCheck,
    request: { credentials: 'include' },
    server: answer(acao('*'), acac()),
    expect: blockedAtResponse({ error: 'TypeError' }),
    realm,
  }),
];

const dedicated = sameRules('worker-dedicated', 'dedicated worker', 'worker');
const shared = sameRules('worker-shared', 'shared worker', 'shared-worker');

const redirectTo = (resource: string): Answer => ({
  status: 302,
  headers: [['Location', `{url:${resource}}`]],
});

/** A worker's script that fetches `data` and tells what became of it, and where it believes itself to be. */
const FETCHES_DATA =
  'fetch("{url:data}").then(r => r.text(), e => e.name).then(t => postMessage(t + ", at home: " + (location.href === "{url:moved}")))';

const workerScripts: Case[] = [
  one({
    id: 'worker-redirected-script-origin/cross-origin-data',
    title: 'A worker whose script was redirected within its origin sends that origin',
    spec: [SPEC.workerScript, SPEC.workerOrigin, SPEC.originHeader],
    request: { api: 'worker' },
    server: {
      actual: redirectTo('moved'),
      resources: {
        moved: resourceAt('site', { actual: javascript(FETCHES_DATA) }),
        data: resourceAt('target', { actual: { ...allowed, body: 'read' } }),
      },
    },
    expect: readable({
      result: 'read, at home: true',
      wire: ['GET', 'GET moved', 'GET data'],
      requestHeadersAt: { 'GET data': { origin: '{origin}' } },
    }),
    at: 'site',
    notModelled: SCRIPTS,
  }),
  one({
    id: 'worker-redirected-script-origin/referrer',
    title: 'A worker whose script was redirected sends the final URL as its referrer',
    spec: [SPEC.workerScript, SPEC.workerOrigin, SPEC.originHeader],
    request: { api: 'worker' },
    server: {
      actual: redirectTo('moved'),
      resources: {
        moved: resourceAt('site', { actual: javascript(FETCHES_DATA) }),
        data: resourceAt('site', { actual: { body: 'read' } }),
      },
    },
    expect: readable({
      result: 'read, at home: true',
      wire: ['GET', 'GET moved', 'GET data'],
      requestHeadersAt: { 'GET data': { origin: null, referer: '{url:moved}' } },
    }),
    at: 'site',
    notModelled: SCRIPTS,
  }),
  one({
    id: 'worker-redirected-script-origin/cross-origin-script',
    title: 'A worker script that redirects to another origin fails, whatever that origin allows',
    spec: [SPEC.workerScript, SPEC.redirectFetch],
    request: { api: 'worker' },
    server: {
      actual: redirectTo('moved'),
      resources: { moved: resourceAt('target', { actual: javascript('postMessage("ran")', acao('*')) }) },
    },
    expect: readable({ result: 'error', wire: ['GET'] }),
    at: 'site',
    notModelled: SCRIPTS,
  }),
  one({
    id: 'worker-module-cross-origin/refused',
    title: 'A cross-origin module worker script is not requested, whatever that origin allows',
    spec: [SPEC.moduleWorkerScript, SPEC.mainFetch],
    ...ruledBy('HTML'),
    request: { api: 'module-worker' },
    server: javascript('postMessage("ran")', acao('*')),
    expect: readable({ result: 'error', wire: [] }),
    notModelled: SCRIPTS,
  }),
  one({
    id: 'worker-module-cross-origin/same-origin',
    title: 'A same-origin module worker script runs',
    spec: SPEC.moduleWorkerScript,
    ...ruledBy('HTML'),
    request: { api: 'module-worker' },
    server: javascript('postMessage("ran")'),
    expect: readable({ result: 'ran', wire: ['GET'] }),
    at: 'site',
    notModelled: SCRIPTS,
  }),
];

const IMPORTS: readonly [variant: string, title: string, script: Answer, result: string, at?: 'site'][] = [
  [
    'runs',
    'importScripts() runs a cross-origin script without Access-Control-Allow-Origin',
    javascript('0'),
    'load',
  ],
  [
    'muted',
    'importScripts() reports an exception of a cross-origin script as a NetworkError',
    javascript('throw new RangeError("details")'),
    'NetworkError',
  ],
  [
    'muted-though-allowed',
    'importScripts() reports a NetworkError even if the cross-origin script is served with "*"',
    javascript('throw new RangeError("details")', acao('*')),
    'NetworkError',
  ],
  [
    'same-origin-throws',
    'importScripts() rethrows an exception of a same-origin script',
    javascript('throw new RangeError("details")'),
    'RangeError',
    'site',
  ],
];

const imports = IMPORTS.map(([variant, title, script, result, place]) =>
  one({
    id: `importscripts-cross/${variant}`,
    title,
    spec: [SPEC.importedScript, SPEC.runClassicScript],
    ...ruledBy('HTML'),
    request: { api: 'import-scripts' },
    server: script,
    expect: readable({ result, wire: ['GET'], requestHeaders: { origin: null } }),
    realm: 'worker',
    ...(place && { at: place }),
    notModelled: SCRIPTS,
  }),
);

export const workers = defineSuite({
  id: 'workers',
  title: 'Workers',
  about: 'Workers follow the rules of pages; their scripts have their own rules.',
  cases: [
    ...dedicated,
    ...dedicated.map(viaXhr),
    ...shared,
    ...shared.map(viaXhr),
    ...sameRules('worker-service', 'service worker', 'service-worker'),
    one({
      id: 'worker-service/not-intercepted',
      title: "A service worker's own request is not intercepted by the service worker",
      spec: [SPEC.fetchMethod, SPEC.httpFetch],
      server: allowed,
      expect: readable({ type: 'cors', body: 'ok', hidden: ['x-made'] }),
      realm: 'service-worker',
      worker: 'synthetic',
    }),
    ...workerScripts,
    ...imports,
  ],
});
