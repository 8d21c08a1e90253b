import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asBrowser } from './as-browser.ts';

test('should name a browser to servers that turn away what names none, and leave a name that is given', () => {
  const [, line] = asBrowser({ headers: [['Origin', 'null']] }).headers;
  assert.equal(line?.[0], 'User-Agent');
  assert.match(line?.[1] ?? '', /Mozilla/);
  const named = { headers: [['user-agent', 'mine']] as [string, string][] };
  assert.equal(asBrowser(named), named);
});
