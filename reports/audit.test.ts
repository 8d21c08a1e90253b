import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderAudit } from './audit.ts';

/** An audit that found nothing. */
const AUDITED = {
  url: 'https://api.example.com/items',
  status: 200,
  access: [],
  inferred: null,
  remarks: [],
  findings: [],
  engines: [],
  requests: 1,
  preflights: 3,
};

test('should say that requests are carried out where only preflights let a site in', () => {
  const row = {
    who: 'any https site',
    given: false,
    asked: 1,
    untried: 0,
    reads: [],
    withCookies: [],
    headers: [],
  };
  const textFor = (methods: string[]) =>
    renderAudit({ ...AUDITED, access: [{ ...row, methods }] }, { width: 500 });
  assert.match(textFor(['PUT']), /Where PUT is served, pages of any https site can have it carried out/);
  assert.doesNotMatch(textFor(['PUT']), /Nothing dangerous/);
  assert.match(textFor([]), /Nothing dangerous was found: no other origin that was tried may read/);
});

test('should not say no of origins that were not tried', () => {
  const row = { who: 'look-alikes', given: false, methods: [], headers: [], withCookies: [] };
  const text = renderAudit({
    ...AUDITED,
    access: [
      { ...row, asked: 3, untried: 3, reads: [] },
      { ...row, asked: 3, untried: 1, reads: ['https://a.example'] },
    ],
  });
  assert.match(text, /look-alikes +not tried +not tried/);
  assert.match(text, /look-alikes +1 of 2, 1 not tried +0 of 2, 1 not tried/);
});
