/** Requests from workers, and the requests for workers' own scripts. */
import { defineSuite } from '../harness/case/define.ts';
import type { Answer, Case, Realm } from '../harness/case/schema.ts';
import { viaXhr } from './apis.ts';
import {
  acac,
  acam,
  acao,
  allowed,
  answer,
  at,
  blocked,
  one,
  preflighted,
  readable,
  spec,
} from './helpers.ts';

const HTML = 'https://html.spec.whatwg.org/multipage';
const CLASSIC_SCRIPT = `${HTML}/webappapis.html#fetch-a-classic-worker-script`;
const MODULE_SCRIPT = `${HTML}/webappapis.html#fetch-a-worklet/module-worker-script-graph`;
const IMPORTED_SCRIPT = `${HTML}/webappapis.html#fetch-a-classic-worker-imported-script`;
const RUN_SCRIPT = `${HTML}/webappapis.html#run-a-classic-script`;
const WORKER_SETTINGS = `${HTML}/workers.html#script-settings-for-workers`;

const SCRIPTS = 'the model makes no requests for scripts';

/** A script as its server sends it. */
const javascript = (body: string, ...headers: [string, string][]): Answer => ({
  headers: [['Content-Type', 'text/javascript'], ...headers],
  body,
});

/** The rules of the page, in another realm. */
const sameRules = (row: string, where: string, realm: Realm): Case[] => [
  one(
    `${row}/allowed`,
    `A ${where} reads a response that allows its origin, and sends that origin.`,
    [spec.mainFetch, spec.originHeader],
    {},
    allowed,
    readable({ type: 'cors', status: 200, body: 'ok', requestHeaders: { origin: '{origin}' } }),
    { realm },
  ),
  one(
    `${row}/blocked`,
    `A ${where} cannot read a response that allows nobody.`,
    spec.corsCheck,
    {},
    answer(),
    blocked({ error: 'TypeError' }),
    { realm },
  ),
  one(
    `${row}/preflight`,
    `A PUT from a ${where} is preflighted with its origin.`,
    [spec.httpFetch, spec.preflightFetch],
    { method: 'PUT' },
    { preflight: answer(acao(), acam('PUT')), actual: allowed },
    preflighted({ type: 'cors', status: 200, preflightHeaders: { origin: '{origin}' } }),
    { realm },
  ),
  one(
    `${row}/credentials`,
    `A ${where} reads no credentialed response through a wildcard.`,
    spec.corsCheck,
    { credentials: 'include' },
    answer(acao('*'), acac()),
    blocked({ error: 'TypeError' }),
    { realm },
  ),
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
  one(
    'worker-redirected-script-origin/cross-origin-data',
    'A worker whose script was redirected within its origin makes requests with that origin.',
    [CLASSIC_SCRIPT, WORKER_SETTINGS],
    { api: 'worker' },
    {
      actual: redirectTo('moved'),
      resources: {
        moved: at('site', { actual: javascript(FETCHES_DATA) }),
        data: at('target', { actual: { ...allowed, body: 'read' } }),
      },
    },
    readable({
      result: 'read, at home: true',
      wire: ['GET', 'GET moved', 'GET data'],
      requestHeadersAt: { 'GET data': { origin: '{origin}' } },
    }),
    { at: 'site', notModelled: SCRIPTS },
  ),
  one(
    'worker-redirected-script-origin/referrer',
    'The referrer of a worker whose script was redirected is the URL that it was redirected to.',
    [CLASSIC_SCRIPT, WORKER_SETTINGS],
    { api: 'worker' },
    {
      actual: redirectTo('moved'),
      resources: {
        moved: at('site', { actual: javascript(FETCHES_DATA) }),
        data: at('site', { actual: { body: 'read' } }),
      },
    },
    readable({
      result: 'read, at home: true',
      wire: ['GET', 'GET moved', 'GET data'],
      requestHeadersAt: { 'GET data': { origin: null, referer: '{url:moved}' } },
    }),
    { at: 'site', notModelled: SCRIPTS },
  ),
  one(
    'worker-redirected-script-origin/cross-origin-script',
    'A redirect of a worker’s script to another origin is not followed, whatever that origin allows.',
    [CLASSIC_SCRIPT, spec.redirectFetch],
    { api: 'worker' },
    {
      actual: redirectTo('moved'),
      resources: { moved: at('target', { actual: javascript('postMessage("ran")', acao('*')) }) },
    },
    readable({ result: 'error', wire: ['GET'] }),
    { at: 'site', notModelled: SCRIPTS },
  ),
  one(
    'worker-module-cross-origin/refused',
    'A module worker’s script is not even asked for at another origin, whatever that origin allows.',
    [MODULE_SCRIPT, spec.mainFetch],
    { api: 'module-worker' },
    javascript('postMessage("ran")', acao('*')),
    readable({ result: 'error', wire: [] }),
    { notModelled: SCRIPTS },
  ),
  one(
    'worker-module-cross-origin/same-origin',
    'A module worker’s script of the page’s own origin runs.',
    MODULE_SCRIPT,
    { api: 'module-worker' },
    javascript('postMessage("ran")'),
    readable({ result: 'ran', wire: ['GET'] }),
    { at: 'site', notModelled: SCRIPTS },
  ),
];

const IMPORTS: readonly [variant: string, title: string, script: Answer, result: string, at?: 'site'][] = [
  ['runs', 'importScripts() runs a script of another origin that allows nobody.', javascript('0'), 'load'],
  [
    'muted',
    'What a script of another origin throws reaches importScripts() as a NetworkError.',
    javascript('throw new RangeError("details")'),
    'NetworkError',
  ],
  [
    'muted-though-allowed',
    'It stays a NetworkError where the other origin would allow everybody.',
    javascript('throw new RangeError("details")', acao('*')),
    'NetworkError',
  ],
  [
    'same-origin-throws',
    'What a script of the worker’s own origin throws reaches importScripts() as it is.',
    javascript('throw new RangeError("details")'),
    'RangeError',
    'site',
  ],
];

const imports = IMPORTS.map(([variant, title, script, result, place]) =>
  one(
    `importscripts-cross/${variant}`,
    title,
    [IMPORTED_SCRIPT, RUN_SCRIPT],
    { api: 'import-scripts' },
    script,
    readable({ result, wire: ['GET'], requestHeaders: { origin: null } }),
    { realm: 'worker', ...(place && { at: place }), notModelled: SCRIPTS },
  ),
);

export const workers = defineSuite({
  id: 'workers',
  title: 'Workers',
  about: 'Workers follow the rules of pages; their own scripts have rules of their own.',
  cases: [
    ...dedicated,
    ...dedicated.map(viaXhr),
    ...shared,
    ...shared.map(viaXhr),
    ...sameRules('worker-service', 'service worker', 'service-worker'),
    one(
      'worker-service/not-intercepted',
      'A service worker’s own request does not pass through the service worker.',
      [spec.fetchMethod, spec.httpFetch],
      {},
      allowed,
      readable({ type: 'cors', body: 'ok', hidden: ['x-made'] }),
      { realm: 'service-worker', worker: 'synthetic' },
    ),
    ...workerScripts,
    ...imports,
  ],
});
