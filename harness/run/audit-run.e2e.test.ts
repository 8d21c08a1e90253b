/** The servers of the fixtures, of which `audit` is told nothing but the origins that are meant to read. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Manifest, POLICY } from '../../fixtures/targets/manifest.test-support.ts';
import { SAFE_METHODS } from '../policy/names.ts';
import { pickExport, serverOf } from '../target/module.ts';
import { auditUrl } from './audit-run.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../fixtures/targets/${name}/`, import.meta.url));

/** Holes that show only to somebody who knows the policy: what may stay public, which pattern, which other path. */
const NEED_THE_POLICY: Readonly<Record<string, string>> = {
  'plain-wildcard.ts': '"*" without credentials is right for public data',
  'plain-cookies.ts': 'it answers only to a cookie that the policy has',
  'plain-head-reflects.ts': 'it is about HEAD, which nobody says is served',
  'plain-one-method-uncovered.ts': 'it is about PUT, which an audit does not send',
  'express-one-route-reflects.ts': 'the hole is at another path than the one that is audited',
};

const original = (manifest: Manifest): string[] =>
  [manifest.policy?.origins ?? POLICY.origins]
    .flat()
    .filter((origin): origin is string => typeof origin === 'string' && /^https?:/.test(origin));

async function audited(server: Server, origins: readonly string[]) {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/items`;
    return await auditUrl({ url, origins, engines: [], signal: new AbortController().signal });
  } finally {
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  }
}

type Loaded = Record<string, unknown> & { readonly manifest: Manifest };

async function serversOf(kind: string): Promise<{ file: string; path: string; loaded: Loaded }[]> {
  const files = readdirSync(folder(kind)).filter(file => file.endsWith('.ts') && !NEED_THE_POLICY[file]);
  const all = await Promise.all(
    files.map(async file => {
      const path = folder(kind) + file;
      return { file, path, loaded: (await import(path)) as Loaded };
    }),
  );
  // Whether a declared page can do what was declared is for verify to say.
  return all.filter(({ loaded: { manifest } }) => manifest.finds?.id.startsWith('origin-') ?? true);
}

for (const kind of ['faulty', 'correct']) {
  const servers = await serversOf(kind);
  describe(`audit of the ${kind} servers`, { timeout: 300_000 }, () => {
    for (const { file, path, loaded } of servers) {
      test(`${file}: should name the hole, and raise no alarm without one`, async () => {
        const { finds } = loaded.manifest;
        const server = await serverOf((await pickExport(loaded, undefined)).value, path);
        const { findings } = await audited(server, original(loaded.manifest));
        const alarms = findings.filter(({ severity }) => severity === (finds?.severity ?? 'error'));
        const ids = alarms.map(({ id }) => id);
        if (finds) assert.ok(ids.includes(finds.id), `${finds.id}, not ${ids.join(', ')}`);
        else assert.deepEqual(ids, []);
      });
    }
  });
}

describe('audit', { timeout: 60_000 }, () => {
  const serve = (listener: RequestListener) => createServer(listener);

  test('should send nothing but preflights and methods that are safe by definition', async () => {
    const asked = new Set<string>();
    const { access, requests, preflights } = await audited(
      serve((request, response) => {
        asked.add(request.method ?? '');
        response
          .setHeader('Access-Control-Allow-Origin', '*')
          .setHeader('Access-Control-Allow-Methods', '*')
          .end();
      }),
      [],
    );
    for (const method of asked) assert.ok([...SAFE_METHODS, 'OPTIONS'].includes(method), method);
    assert.ok(access.every(row => row.reads.length === row.asked && row.withCookies.length === 0));
    assert.ok(requests > 20 && preflights > 5);
  });

  test('should see what a server answers only to requests with a cookie', async () => {
    const { access, findings } = await audited(
      serve((request, response) => {
        const { origin, cookie } = request.headers;
        response.setHeader('Access-Control-Allow-Origin', (cookie && origin) || '*');
        response.setHeader('Access-Control-Allow-Credentials', 'true').end();
      }),
      ['https://app.example.com'],
    );
    const anySite = access.find(({ who }) => who === 'any https site');
    assert.deepEqual(anySite?.withCookies, ['https://any-site.example']);
    assert.equal(findings[0]?.id, 'origin-reflected');
  });

  test('should remark on what no policy can mean', async () => {
    const { remarks } = await audited(
      serve((request, response) => {
        if (request.method === 'OPTIONS') response.statusCode = 401;
        response.setHeader('Access-Control-Allow-Origin', '*');
        response.setHeader('Access-Control-Allow-Credentials', 'true').end();
      }),
      [],
    );
    assert.match(remarks.join('\n'), /beside "Access-Control-Allow-Origin: \*"/);
    assert.match(remarks.join('\n'), /Every preflight fails \(OPTIONS is answered with 401\)/);
    const saying = async (value: string) =>
      await audited(
        serve((_request, response) => response.setHeader('Access-Control-Allow-Credentials', value).end()),
        [],
      );
    assert.match(
      (await saying('True')).remarks.join('\n'),
      /Allow-Credentials: True": browsers take nothing but/,
    );
    assert.deepEqual((await saying('false')).remarks, []);
  });

  test('should not take a login that is missing for a fault, and say what it left untried', async () => {
    const behind = (status: number, headers: Record<string, string>) =>
      audited(
        serve(({ headers: { origin } }, response) => {
          response.setHeader('Vary', 'Origin');
          if (origin === 'https://app.example.com')
            for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
          response.writeHead(status).end();
        }),
        ['https://app.example.com'],
      );
    const allowing = { 'Access-Control-Allow-Origin': 'https://app.example.com' };
    for (const status of [401, 403]) {
      const { findings, remarks } = await behind(status, allowing);
      assert.deepEqual(findings, []);
      assert.match(
        remarks.join('\n'),
        new RegExp(`answered with ${status}: .+ behind the login was not tried`),
      );
    }
    const [first] = (await behind(401, {})).findings;
    assert.ok(first, 'a 401 that the page may not read is a fault');
  });

  test('should name the origin that a server allows, though nobody asked from there', async () => {
    const fixed = (value: string) =>
      audited(
        serve((_request, response) => response.setHeader('Access-Control-Allow-Origin', value).end()),
        [],
      );
    const { remarks } = await fixed('https://shop.example');
    assert.match(
      remarks.join('\n'),
      /The answers allow https:\/\/shop\.example: --origin https:\/\/shop\.example/,
    );
    assert.deepEqual((await fixed('https://a.example, https://b.example')).remarks, []);
  });

  test('should say that a server does not answer', async () => {
    const url = 'http://127.0.0.1:1/';
    const asked = auditUrl({ url, origins: [], engines: [], signal: new AbortController().signal });
    await assert.rejects(asked, /does not answer: start the server, or correct the URL/);
  });
});
