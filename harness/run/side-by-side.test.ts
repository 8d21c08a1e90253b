import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sideBySide } from './side-by-side.ts';

interface Item {
  readonly name: string;
  readonly keys?: readonly string[];
  readonly alone?: boolean;
  readonly waits?: boolean;
}

/** Runs items whose work ends when it is told to; notes which were under way together. */
async function run(
  items: readonly Item[],
  atOnce: number,
): Promise<{ together: string[]; results: string[] }> {
  const underWay = new Set<string>();
  const together: string[] = [];
  const options = {
    atOnce,
    keysOf: ({ keys = [] }: Item) => keys,
    isAlone: ({ alone = false }: Item) => alone,
    waits: ({ waits = false }: Item) => waits,
  };
  const results = await sideBySide(items, options, async ({ name, waits }, _, pause) => {
    underWay.add(name);
    together.push([...underWay].join('+'));
    if (waits) await pause(5);
    else await new Promise(resolve => setImmediate(resolve));
    underWay.delete(name);
    return name;
  });
  return { together, results };
}

describe('sideBySide', () => {
  test('should have no more under way than it may, and give results in order', async () => {
    const { together, results } = await run(
      ['a', 'b', 'c', 'd'].map(name => ({ name })),
      2,
    );
    assert.deepEqual(results, ['a', 'b', 'c', 'd']);
    assert.ok(together.some(one => one.includes('+')));
    assert.ok(
      together.every(one => one.split('+').length <= 2),
      together.join(),
    );
  });

  test('should never do two things at once that need the same for themselves', async () => {
    const items = ['a', 'b', 'c'].map(name => ({ name, keys: ['x'] }));
    assert.deepEqual((await run(items, 3)).together, ['a', 'b', 'c']);
  });

  test('should start what does not wait once what waits sleeps, or has ended without', async () => {
    const told: string[] = [];
    const options = { atOnce: 2, waits: (name: string) => name.startsWith('w') };
    await sideBySide(['w1', 'w2', 'a'], options, async (name, _, pause) => {
      told.push(`${name} begins`);
      await new Promise(resolve => setImmediate(resolve));
      if (name === 'w1') await pause(5);
      else await new Promise(resolve => setImmediate(resolve));
      told.push(`${name} ends`);
    });
    const at = (what: string) => told.indexOf(what);
    assert.ok(at('w2 ends') < at('a begins'), told.join());
    assert.ok(at('a begins') < at('w1 ends'), told.join());
  });

  test('should let others have what one that pauses needs, and give it back before anybody else', async () => {
    const told: string[] = [];
    const done = sideBySide(['w', 'a', 'b'], { atOnce: 3, keysOf: () => ['x'] }, async (name, _, pause) => {
      told.push(`${name} begins`);
      if (name === 'w') await pause(20);
      else await new Promise(resolve => setTimeout(resolve, name === 'a' ? 60 : 0));
      told.push(`${name} ends`);
      return name;
    });
    assert.deepEqual(await done, ['w', 'a', 'b']);
    assert.deepEqual(told, ['w begins', 'a begins', 'a ends', 'w ends', 'b begins', 'b ends']);
  });

  test('should leave what is alone to itself while others pause', async () => {
    const told: string[] = [];
    const options = { atOnce: 3, isAlone: (name: string) => name === 'alone' };
    await sideBySide(['w', 'alone'], options, async (name, _, pause) => {
      if (name === 'w') await pause(5);
      else await new Promise(resolve => setTimeout(resolve, 40));
      told.push(name);
    });
    assert.deepEqual(told, ['alone', 'w']);
  });

  test('should leave what is alone by itself, and not count what waits', async () => {
    const alone = await run([{ name: 'a' }, { name: 'b', alone: true }, { name: 'c' }], 3);
    assert.ok(alone.together.includes('b'));
    assert.ok(alone.together.every(one => one === 'b' || !one.includes('b')));
    const waiting = await run([{ name: 'w', waits: true }, { name: 'a' }], 1);
    assert.ok(waiting.together.includes('w+a'));
  });

  test('should end what is under way before it tells what went wrong', async () => {
    const ended: string[] = [];
    const work = sideBySide(['bad', 'slow', 'later'], { atOnce: 2 }, async name => {
      if (name === 'bad') throw new Error('bad');
      await new Promise(resolve => setImmediate(resolve));
      ended.push(name);
    });
    await assert.rejects(work, /bad/);
    assert.deepEqual(ended, ['slow']);
  });
});
