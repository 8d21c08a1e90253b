/**
 * A case as a small Node script without dependencies, for the bug report of a browser's developer: a server that answers
 * as the case's does, byte by byte, a page that sends its requests, and both logs on the terminal.
 */
import { describeCase } from '../harness/case/describe.ts';
import { EXAMPLE_PORTS, originOf, PLACES, type PlaceName, type Ports } from '../harness/case/places.ts';
import type { Case, RequestStep } from '../harness/case/schema.ts';
import {
  type BoundCase,
  bindRequest,
  pageOriginOf,
  placeOf,
  type ReceivedRequest,
  resourcesOf,
  StepScript,
} from '../harness/case/script.ts';
import { serializeAnswer } from '../harness/wire/respond.ts';

/** What of a request the script can do. */
const FETCH_FIELDS = [
  'method',
  'headers',
  'body',
  'mode',
  'credentials',
  'cache',
  'redirect',
  'referrer',
  'referrerPolicy',
  'integrity',
  'keepalive',
] as const;
const XHR_FIELDS = ['method', 'headers', 'body', 'withCredentials', 'responseType'] as const;
const ABOUT_ADDRESS = ['api', 'to', 'url', 'suffix'];

/** Letters for the paths of the script, which keep nothing apart. */
const NONCE = 'repro00000000000';

type Role = 'preflight' | 'actual';

/** A case that needs more than a page, some requests and plain answers. */
export class ReproError extends Error {
  override readonly name = 'ReproError';
}

/**
 * @param ports where the script listens
 * @returns the text of an ES module for Node
 * @throws ReproError with what the case needs that such a script has not
 */
export function renderRepro(theCase: Case, ports: Ports = EXAMPLE_PORTS): string {
  const scene: BoundCase = { case: theCase, nonce: NONCE, ports };
  const missing = [...new Set(missingOf(theCase))];
  if (missing.length > 0)
    throw new ReproError(
      `${theCase.id} needs ${missing.join(', ')}, which a short script has not; run it instead: npx cors-conformance run --only '${theCase.id}'`,
    );
  const steps = theCase.steps.map((step, index) =>
    'wait' in step ? { wait: step.wait } : boundStep(scene, step, index),
  );
  const pages = theCase.steps.flatMap(step => ('request' in step ? [pageOriginOf(scene, step)] : []));
  return scriptOf(theCase, { page: pages[0] ?? originOf('site', ports), ports, steps });
}

function missingOf(theCase: Case): string[] {
  const { realm, csp, pageHeaders, worker } = theCase;
  const steps = theCase.steps.filter(step => 'request' in step);
  const places = steps.flatMap(step => [
    (step.page ?? theCase.page ?? 'site') as PlaceName,
    placeOf(theCase, 'main'),
    ...Object.keys(step.server?.resources ?? {}).map(name => placeOf(theCase, name)),
  ]);
  const pages = new Set(steps.map(step => step.page ?? theCase.page ?? 'site'));
  return [
    ...(realm && realm !== 'page' ? [`a ${realm}`] : []),
    ...(csp || pageHeaders ? ['headers of its page'] : []),
    ...(worker ? ['a service worker'] : []),
    ...(pages.size > 1 ? ['several pages'] : []),
    ...(places.some(place => PLACES[place]?.secure !== false) ? ['https'] : []),
    ...steps.flatMap(missingOfStep),
  ];
}

function missingOfStep({ request, server, realm, frame }: RequestStep): string[] {
  const { api = 'fetch' } = request;
  const can: readonly string[] = [...ABOUT_ADDRESS, ...(api === 'xhr' ? XHR_FIELDS : FETCH_FIELDS)];
  const answers = [server ?? {}, ...Object.values(server?.resources ?? {})].flatMap(one =>
    [one.preflight ?? [], one.actual ?? []].flat(),
  );
  return [
    ...(realm && realm !== 'page' ? [`a ${realm}`] : []),
    ...(frame ? ['a frame'] : []),
    ...(api === 'fetch' || api === 'xhr' ? [] : [`the API "${api}"`]),
    ...(request.body !== undefined && typeof request.body !== 'string' ? ['a body that is no string'] : []),
    ...Object.keys(request)
      .filter(name => !can.includes(name))
      .map(name => `"${name}" of the request`),
    ...(answers.some(({ fault, delayMs }) => fault || delayMs) ? ['a delayed or broken answer'] : []),
    ...(answers.some(({ body }) => typeof body === 'string' && body.includes('{request:'))
      ? ['a body made of the request']
      : []),
  ];
}

/** The call, and the bytes of each answer in turn: by port, path and kind of request. */
function boundStep(scene: BoundCase, step: RequestStep, index: number) {
  const { url, request } = bindRequest(scene, step);
  const { api = 'fetch', to: _to, url: _url, suffix: _suffix, ...init } = request;
  const answers: Record<string, string[]> = {};
  const script = new StepScript(scene, index);
  const echo = echoOf(scene.case);
  for (const [name, resource] of Object.entries(resourcesOf(scene.case, index))) {
    const { port, pathname } = new URL(
      `${originOf(placeOf(scene.case, name), scene.ports)}/c/${NONCE}/${name}`,
    );
    for (const role of ['preflight', 'actual'] as Role[]) {
      const list = [resource[role] ?? []].flat();
      if (list.length === 0) continue;
      answers[`${port} ${pathname} ${role}`] = list.map(() =>
        serializeAnswer(script.answer(name, role, 'GET', echo), 'GET'),
      );
    }
  }
  return { api, url, init, answers };
}

