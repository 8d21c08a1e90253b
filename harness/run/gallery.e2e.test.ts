/** The gallery itself: one stack for real, in both directions. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { findEngines } from '../engine/find.ts';
import type { VerifyConfig } from '../policy/config/schema.ts';
import { installPinned, type PinnedInstall } from '../release/pinned.ts';
import { ReleaseError } from '../release/types.ts';
import { corsPolicyOf } from '../stacks/cors-policy.ts';
import { isProven } from '../stacks/gallery-record.ts';
import { requireStack } from '../stacks/index.ts';
import type { Stack } from '../stacks/types.ts';
import { runGallery } from './gallery.ts';
import {
  galleryConfig,
  galleryPolicies,
  installPackages,
  proofOf,
  startServer,
  verifyServer,
} from './gallery-stack.ts';

const run = (stack: Stack) =>
  runGallery({
    stacks: [stack],
    engines: ['model'],
    policies: ['one-origin'],
    signal: AbortSignal.timeout(120_000),
    onProgress: () => undefined,
  });

test('the gallery should prove Express, and find each of its mistakes', async () => {
  const [entry] = await run(requireStack('express'));
  assert.ok(entry);
  assert.equal(entry.notRun, undefined);
  assert.deepEqual(
    entry.policies.filter(one => !one.proven),
    [],
  );
  assert.ok(entry.mutations.length > 0);
  assert.deepEqual(
    entry.mutations.filter(one => !one.proven),
    [],
  );
  assert.ok(isProven(entry));
  assert.deepEqual(
    entry.gettingStarted?.found.map(one => one.rule),
    ['wildcard-with-credentials', 'method-undeclared', 'header-undeclared'],
  );
});

test('the gallery should not prove a configuration that is wrong, or that announces what does not show', async () => {
  const express = requireStack('express');
  const wrong: Stack = {
    ...express,
    configure: policy => {
      const { files } = express.configure(policy);
      return {
        files: files.map(one => ({
          ...one,
          text: one.text.replace('credentials: true', 'credentials: false'),
        })),
        notes: [],
      };
    },
  };
  assert.equal((await run(wrong))[0]?.policies[0]?.proven, false);
  const announces: Stack = {
    ...express,
    configure: policy => ({ ...express.configure(policy), notes: [{ text: 'x', check: 'vary-missing' }] }),
  };
  assert.equal((await run(announces))[0]?.policies[0]?.proven, false);
});

test('policies that share a browser should be told apart', async t => {
  const [found] = findEngines({ names: ['chromium'] });
  if (!found?.found) return t.skip(`not run: ${found?.reason}`);
  // Each answer is wrong under another policy.
  const [entry] = await runGallery({
    stacks: [requireStack('express')],
    engines: ['chromium'],
    policies: ['one-origin', 'public', 'two-resources'],
    configurationsOnly: true,
    signal: AbortSignal.timeout(120_000),
    onProgress: () => undefined,
  });
  assert.deepEqual(
    entry?.policies.map(({ policy, proven, engines }) => ({ policy, proven, engines })),
    ['one-origin', 'public', 'two-resources'].map(policy => ({
      policy,
      proven: true,
      engines: ['model', 'chromium'],
    })),
  );
});

test('a stack that does not end should be given up, and the next one have its turn', async () => {
  const told: string[] = [];
  const entries = await runGallery({
    stacks: [requireStack('express'), requireStack('s3')],
    engines: ['model'],
    stackMs: 1,
    onEntry: ({ stack }) => told.push(stack),
    signal: AbortSignal.timeout(120_000),
    onProgress: () => undefined,
  });
  assert.match(entries[0]?.notRun ?? '', /had not ended/);
  assert.deepEqual(told, ['express', 's3']);
});

test('a server whose build cannot be started or does not end should be one that cannot be built', async () => {
  const stack = requireStack('express');
  const proof = await proofOf(stack);
  assert.ok(proof);
  const { policy } = (await galleryPolicies()).public;
  const server = { stack, files: [], policy, signal: AbortSignal.timeout(60_000) };
  const install = { folder: '/nowhere', versions: {} };
  const build = [['cors-no-such-program']];
  await assert.rejects(startServer({ ...server, install, proof: { ...proof, build } }), ReleaseError);
});

test('a program of the system that tells no version should count as not installed', () =>
  assert.rejects(
    installPinned({ ecosystem: 'debian', pins: { 'no-such-package': 'true' } }),
    /no-such-package is not installed here/,
  ));

test('a stack without a server should be not run, with the reason', async () => {
  const [entry] = await run({ ...requireStack('express'), id: 'no-such-stack', notProven: 'it is a cloud' });
  assert.equal(entry?.notRun, 'it is a cloud');
  assert.ok(entry && !isProven(entry));
});

/** Ids of the processes in whose environment this is found. */
function processesWith(pattern: RegExp): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        return pattern.test(readFileSync(`/proc/${pid}/environ`, 'latin1'));
      } catch {
        return false;
      }
    });
}

