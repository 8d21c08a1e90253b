/** The script of a case, run for real: a browser opens its page. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import getPort from 'get-port';
import { EXAMPLE_PORTS, type Ports, SERVERS } from '../harness/case/places.ts';
import { findEngines } from '../harness/engine/find.ts';
import type { Engine } from '../harness/engine/types.ts';
import { suites } from '../suites/index.ts';
import { renderRepro } from './repro.ts';

const found = findEngines().find(engine => engine.found);

/** Starts the script of a case, opens its page, and waits for what script saw. @returns all that it printed */
async function shown(engine: Engine, file: string, id: string): Promise<string> {
  const one = suites.flatMap(suite => suite.cases).find(each => each.id === id);
  assert.ok(one, id);
  const ports: Partial<Record<keyof Ports, Ports['site']>> = {};
  for (const name of SERVERS) ports[name] = { ...EXAMPLE_PORTS[name], http: await getPort() };
  writeFileSync(file, renderRepro(one, ports as Ports));
  const child: ChildProcess = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let text = '';
    const saw = new Promise<string>((done, fail) => {
      child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (/^Script saw: .*\n/m.test(text)) done(text);
      });
      child.on('exit', code => fail(new Error(`the script ended with ${code}: ${text}`)));
    });
    const address = `http://localhost:${(ports.site as Ports['site']).http}/`;
    while (!(await fetch(address).catch(() => undefined))) await new Promise(next => setTimeout(next, 20));
    const page = await engine.open(address);
    const printed = await saw;
    await page.close();
    return printed;
  } finally {
    child.kill('SIGKILL');
  }
}

describe('the script of a case', { skip: !found && 'no engine' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  let engine: Engine;
  before(async () => {
    assert.ok(found?.found);
    engine = await found.launch();
  });
  after(async () => {
    await engine?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('should show a response that is blocked', async () => {
    const text = await shown(engine, join(folder, 'blocked.mjs'), 'acao-missing/fetch');
    assert.match(text, /^Script saw: TypeError: /m);
    assert.match(text, /^GET \/c\//m);
  });

  test('should show a preflight, a redirect to another server, and what arrives there', async () => {
    const text = await shown(engine, join(folder, 'redirect.mjs'), 'redir-authorization-stripped/fetch');
    const [preflight = '', first = '', second = ''] = text.trim().split('\n\n');
    assert.match(preflight, /^OPTIONS [\s\S]*^Access-Control-Request-Headers: authorization\r?$/im);
    assert.match(first, /^GET [\s\S]*^Authorization: Bearer abc\r?$/im);
    assert.match(second, /^GET \S+\/hop2 /);
    assert.match(text, /^Script saw: .*"type":"cors","status":200/m);
  });

  test('should send by XMLHttpRequest what the case sends so', async () => {
    const text = await shown(engine, join(folder, 'xhr.mjs'), 'simple-get/xhr');
    assert.match(text, /^Script saw: \[200,/m);
  });
});
