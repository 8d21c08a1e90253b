import assert from 'node:assert/strict';
import test from 'node:test';
import { SPEC } from './spec.ts';
import { acam, acao, answer, Browser, PAGE, TARGET } from './testing.test-support.ts';
import { Trace } from './trace.ts';

const to = (location: string) => answer(302, acao(), ['Location', location]);

test('should keep the steps in order, in words that name what was compared', () => {
  const trace = new Trace();
  trace.note('header.forbidden', 'Cookie');
  trace.stop('bad-port', new URL('http://a.test:25/'));
  assert.deepEqual(trace.read(), [
    {
      id: 'header.forbidden',
      section: SPEC.forbiddenRequestHeader,
      text: 'Script may not set this header: ignored.',
      values: { header: 'Cookie' },
      result: 'note',
    },
    {
      id: 'bad-port',
      section: SPEC.badPort,
      text: 'Port 25 is blocked.',
      values: { url: 'http://a.test:25/' },
      result: 'stop',
    },
  ]);
});

test('should tell each step as it was taken, however late it is read', () => {
  const { trace } = new Browser().run({ method: 'PUT', headers: [['X-A', '1']] }, send => {
    if (send.role === 'preflight')
      return answer(204, acao(), acam('PUT'), ['Access-Control-Allow-Headers', 'x-a']);
    return send.url === TARGET ? answer(303, acao(), ['Location', '/other']) : answer(200, acao());
  });
  const values = (id: string) => trace.filter(step => step.id === id).map(step => step.values);
  assert.equal(values('preflight.method')[0]?.method, 'PUT');
  assert.equal(values('redirect.followed')[0]?.method, 'GET');
  assert.deepEqual(
    values('response.cors-check').map(({ url, status, origin }) => [url, status, origin]),
    [
      [TARGET, '303', PAGE],
      [new URL('/other', TARGET).href, '200', PAGE],
    ],
  );
});

test('should be put into words once', () => {
  const seen = new Browser().run({}, { actual: answer(200, acao()) });
  assert.equal(seen.trace, seen.trace);
});

test('should say where a redirect would have led that is not followed', () => {
  const led = (location: string) => new Browser().run({}, { actual: to(location) }).trace.at(-1)?.values;
  assert.deepEqual(led('https://'), { from: TARGET, to: '(invalid)' });
  assert.deepEqual(led('data:,x'), { from: TARGET, to: 'data:,x' });
});

test('should show what a preflight asked for, also when that is nothing', () => {
  const asked = (request: object) =>
    new Browser().run(request, { preflight: answer(204) }).trace.find(step => step.id === 'preflight.sent')
      ?.values['Access-Control-Request-Headers'];
  assert.equal(asked({ method: 'PUT' }), '(absent)');
  assert.equal(
    asked({
      headers: [
        ['X-B', '1'],
        ['x-a', '1'],
      ],
    }),
    'x-a,x-b',
  );
});

test('should tell when script aborted', () => {
  const put = { method: 'PUT', abort: { when: 'preflight' } } as const;
  const last = new Browser().run(put, { preflight: answer(204) }).trace.at(-1);
  assert.equal(last?.text, 'Script aborts once the preflight request has been received.');
});