test('a run of the gallery should leave no process, port or file', { timeout: 240_000 }, async t => {
  if (process.platform !== 'linux') return t.skip('processes are told apart by /proc');
  // Short: sockets of servers lie below it.
  const place = mkdtempSync('/tmp/cors-');
  const { TMPDIR } = process.env;
  const ports = () => process.getActiveResourcesInfo().filter(name => name === 'TCPServerWrap');
  const skeletons = () =>
    readdirSync(new URL('../../fixtures/gallery', import.meta.url), { recursive: true }).sort();
  // Those of the test before are closed, but Node drops them only when their connections are gone.
  while (ports().length > 0) await new Promise(resolve => setTimeout(resolve, 20));
  const before = { ports: [], skeletons: skeletons() };
  const seen = new Set<string>();
  process.env.TMPDIR = place;
  // A server has a folder below it; helpers of this process, which end with it, do not.
  const servers = () => processesWith(new RegExp(`TMPDIR=${place}/[^\\0]*/tmp`));
  const watch = setInterval(() => {
    for (const pid of servers()) seen.add(pid);
  }, 20);
  try {
    const [entry] = await runGallery({
      stacks: [requireStack('haproxy')],
      engines: ['model'],
      policies: ['one-origin'],
      configurationsOnly: true,
      signal: AbortSignal.timeout(120_000),
      onProgress: () => undefined,
    });
    if (entry?.notRun !== undefined) return t.skip(`not run: ${entry.notRun}`);
    assert.ok(seen.size >= 2, 'the proxy and the application behind it were seen while they ran');
    assert.deepEqual(servers(), []);
    assert.deepEqual({ ports: ports(), skeletons: skeletons() }, before);
    assert.deepEqual(readdirSync(place), []);
  } finally {
    clearInterval(watch);
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(place, { recursive: true, force: true });
  }
});

for (const id of ['django', 'fastapi', 'nginx', 'rs-cors'])
  test(`the gallery should prove ${id}, and find each of its mistakes`, async t => {
    const [entry] = await runGallery({
      stacks: [requireStack(id)],
      engines: ['model'],
      signal: AbortSignal.timeout(300_000),
      onProgress: () => undefined,
    });
    assert.ok(entry);
    if (entry.notRun !== undefined) return t.skip(`not run: ${entry.notRun}`);
    assert.deepEqual(
      [...entry.policies, ...entry.mutations].filter(one => !one.proven),
      [],
    );
    assert.ok(isProven(entry));
  });

const BEYOND: Readonly<Record<string, VerifyConfig['policy']>> = {
  'every request header with credentials, and nothing kept': {
    origins: ['https://app.example.com', 'https://*.example.net'],
    credentials: true,
    methods: ['GET', 'PUT'],
    requestHeaders: ['*'],
    maxAge: 0,
    resources: [{ path: '/items' }],
  },
  'null, and a private network': {
    origins: ['https://app.example.com', 'http://[::1]:3000', 'null'],
    methods: ['GET', 'PUT'],
    requestHeaders: ['X-A'],
    exposedHeaders: ['X-Total-Count'],
    privateNetwork: true,
    resources: [{ path: '/items' }],
  },
};

for (const id of ['django', 'flask'])
  test(`the configuration of ${id} should keep what the four policies do not ask for`, async t => {
    const stack = requireStack(id);
    const proof = await proofOf(stack);
    assert.ok(proof);
    const signal = AbortSignal.timeout(120_000);
    let install: PinnedInstall;
    try {
      install = await installPackages(stack, proof, { signal });
    } catch (error) {
      assert.ok(error instanceof ReleaseError);
      return t.skip(`not run: ${error.message}`);
    }
    for (const [what, policy] of Object.entries(BEYOND)) {
      const { files, notes } = stack.configure(corsPolicyOf(galleryConfig(policy, proof)));
      assert.deepEqual(notes, []);
      const { findings } = await verifyServer(
        { stack, proof, install, files, policy, signal },
        { engines: ['model'] },
      );
      assert.deepEqual(
        findings.map(one => one.rule),
        [],
        what,
      );
    }
  });