/** A request of which each header that the case mentions is its own placeholder: filled in when there is one. */
function echoOf(theCase: Case): ReceivedRequest {
  const named = JSON.stringify(theCase).matchAll(/\{request:([^{}]*)\}/g);
  return {
    headers: [...new Set([...named].map(([, name = '']) => name))].map(name => [name, `{request:${name}}`]),
  };
}

/** Data in a script: no text of a case ends it, or a comment, early. */
const json = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');

const comment = (text: string): string => `// ${text.replaceAll(/\s+/g, ' ')}`;

function scriptOf(
  theCase: Case,
  { page, ports, steps }: { readonly page: string; readonly ports: Ports; readonly steps: readonly object[] },
): string {
  const apis = [...new Set(steps.flatMap(step => ('api' in step ? [String(step.api)] : [])))];
  const http = [...new Set(Object.values(ports).map(one => one.http))];
  const head = [
    comment(`${theCase.id}: ${theCase.title}`),
    ...theCase.spec.map(link => comment(`Standard: ${link}`)),
    comment(describeCase(theCase).join(' ')),
    ...(theCase.because === undefined ? [] : [comment(theCase.because)]),
    comment('1. Run this file: node repro.mjs'),
    comment(`2. Open ${page}/ in the browser.`),
    comment('3. Read here which requests came, and what script in the page saw in the end.'),
  ];
  return `${head.join('\n')}
import { createServer } from 'node:net';
const steps = [
${steps.map(step => `  ${json(step)},`).join('\n')}
];
${agentOf(apis)}
const html = \`<!doctype html><meta charset="utf-8"><title>Repro</title><body><script>(\${inPage})(\${JSON.stringify(steps).replaceAll('<', '\\\\u003c')})</script>\`;
${SERVER}
for (const port of ${JSON.stringify(http)})
  for (const host of ['127.0.0.1', '::1']) createServer(serve(port)).on('error', console.error).listen(port, host);
`;
}

const CALLS = {
  fetch: `  const byFetch = async ({ url, init }) => {
    const response = await fetch(url, init);
    const [headers, text] = [[...response.headers], await response.text()];
    return JSON.stringify({ type: response.type, status: response.status, url: response.url, headers, text });
  };`,
  xhr: `  const byXhr = ({ url, init: { method = 'GET', headers = [], body, ...rest } }) => new Promise((done, fail) => {
    const xhr = Object.assign(new XMLHttpRequest(), { onerror: () => fail(new TypeError('error event')) });
    xhr.onload = () => done(JSON.stringify([xhr.status, xhr.getAllResponseHeaders(), xhr.response]));
    xhr.open(method, url);
    for (const [name, value] of headers) xhr.setRequestHeader(name, value);
    Object.assign(xhr, rest).send(body);
  });`,
};

const agentOf = (apis: readonly string[]): string => `async function inPage(steps) {
${[...(apis.includes('fetch') ? [CALLS.fetch] : []), ...(apis.includes('xhr') ? [CALLS.xhr] : [])].join('\n')}
  for (const [n, step] of steps.entries()) {
    if (step.wait) { await new Promise(done => setTimeout(done, step.wait)); continue; }
    await fetch('/step?' + n);
    const saw = await ${callOf(apis)}.catch(error => error.name + ': ' + error.message);
    document.body.append(saw, document.createElement('br'));
    await fetch('/saw', { method: 'POST', body: saw });
  }
}`;

const callOf = (apis: readonly string[]): string => {
  if (apis.length > 1) return "(step.api === 'xhr' ? byXhr : byFetch)(step)";
  return apis[0] === 'xhr' ? 'byXhr(step)' : 'byFetch(step)';
};

const SERVER = `let current = 0, turns = {};
const ok = body => \`HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nContent-Length: \${Buffer.byteLength(body)}\\r\\n\\r\\n\${body}\`;
function answer(port, head, body) {
  const [, method, path] = /^(\\S+) (\\S+)/.exec(head);
  const value = name => new RegExp('^' + name + ': *(.*)$', 'im').exec(head)?.[1] ?? '';
  if (path.startsWith('/step?')) [current, turns] = [Number(path.slice(6)), {}];
  if (path === '/saw') console.log(\`\\nScript saw: \${body}\`);
  if (!path.startsWith('/c/')) return ok(path === '/' ? html : '');
  console.log(\`\\n\${head}\`);
  const key = \`\${port} \${path.split('?')[0]} \${method === 'OPTIONS' && value('access-control-request-method') ? 'preflight' : 'actual'}\`;
  const list = steps[current].answers[key] ?? ['HTTP/1.1 404 Not Found\\r\\nContent-Length: 0\\r\\n\\r\\n'];
  const turn = (turns[key] = (turns[key] ?? -1) + 1);
  const text = list[Math.min(turn, list.length - 1)].replace(/\\{request:([^{}]*)\\}/g, (_, name) => value(name));
  return method === 'HEAD' ? text.slice(0, text.indexOf('\\r\\n\\r\\n') + 4) : text;
}
const serve = port => socket => {
  let rest = '';
  socket.on('error', () => {}).on('data', data => {
    rest += data.toString('latin1');
    for (let end; (end = rest.indexOf('\\r\\n\\r\\n') + 4) > 3; ) {
      const [head, length] = [rest.slice(0, end - 4), Number(/^content-length: *(\\d+)/im.exec(rest.slice(0, end))?.[1] ?? 0)];
      if (rest.length < end + length) return;
      socket.write(answer(port, head, rest.slice(end, end + length)), 'latin1');
      rest = rest.slice(end + length);
    }
  });
};`;
