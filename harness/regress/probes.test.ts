import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Probe, type ProbePlan, SIDES } from './plan.ts';
import { probesFor } from './probes.ts';

const PLAN: ProbePlan = {
  bases: { before: 'https://localhost:4001', after: 'https://localhost:4002' },
  origins: ['https://app.example', 'https://b.example'],
  paths: ['/x', '/items?a=1'],
  headers: ['x-a', 'X-B'],
};

const idsOf = (probes: readonly Probe[]) => probes.map(({ id }) => id);

const urlsOf = (probe: Probe): string[] =>
  probe.kind === 'page'
    ? probe.case.steps.flatMap(step => ('request' in step ? [step.request.url ?? ''] : []))
    : [];

describe('probesFor', () => {
  const probes = probesFor(PLAN);

  test('should give every probe an id of its own, which no port is part of', () => {
    const ids = idsOf(probes);
    assert.deepEqual(
      ids.filter((id, i) => ids.indexOf(id) !== i),
      [],
    );
    const elsewhere = probesFor({
      ...PLAN,
      bases: { before: 'https://localhost:5001', after: 'https://localhost:5002' },
    });
    assert.deepEqual(idsOf(elsewhere), ids);
    assert.ok(!ids.some(id => /400[12]/.test(id)));
  });

  test('should ask both servers the same, by URLs that no other probe and no other round has', () => {
    const again = probesFor(PLAN, 2);
    const seen = new Set<string>();
    for (const probe of [...probes, ...again]) {
      if (probe.kind !== 'page') continue;
      const urls = urlsOf(probe);
      const [before, after] = SIDES.map(side =>
        urls
          .filter((_, i) => probe.sides[i] === side)
          .map(url => {
            assert.ok(url.startsWith(PLAN.bases[side]), url);
            return url.slice(PLAN.bases[side].length);
          }),
      );
      assert.ok(before && before.length > 0);
      assert.deepEqual(after, before);
      assert.equal(new Set(before).size, 1);
      assert.ok(!seen.has(before[0] as string), `${probe.id}: ${before[0]}`);
      seen.add(before[0] as string);
    }
  });

  test('should ask in the dimensions in which releases differ', () => {
    const ids = new Set(idsOf(probes));
    for (const id of [
      'get',
      'get-credentials',
      'get-x-a',
      'get-x-b',
      'get-authorization',
      'post-json',
      'put',
      'patch',
      'delete',
      'query',
      'repeat',
      'max-age',
      'cache-ladder',
      'plain',
      'vary',
      'preflight-without-origin',
      'unsorted-names',
      'split-names',
      'long-commas',
      'private-network',
      'same-origin',
      'put-credentials-from-https-evil-example',
      'get-from-https-b-example',
      'get-credentials-from-https-evil-example',
      'put-from-null',
      'get-at-items-a-1',
      'get-at-cors-conformance-no-such-path',
    ])
      assert.ok(ids.has(id), id);
  });

  test('should try look-alikes of the listed origins, extensions and apps on the model alone', () => {
    const origins = new Map(probes.map(probe => [probe.origin, probe]));
    const suffix = origins.get('https://evilapp.example');
    assert.ok(suffix?.kind === 'page' && suffix.modelOnly);
    const app = origins.get('capacitor://localhost');
    assert.ok(app?.kind === 'page' && app.modelOnly);
    assert.equal(origins.get('https://app.example/')?.kind, 'plain');
    assert.equal(origins.has('https://localhost:4001'), false);
    const inPages = probes.filter(probe => probe.kind === 'page' && !probe.modelOnly);
    assert.deepEqual(
      [...new Set(inPages.map(({ origin }) => origin))],
      ['https://app.example', 'https://b.example', 'https://evil.example', 'null'],
    );
  });

  test('should take no origin for a look-alike that a pattern allows', () => {
    const origins = new Set(
      probesFor({ ...PLAN, patterns: ['\\.app\\.example$'] }).map(({ origin }) => origin),
    );
    assert.ok(probes.some(({ origin }) => origin === 'https://evil.app.example'));
    assert.ok(!origins.has('https://evil.app.example'));
    assert.ok(origins.has('https://evilapp.example'));
  });
});
