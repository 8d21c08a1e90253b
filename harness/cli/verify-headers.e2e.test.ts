/** `verify` against servers that answer by what browsers add to a request. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { outputOf } from '../process/command.ts';
import { type RunRecord, recordSchema } from '../verdict/record.ts';
import { inProcess } from './in-process.test-support.ts';
import { temporary } from './temporary.test-support.ts';

const { dir, remove } = temporary();
after(remove);

const PAGE = 'https://app.example.com';

/** A server that allows one origin; `broken` is what it says of a request instead. */
async function serve(t: TestContext, broken: (headers: NodeJS.Dict<string | string[]>) => number | null) {
  const server = createServer(({ headers, method, url = '' }, response) => {
    const status = broken(headers);
    if (status !== null) return response.writeHead(status).end();
    response.setHeader('Vary', 'Origin');
    if (headers.origin === PAGE) response.setHeader('Access-Control-Allow-Origin', PAGE);
    response.setHeader('Access-Control-Allow-Methods', 'GET, PUT');
    return response.writeHead(method === 'OPTIONS' ? 204 : url.startsWith('/items') ? 200 : 404).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function findingsOf(name: string, url: string): Promise<NonNullable<RunRecord['findings']>> {
  const file = join(dir, `${name}.json`);
  const out = join(dir, `out-${name}`);
  const policy = { origins: [PAGE], methods: ['GET', 'PUT'], resources: [{ path: '/items' }] };
  writeFileSync(file, JSON.stringify({ target: { url }, policy }));
  await inProcess(['verify', file, '--engine', 'model', '--out', out]);
  return recordSchema.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))).findings ?? [];
}

test('should ask as a page does of a server that looks for its own pages in the Referer', async t => {
  const url = await serve(t, ({ origin, referer }) =>
    origin === PAGE && referer !== `${PAGE}/` ? 403 : null,
  );
  assert.deepEqual(await findingsOf('referer', url), []);
});

test('should give a line that shows again what fails for a coding alone', async t => {
  const url = await serve(t, headers => (/zstd/.test(String(headers['accept-encoding'])) ? 500 : null));
  const [first] = await findingsOf('coding', url);
  assert.match(first?.curl ?? '', /-H 'Accept-Encoding: [^']*zstd'/);
  const line = `${first?.curl} -s -o ${join(dir, 'body')} -w '%{http_code}'`;
  assert.equal(await outputOf(['/bin/sh', '-c', line]), '500');
});
