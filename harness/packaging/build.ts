/**
 * Compiles the package that is published: `dist/`, plain JavaScript with types, in the folders of the sources, so that
 * what a module finds beside itself it finds there too. `npm pack` runs it. A folder of the checkout that is given as
 * an argument is written instead of `dist/`. With `--no-types`, nothing is checked and no declarations are written.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { agentScripts, COMPILED_AGENT } from '../../fixtures/origins/bundle.ts';
import { assets, COMPILED_ASSETS } from '../../reports/html/assets.ts';
import { playgroundHtml } from '../playground/page.ts';
import { runCommand } from '../process/command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'no-types': { type: 'boolean', default: false } },
});
const out = resolve(root, positionals[0] ?? 'dist');
const withoutTypes = values['no-types'] ? ['--noCheck', '--declaration', 'false'] : [];

/** Folders whose other files, such as style sheets, are needed at run time. */
const WITH_ASSETS = ['harness', 'reports'];

rmSync(out, { recursive: true, force: true });
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const { ok, stdout, stderr } = await runCommand(
  [process.execPath, compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', out, ...withoutTypes],
  { cwd: root },
);
if (!ok) {
  process.stderr.write(`${stdout}${stderr}`);
  process.exit(1);
}

for (const folder of WITH_ASSETS) {
  for (const file of filesOf(join(root, folder))) {
    if (!/\.(?:css|json)$/.test(file)) continue;
    const copy = join(out, file.slice(root.length));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
}

// The compiler rewrites the extensions of imports in JavaScript only.
for (const file of filesOf(out)) {
  if (!file.endsWith('.d.ts')) continue;
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/((?:from|import)\s*\(?\s*['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'));
}

const { name, version, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  string,
  string
>;
writeFileSync(join(out, 'package.json'), `${JSON.stringify({ name, version, type, private: true })}\n`);

writeFileSync(join(out, 'reports', 'html', COMPILED_ASSETS), JSON.stringify(assets()));
writeFileSync(join(out, 'harness', 'playground', 'playground.html'), playgroundHtml());
writeFileSync(join(out, 'fixtures', 'origins', COMPILED_AGENT), JSON.stringify(await agentScripts()));

const entries = ['harness', 'harness/playwright', 'harness/standard', 'suites'];
for (const entry of values['no-types'] ? [] : entries)
  writeFileSync(join(out, entry, 'index.d.cts'), await commonJsTypes(join(out, entry, 'index.js')));

/**
 * The types of a module for CommonJS sources: Node lets them require ESM, TypeScript's node16 does not let them import
 * its types as they are.
 */
async function commonJsTypes(module: string): Promise<string> {
  const mode = "{ 'resolution-mode': 'import' }";
  const all = `import('./index.js', { with: ${mode} })`;
  const exported: Record<string, unknown> = await import(pathToFileURL(module).href);
  const lines = Object.entries(exported).flatMap(([name, value]) => [
    `export declare const ${name}: typeof ${all}.${name};`,
    ...(/^class /.test(String(value)) ? [`export type ${name} = ${all}.${name};`] : []),
  ]);
  return `${[`export type * from './index.js' with ${mode};`, ...lines].join('\n')}\n`;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(path);
    return [path];
  });
}
