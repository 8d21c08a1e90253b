import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { folderWith, removeFolder } from './install.test-support.ts';
import { installRelease } from './install.ts';

/** Stands for Cargo: tells the crates, "builds" the program, and notes that it did. */
const CARGO = `#!/usr/bin/env node
const { appendFileSync, writeFileSync } = require('node:fs');
const [verb] = process.argv.slice(2);
if (verb === 'metadata') console.log(JSON.stringify({ packages: [{ name: 'tower-http', version: '0.6.1' }] }));
if (verb === 'build') {
  appendFileSync(process.env.BUILDS, 'x');
  writeFileSync('program', '');
  console.log(JSON.stringify({ executable: process.cwd() + '/program', target: { name: 'server' } }));
}
`;

test('a program of crates should be built once, and anew if its sources change', {
  skip: process.platform === 'win32' && 'the stand-in for Cargo is no program of Windows',
}, async t => {
  const folder = await folderWith({
    'bin/cargo': CARGO,
    builds: '',
    'own/Cargo.toml': '[dependencies]\ntower-http = "0.6"\n',
    'own/src/main.rs': 'fn main() {}',
  });
  chmodSync(join(folder, 'bin', 'cargo'), 0o755);
  const { PATH, CORS_CONFORMANCE_CACHE, BUILDS } = process.env;
  Object.assign(process.env, {
    PATH: `${join(folder, 'bin')}${delimiter}${PATH}`,
    CORS_CONFORMANCE_CACHE: join(folder, 'cache'),
    BUILDS: join(folder, 'builds'),
  });
  t.after(() => {
    for (const [name, value] of Object.entries({ PATH, CORS_CONFORMANCE_CACHE, BUILDS }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    return removeFolder(folder);
  });
  const script = join(folder, 'own', 'src', 'main.rs');
  const said: string[] = [];
  const install = async (version: string) => {
    const release = await installRelease({ ecosystem: 'cargo', name: 'tower-http' }, version, {
      script,
      others: [],
      onProgress: line => void said.push(line),
    });
    await release.remove();
    return release;
  };
  const builds = () => readFileSync(join(folder, 'builds'), 'utf8').length;
  assert.equal((await install('0.6.1')).version, '0.6.1');
  assert.deepEqual(said, [
    'Installing tower-http 0.6.1 …',
    'Building with tower-http 0.6.1; the first time takes minutes …',
  ]);
  assert.match((await install('0.6.1')).target.command?.[0] ?? '', /releases[\\/]cargo-\w+[\\/]server$/);
  assert.equal(builds(), 1);
  await install('0.6.2');
  assert.equal(builds(), 2);
  appendFileSync(script, '// Another program.');
  await install('0.6.1');
  assert.equal(builds(), 3);
  const local = join(folder, 'own', 'local');
  mkdirSync(local);
  writeFileSync(join(local, 'Cargo.toml'), '');
  appendFileSync(join(folder, 'own', 'Cargo.toml'), 'local = { path = "./local" }\n');
  await install('0.6.1');
  await install('0.6.1');
  assert.equal(builds(), 5, 'a crate of this machine changes without notice');
});
