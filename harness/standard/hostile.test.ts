import assert from 'node:assert/strict';
import test from 'node:test';
import { explain } from './explain.ts';
import { acac, acao, answer, Browser } from './testing.test-support.ts';
import type { Header, Prediction, ScriptRequest, WireReply } from './user-agent.ts';

const MEGABYTE = 1 << 20;
/** Of header values: whatever takes quadratic time on it runs into the limit, and 1,300 of them take a second. */
const LONG = MEGABYTE / 4;

/** Every path through the model that looks at such a value. */
function feed(headers: readonly Header[], request: Partial<ScriptRequest> = {}): Prediction[] {
  const reply: WireReply = { kind: 'response', status: 200, headers, body: 'x' };
  const open: WireReply = { ...reply, headers: [...headers, acao(), acac()] };
  const seen: Prediction[] = [];
  for (const api of ['fetch', 'xhr']) {
    for (const asked of [{}, { credentials: 'include', withCredentials: true }, { method: 'PUT' }]) {
      for (const server of [reply, open]) {
        seen.push(new Browser().run({ api, ...asked, ...request }, { preflight: server, actual: server }));
      }
    }
  }
  for (const prediction of seen) {
    for (const { text, fix } of explain(prediction))
      assert.ok(text.length + (fix ?? '').length < 4000, text.slice(0, 300));
    for (const step of prediction.trace) {
      for (const value of Object.values(step.values)) assert.ok(value.length < 400, step.id);
    }
  }
  return seen;
}

const NAMES = [
  'Access-Control-Allow-Origin',
  'Access-Control-Allow-Credentials',
  'Access-Control-Allow-Methods',
  'Access-Control-Allow-Headers',
  'Access-Control-Expose-Headers',
  'Access-Control-Max-Age',
  'Content-Type',
  'Set-Cookie',
  'Location',
];

const VALUES: [title: string, value: string][] = [
  ['commas', ','.repeat(LONG)],
  ['spaces', ' '.repeat(LONG)],
  ['spaces between letters', `a${' '.repeat(LONG)}b`],
  ['names', 'x-a,'.repeat(LONG / 4)],
  ['quotes', '"'.repeat(LONG)],
  ['backslashes', `"${'\\'.repeat(LONG)}`],
  ['semicolons', `text/plain${';'.repeat(LONG)}`],
  ['parameters', `text/plain${';a=b'.repeat(LONG / 4)}`],
  ['digits', '9'.repeat(LONG)],
  ['non-ASCII', '\xff'.repeat(LONG)],
  ['lone surrogates', '\ud800'.repeat(1000)],
  ['NUL', '\0'.repeat(1000)],
];
for (const [title, value] of VALUES) {
  test(`should live with header values of ${title}`, { timeout: 60_000 }, () => {
    for (const name of NAMES) feed([[name, value]]);
  });
}

test('should live with 10,000 response headers', { timeout: 60_000 }, () => {
  const many = Array.from({ length: 10_000 }, (_, n): Header => [`x-${n}`, '1']);
  const same = Array.from({ length: 10_000 }, (): Header => ['Access-Control-Allow-Methods', 'PUT']);
  const exposed: Header = ['Access-Control-Expose-Headers', many.map(([name]) => name).join(',')];
  assert.equal(
    feed([...many, exposed]).filter(seen => seen.script.headers?.length === 10_000).length > 0,
    true,
  );
  feed(same);
});

test('should live with 10,000 request headers', { timeout: 60_000 }, () => {
  const many = Array.from({ length: 10_000 }, (_, n): Header => [`X-${n}`, '1']);
  const names: Header = ['Access-Control-Allow-Headers', many.map(([name]) => name).join(',')];
  const seen = feed([names, ['Access-Control-Max-Age', '60'], acao('*')], { headers: many });
  assert.ok(seen.some(({ wire }) => wire[1]?.headers.length ?? 0 > 10_000));
  feed([], { headers: Array.from({ length: 10_000 }, (): Header => ['Accept', 'x']) });
  feed([], { mode: 'no-cors', headers: Array.from({ length: 10_000 }, (): Header => ['Accept', '']) });
});

test('should live with megabytes in what script passes', { timeout: 60_000 }, () => {
  const long = 'a'.repeat(MEGABYTE);
  feed([], { headers: [['X-A', long]] });
  feed([], { method: long });
  feed([], { url: `https://api.test/${long}` });
  feed([], {
    headers: [['Content-Type', `text/plain${';x'.repeat(MEGABYTE / 2)}`]],
    method: 'POST',
    body: 'x',
  });
  feed([], { method: 'POST', body: '\ud800é'.repeat(MEGABYTE / 4) });
  feed([], { headers: [['X-HTTP-Method-Override', `${'"'.repeat(MEGABYTE)}`]] });
});

test('should keep a cached preflight of 10,000 names', { timeout: 60_000 }, () => {
  const many = Array.from({ length: 10_000 }, (_, n): Header => [`x-${n}`, '1']);
  const server = {
    preflight: answer(204, acao(), ['Access-Control-Allow-Headers', many.map(([name]) => name).join(',')]),
    actual: answer(200, acao()),
  };
  const browser = new Browser();
  assert.equal(browser.run({ headers: many }, server).wire.length, 2);
  assert.equal(browser.run({ headers: many }, server).wire.length, 1);
});
