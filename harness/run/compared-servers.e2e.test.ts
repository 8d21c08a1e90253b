/** Servers that a request ends or hangs: what that costs, and what is said of it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { temporary } from '../cli/temporary.test-support.ts';
import { candidatesOf, wantedBy } from './comparison-request.ts';
import { compareGivenServers } from './server-pair.ts';

/** @param deed what a request for the method PATCH does to the server */
const SERVER = (deed: string) => `
  require('node:http').createServer((request, response) => {
    if (request.headers['access-control-request-method'] === 'PATCH') { ${deed} }
    if (request.headers.origin === 'https://app.example')
      response.setHeader('Access-Control-Allow-Origin', 'https://app.example');
    response.setHeader('Access-Control-Allow-Methods', 'GET, PUT, PATCH, DELETE');
    response.end('{}');
  }).listen(process.env.PORT, '127.0.0.1');`;

describe('a request that a server does not survive', { timeout: 240_000 }, () => {
  const folder = temporary();
  after(() => folder.remove());
  const command = (name: string, deed: string) => {
    const file = join(folder.dir, `${name}.cjs`);
    writeFileSync(file, SERVER(deed));
    return `"${process.execPath}" "${file}"`;
  };
  const compare = (before: string, later: string) => {
    const flags = { origin: ['https://app.example'], path: ['/x'], only: ['get', 'put', 'patch', 'delete'] };
    return compareGivenServers(
      { before, after: later },
      { candidates: candidatesOf(flags, { origins: [], paths: [], patterns: [] }), wanted: wantedBy(flags) },
      {
        engines: ['model'],
        signal: new AbortController().signal,
        accept: null,
        failOn: 'wire',
        command: 'regress',
      },
    );
  };

  for (const [what, deed, how] of [
    ['ends', "console.error('no such method'); process.exit(7);", /exited with code 7/],
    ['hangs', 'for (;;);', /answered nobody any more/],
  ] as const)
    test(`should cost that request only if it ${what} the server`, async () => {
      const record = await compare(command('whole', ''), command(what, deed));
      assert.deepEqual(
        record.changes.map(({ effect, severity, requests }) => [
          effect,
          severity,
          requests.map(({ id }) => id),
        ]),
        [['fails', 'closed', ['patch']]],
      );
      assert.match(record.changes[0]?.meaning ?? '', how);
      if (what === 'ends') assert.match(record.changes[0]?.output?.join() ?? '', /no such method/);
      assert.equal(record.asked.requests, 4);
      assert.deepEqual(record.unfinished, []);
    });

  test('should say that it no longer does', async () => {
    const record = await compare(command('ended', 'process.exit(7);'), command('whole', ''));
    assert.deepEqual(
      record.changes.map(({ effect }) => effect),
      ['recovers'],
    );
  });

  test('should not wait a hundred times for servers that answer nothing', async () => {
    const silent = `"${process.execPath}" -e "require('node:net').createServer(() => {}).listen(process.env.PORT)"`;
    const record = await compare(silent, silent);
    assert.equal(record.outcome, 'not-exercised');
    assert.deepEqual(
      record.gaps.map(({ id }) => id),
      ['no-answer'],
    );
  });
});
