import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ports } from './places.ts';
import type { Case, RequestStep } from './schema.ts';
import {
  type BoundCase,
  bindRequest,
  CaseScriptError,
  fill,
  parsePath,
  resourcesOf,
  StepScript,
  scriptOriginOf,
  urlOf,
} from './script.ts';

const ports: Ports = {
  site: { http: 1001, https: 1002 },
  otherSite: { http: 1003, https: 1004 },
  target: { http: 1005, https: 1006 },
  otherTarget: { http: 1007, https: 1008 },
};

const sceneOf = (theCase: Partial<Case>): BoundCase => ({
  case: { id: 'a', title: 'a', spec: ['https://fetch.spec.whatwg.org/'], steps: [], ...theCase },
  nonce: 'n0nce',
  ports,
});

const step = (server?: RequestStep['server'], request: RequestStep['request'] = {}): RequestStep => ({
  request,
  ...(server && { server }),
  expect: { outcome: 'readable' },
});

const asked = (headers: [string, string][] = []) => ({ headers });

test('should take the origin from the frame that runs the script', () => {
  const scene = sceneOf({});
  assert.equal(fill('{origin}', scene, { ...step(), frame: 'ipv4-site' }), 'http://127.0.0.1:1001');
  assert.equal(scriptOriginOf(scene, { ...step(), page: 'other-site' }), 'http://localhost:1003');
});

test('should fill every placeholder from the scene', () => {
  const scene = sceneOf({ steps: [step({ resources: { hop2: { at: 'secure-other-target' } } })] });
  const one = scene.case.steps[0] as RequestStep;
  assert.equal(fill('{origin}', scene, one), 'http://localhost:1001');
  assert.equal(fill('{origin:secure-site}', scene, one), 'https://localhost:1002');
  assert.equal(
    fill('{url}|{url:hop2}', scene, one),
    'http://localhost:1005/c/n0nce/main|https://localhost:1008/c/n0nce/hop2',
  );
  assert.equal(fill('{path:hop2}', scene, one), '/c/n0nce/hop2');
  assert.equal(fill('{port:ipv6-target}', scene, one), '1005');
  assert.equal(fill('c{nonce}=1', scene, one), 'cn0nce=1');
  assert.equal(fill('{request:origin}', scene, one, asked([['Origin', 'null']])), 'null');
  assert.equal(fill('{request:x-a}', scene, one, asked()), '');
});

test('should leave braces alone that are no placeholder', () => {
  const scene = sceneOf({ steps: [step()] });
  assert.equal(fill('{"a": {"b": 1}}', scene, scene.case.steps[0] as RequestStep), '{"a": {"b": 1}}');
});

test('should refuse a placeholder that does not exist or that it cannot know', () => {
  const scene = sceneOf({ steps: [step()] });
  const one = scene.case.steps[0] as RequestStep;
  assert.throws(() => fill('{orign}', scene, one), CaseScriptError);
  assert.throws(() => fill('{origin:nowhere}', scene, one), /does not name a place/);
  assert.throws(() => fill('{request:origin}', scene, one), CaseScriptError);
});

test('should refuse a page that is no place, except where any origin is served', () => {
  const scene = sceneOf({ page: 'https://app.example.com', steps: [step()] });
  const one = scene.case.steps[0] as RequestStep;
  assert.throws(() => fill('{origin}', scene, one), /not a place of the lab/);
  assert.equal(fill('{origin}', { ...scene, anyOrigin: true }, one), 'https://app.example.com');
});

test('should give the answers of a list in turn and repeat the last one', () => {
  const scene = sceneOf({ steps: [step({ actual: [{ status: 200 }, { status: 500 }] })] });
  const script = new StepScript(scene, 0);
  const statuses = [1, 2, 3].map(() => script.answer('main', 'actual', 'GET', asked()).status);
  assert.deepEqual(statuses, [200, 500, 500]);
});

test('should answer what is not scripted with an error that no CORS check passes', () => {
  const scene = sceneOf({ steps: [step({ actual: {} })] });
  const answer = new StepScript(scene, 0).answer('main', 'preflight', 'OPTIONS', asked());
  assert.equal(answer.status, 501);
  assert.deepEqual(
    answer.headers.filter(([name]) => /^access-control/i.test(name)),
    [],
  );
});

test('should keep the script of the step before where a step has none', () => {
  const scene = sceneOf({ steps: [step({ actual: { status: 418 } }), { wait: 1 }, step()] });
  assert.deepEqual(resourcesOf(scene.case, 2), { main: { actual: { status: 418 } } });
});

test('should frame bodies by Content-Length unless told otherwise', () => {
  const headersOf = (actual: object, method = 'GET') => {
    const scene = sceneOf({ steps: [step({ actual })] });
    return new StepScript(scene, 0)
      .answer('main', 'actual', method, asked())
      .headers.map(([n, v]) => `${n}: ${v}`);
  };
  assert.deepEqual(headersOf({}), ['Content-Length: 2']);
  assert.deepEqual(headersOf({ status: 204 }), []);
  assert.deepEqual(headersOf({ framing: 'chunked' }), ['Transfer-Encoding: chunked']);
  assert.deepEqual(headersOf({ framing: 'close' }), ['Connection: close']);
  assert.deepEqual(headersOf({ framing: 'none' }), []);
  assert.deepEqual(headersOf({ headers: [['content-length', '9']] }), ['content-length: 9']);
});

test('should send no body to HEAD, and say its length all the same', () => {
  const scene = sceneOf({ steps: [step({ actual: { body: 'hello' } })] });
  const answer = new StepScript(scene, 0).answer('main', 'actual', 'HEAD', asked());
  assert.equal(answer.body, '');
  assert.deepEqual(answer.headers, [['Content-Length', '5']]);
});

test('should bind a request to its URL, suffix included', () => {
  const scene = sceneOf({ steps: [step({ actual: {} }, { suffix: '?a#b', headers: [['x-a', '{nonce}']] })] });
  const bound = bindRequest(scene, scene.case.steps[0] as RequestStep);
  assert.equal(bound.url, 'http://localhost:1005/c/n0nce/main?a#b');
  assert.deepEqual(bound.request.headers, [['x-a', 'n0nce']]);
});

test('should read back the paths it makes and no others', () => {
  const url = new URL(urlOf(sceneOf({ steps: [] }), 'main'));
  assert.deepEqual(parsePath(`${url.pathname}?q`), { nonce: 'n0nce', resource: 'main' });
  assert.equal(parsePath('/agent/page'), null);
});
