/**
 * Compiles the package that is published: `dist/`, plain JavaScript with types, in the folders of the sources, so that
 * what a module finds beside itself it finds there too. `npm pack` runs it. A folder of the checkout that is given as
 * an argument is written instead of `dist/`.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { assets, COMPILED_ASSETS } from '../../reports/html/assets.ts';
import { playgroundHtml } from '../playground/page.ts';
import { runCommand } from '../process/command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = resolve(root, process.argv[2] ?? 'dist');

/** Folders whose other files, such as style sheets, are needed at run time. */
const WITH_ASSETS = ['harness', 'reports'];

rmSync(out, { recursive: true, force: true });
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const { ok, stdout, stderr } = await runCommand(
  [process.execPath, compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', out],
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

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(path);
    return [path];
  });
}
