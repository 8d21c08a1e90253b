/** What a page does in a step, in words: the request line, who sends it, and everything that was asked for. */

import { code, type ExampleStep, exampleAddress, filled, headerLine, joined, originIn } from './example.ts';
import { originOf } from './places.ts';
import type { Api, CaseBody, CaseRequest, Realm } from './schema.ts';
import { realmOf } from './script.ts';
import { grouped } from './words.ts';

/** `~` is where the attribute crossorigin stands. */
const APIS: Readonly<Record<Api, string>> = {
  fetch: 'fetch()',
  xhr: 'XMLHttpRequest',
  beacon: 'navigator.sendBeacon()',
  image: 'an <img~> element',
  audio: 'an <audio~> element',
  script: 'a <script~> element',
  module: 'a <script type="module"~> element',
  font: 'a web font',
  eventsource: 'EventSource',
  websocket: 'WebSocket',
  preload: 'a <link rel="preload"~> element',
  ping: 'a link with a ping attribute',
  'import-scripts': 'importScripts()',
  worker: 'new Worker()',
  'module-worker': 'new Worker() with type "module"',
  'fetch-later': 'fetchLater()',
  stylesheet: 'a <link rel="stylesheet"~> element',
  track: 'a <track> element in a <video~> element',
  form: 'a form that is submitted to a frame',
};

/** Where in a page script runs; `in` and `of` lead to the page. */
const REALMS: Readonly<Record<Realm, string>> = {
  page: '',
  worker: 'a worker of ',
  'shared-worker': 'a shared worker of ',
  'service-worker': 'a service worker of ',
  'blob-worker': 'a worker from a blob: URL, of ',
  'data-worker': 'a worker from a data: URL, of ',
  'data-shared-worker': 'a shared worker from a data: URL, of ',
  'sandboxed-frame': 'a sandboxed frame in ',
  'sandboxed-same-origin-frame': 'a sandboxed frame with allow-same-origin in ',
  'data-frame': 'a data: frame in ',
  'srcdoc-frame': 'a srcdoc frame in ',
  'about-blank-frame': 'an about:blank frame in ',
  'blob-frame': 'a blob: frame in ',
  'controlled-frame': 'a frame that a service worker controls in ',
  'unloading-frame': 'a frame that is being closed in ',
};

/** APIs that send POST whatever they are told. */
const POSTS: ReadonlySet<Api> = new Set<Api>(['beacon', 'ping', 'form']);

const methodOf = ({ method, api = 'fetch' }: CaseRequest): string =>
  method ?? (POSTS.has(api) ? 'POST' : 'GET');

/** "`PUT http://localhost:9001/main` from a page on `http://localhost:8001`, by fetch(), with `X-A: 1`." */
export function requestSentence(at: ExampleStep): string {
  const { request } = at.step;
  const details = [
    ...(request.headers ?? []).map(header => headerLine(header, at)),
    ...(request.body === undefined ? [] : [bodyWords(request.body, at)]),
    ...optionsOf(request, at),
  ];
  const how = `${request.sync ? 'a synchronous ' : ''}${apiWords(request)}`;
  const withDetails = details.length > 0 ? `, with ${joined(details)}` : '';
  return `${requestLine(request, at)} from ${clientWords(at)}, by ${how}${withDetails}.`;
}

const isElement = ({ api = 'fetch' }: CaseRequest): boolean => APIS[api].includes('~');

function apiWords({ api = 'fetch', mode, credentials }: CaseRequest): string {
  const value = credentials === 'include' ? '="use-credentials"' : '';
  return APIS[api].replace('~', mode === 'no-cors' ? '' : ` crossorigin${value}`);
}

