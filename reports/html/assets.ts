/** The page's style and script, made from their sources beside this file. */

import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, transformSync } from 'esbuild';

export interface Assets {
  readonly style: string;
  readonly script: string;
  /** The script follows runs through the server that the page came from. */
  readonly follows?: boolean;
}

/** In the order of the cascade. */
const SHEETS = ['base', 'top', 'sections', 'table', 'panel', 'media'];

let made: Assets | undefined;

/** Compiles once per process, in about a tenth of a second. @throws where a source does not compile */
export function assets(): Assets {
  if (made) return made;
  const entry = fileURLToPath(new URL(`./client/main${extname(import.meta.url)}`, import.meta.url));
  const [script] = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    logLevel: 'silent',
  }).outputFiles;
  made = { style: sheets(SHEETS), script: script?.text.trim() ?? '' };
  return made;
}

/** The style sheets of these names as one, in their order. */
export function sheets(names: readonly string[]): string {
  const texts = names.map(name => readFileSync(new URL(`./style/${name}.css`, import.meta.url), 'utf8'));
  return transformSync(texts.join('\n'), { loader: 'css', minify: true, logLevel: 'silent' }).code.trim();
}
