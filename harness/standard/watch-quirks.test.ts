import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviations } from '../../suites/deviations.ts';
import { mergeQuirks, type Quirks } from './quirks.ts';
import { predict, type ScriptRequest, UserAgent, type WireReply } from './user-agent.ts';
import { watchedQuirks, watchedStandard } from './watch-quirks.ts';

const origin = 'https://app.example';
const request: ScriptRequest = {
  client: { origin, url: `${origin}/page` },
  url: 'https://api.example/items',
  method: 'PUT',
  headers: [['X-A', '1']],
};
const answer: WireReply = {
  kind: 'response',
  status: 200,
  headers: [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Methods', 'PUT'],
    ['Access-Control-Allow-Headers', 'X-A'],
  ],
};

/** What goes out and what script sees of the request, by a user agent with these quirks. */
function shown(quirks: Quirks) {
  const { wire, script } = predict(request, () => answer, { now: () => 0 }, new UserAgent({ quirks }));
  return { wire, script };
}

const leaves: Quirks = { sent: headers => [...headers, ['X-B', '2']] };
const keeps: Quirks = { sent: headers => headers.map(header => header), corp: standard => standard };
const cookies: Quirks = { keepsCookies: () => true };
const flag: Quirks = { noSafelistLimit: true };
const readFlag: Quirks = { remembersByCredentials: true };

/** The places that are told of while the request runs. */
function noted(watch: typeof watchedQuirks, list: readonly Quirks[]) {
  const places = new Set<number>();
  const result = shown(watch(list, at => places.add(at)));
  return { places: [...places], result };
}

test('should do what the Standard says, and tell whose quirks would not', () => {
  const { places, result } = noted(watchedStandard, [keeps, leaves, cookies, flag, readFlag]);
  assert.deepEqual(places.sort(), [1, 4]);
  assert.deepEqual(result, shown({}));
});

test('should do what the quirks do together, and tell which of them did anything', () => {
  const list = [keeps, leaves, cookies, flag, readFlag];
  const { places, result } = noted(watchedQuirks, list);
  assert.deepEqual(places.sort(), [1, 4]);
  assert.deepEqual(result, shown(mergeQuirks(list)));
  assert.ok(result.wire[0]?.headers.some(([name]) => name === 'X-B'));
});

test('should hold sets against each other by their members', () => {
  const all: Quirks = { exposed: standard => ({ ...standard, names: new Set(['x-c']) }) };
  assert.deepEqual(noted(watchedStandard, [all]).places, [0]);
});

test('should tell of quirks that have a say before any others have, whatever the engine', () => {
  for (const engine of ['chromium', 'firefox', 'webkit', 'jsdom', 'happy-dom']) {
    const list = deviations.flatMap(({ engine: of, asIf }) => (of === engine && asIf ? [asIf] : []));
    const { places, result } = noted(watchedStandard, list);
    assert.deepEqual(result, shown({}), engine);
    const others = list.filter((_, at) => !places.includes(at));
    assert.deepEqual(shown(mergeQuirks(others)), shown({}), engine);
  }
});
