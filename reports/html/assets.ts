/** The page's style and script, made from their sources beside this file; in the package, when it is built. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Assets {
  readonly style: string;
  readonly script: string;
  /** The script follows runs through the server that the page came from. */
  readonly follows?: boolean;
}

/** In the order of the cascade. */
const SHEETS = ['base', 'top', 'sections', 'table', 'panel', 'media'];

/** Beside the compiled file. */
export const COMPILED_ASSETS = 'assets.json';

const IS_COMPILED = extname(import.meta.url) === '.js';

let made: Assets | undefined;

/** Compiles once per process, in about a tenth of a second. @throws where a source does not compile */
export function assets(): Assets {
  made ??= IS_COMPILED
    ? (JSON.parse(readFileSync(new URL(COMPILED_ASSETS, import.meta.url), 'utf8')) as Assets)
    : compiled();
  return made;
}

function compiled(): Assets {
  const [script] = compiler().buildSync({
    entryPoints: [fileURLToPath(new URL('./client/main.ts', import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    logLevel: 'silent',
  }).outputFiles;
  return { style: sheets(SHEETS), script: script?.text.trim() ?? '' };
}

/** The style sheets of these names as one, in their order. */
export function sheets(names: readonly string[]): string {
  const texts = names.map(name => readFileSync(new URL(`./style/${name}.css`, import.meta.url), 'utf8'));
  return compiler()
    .transformSync(texts.join('\n'), { loader: 'css', minify: true, logLevel: 'silent' })
    .code.trim();
}

/** Loaded when it is needed: the package as published seldom needs it. */
function compiler(): typeof import('esbuild') {
  return createRequire(import.meta.url)('esbuild');
}