function requestLine(request: CaseRequest, at: ExampleStep): string {
  const method = methodOf(request);
  if (request.objectOf !== undefined)
    return `${code(method)} for a blob: URL of the text ${code(request.objectOf)}`;
  if (request.url === 'blob:page') return `${code(method)} for a blob: URL that the page makes`;
  const url = request.url === undefined ? exampleAddress(request.to ?? 'main', at) : filled(request.url, at);
  return code(`${method === '' ? '""' : method} ${url}${filled(request.suffix ?? '', at)}`);
}

function clientWords(at: ExampleStep): string {
  const { scene, step } = at;
  const page = originIn({ scene, step: { ...step, frame: undefined } });
  if (step.frame) return `a frame on ${code(originOf(step.frame, scene.ports))} in a page on ${code(page)}`;
  return `${REALMS[realmOf(scene.case, step)]}a page on ${code(page)}`;
}

function bodyWords(body: CaseBody, at: ExampleStep): string {
  if (typeof body === 'string') return `the body ${code(JSON.stringify(filled(body, at)))}`;
  if ('urlencoded' in body) return 'a URLSearchParams body';
  if ('multipart' in body) return 'a FormData body';
  if ('buffer' in body) return 'an ArrayBuffer body';
  if ('blob' in body)
    return body.type === '' ? 'a Blob body without a type' : `a Blob body of type ${code(body.type)}`;
  if ('bytes' in body) return `a body of ${grouped(body.bytes)} bytes`;
  return 'a ReadableStream body';
}

type Words = { readonly [Key in keyof CaseRequest]?: (value: NonNullable<CaseRequest[Key]>) => string };

/** Options that need a phrase; the others stand as script writes them. */
const PHRASES: Words = {
  timeoutMs: ms => `a timeout of ${ms} ms`,
  withCredentials: () => code('withCredentials = true'),
  withCredentialsAfterSend: () => `${code('withCredentials = true')} set only after send()`,
  uploadListener: when =>
    ({
      'before-send': 'an upload listener',
      'after-send': 'an upload listener added only after send()',
      'object-only': 'the upload object read but not listened to',
    })[when],
  responseType: type => code(`responseType = "${type}"`),
  user: name => `the user name ${code(name)} for open()`,
  password: word => `the password ${code(word)} for open()`,
  readsHeader: name => `a call that reads the response header ${code(name)}`,
  documentDomain: () => 'document.domain set to its own value first',
  headersAs: how => (how === 'object' ? 'the headers in a Headers object' : 'the headers as pairs'),
  atOnce: count => `${count} equal calls at once`,
  reads: what =>
    ({
      clone: 'the response read through clone()',
      'cache-api': 'the response read through the Cache API',
      'write-headers': 'an attempt to change the response headers',
      timing: 'a look at its Resource Timing entry',
      body: 'a look at whether response.body is null',
      reconnection: 'a wait until it has reconnected',
    })[what],
  abort: abort =>
    abort === 'before'
      ? 'an abort before the call'
      : `an abort as soon as the ${abort.when === 'preflight' ? 'preflight' : 'request'}${abort.to ? ` for /${abort.to}` : ''} arrives${abort.reason ? ` (reason ${code(abort.reason)})` : ''}`,
};

const SAID: ReadonlySet<string> = new Set([
  'api',
  'to',
  'url',
  'objectOf',
  'suffix',
  'method',
  'headers',
  'body',
  'sync',
]);

const SAID_OF_ELEMENTS: ReadonlySet<string> = new Set([...SAID, 'mode', 'credentials']);

function optionsOf(request: CaseRequest, at: ExampleStep): string[] {
  const said = isElement(request) ? SAID_OF_ELEMENTS : SAID;
  return Object.entries(request)
    .filter(([key, value]) => !said.has(key) && value !== undefined)
    .map(([key, value]) => {
      const phrase = PHRASES[key as keyof CaseRequest] as ((value: unknown) => string) | undefined;
      if (phrase) return phrase(value);
      return code(`${key}: ${JSON.stringify(typeof value === 'string' ? filled(value, at) : value)}`);
    });
}
