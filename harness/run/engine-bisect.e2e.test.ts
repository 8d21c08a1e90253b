/** Real releases of Chromium. Skipped, with the reason, where they cannot be had. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installChromium } from '../release/chromium.ts';
import { ReleaseError } from '../release/types.ts';
import { bisectChromium } from './engine-bisect.ts';
import { CliError, EXIT } from './exit.ts';

const LIMIT = { timeout: 300_000 };
const request = { good: '103', bad: '153', signal: new AbortController().signal };

test('should try both ends, and say that a case comes out alike in them', LIMIT, async t => {
  try {
    await installChromium('103');
  } catch (error) {
    if (error instanceof ReleaseError) return t.skip(error.message);
    throw error;
  }
  const told: string[] = [];
  await assert.rejects(
    bisectChromium({ ...request, caseId: 'acao-missing/fetch', say: line => told.push(line) }),
    (error: unknown) => {
      assert.ok(error instanceof CliError);
      assert.equal(error.code, EXIT.nothingSelected);
      assert.match(error.message, /comes out alike in 103\.0\.0 and 153\.0\.0: as the Standard says/);
      return true;
    },
  );
  assert.deepEqual(
    told.filter(line => line.startsWith('chromium@')),
    ['chromium@103.0.0: as the Standard says', 'chromium@153.0.0: as the Standard says'],
  );
});

test('should name what there is not', LIMIT, async () => {
  await assert.rejects(
    bisectChromium({ ...request, caseId: 'no-such-case', say: () => undefined }),
    /--case: there is no case "no-such-case"/,
  );
});
