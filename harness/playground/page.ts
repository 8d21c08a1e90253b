/** Makes the playground: one self-contained page that opens from disk and asks the network for nothing. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const sha256 = (text: string): string =>
  `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** Made when the package is built, so that nobody waits for it later. */
const READY = new URL('./playground.html', import.meta.url);

let made: string | undefined;

/** @returns the whole page as HTML. @throws if a source does not compile */
export function playgroundHtml(): string {
  made ??= existsSync(READY) ? readFileSync(READY, 'utf8') : compiledPage();
  return made;
}

function compiledPage(): string {
  // The package as published does without.
  const { buildSync, transformSync }: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');
  const [bundle] = buildSync({
    entryPoints: [fileURLToPath(new URL(`./client/main${extname(import.meta.url)}`, import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    logLevel: 'silent',
  }).outputFiles;
  // No text of the script may end its element.
  const script = (bundle?.text ?? '').trim().replace(/<\/(script)/gi, '<\\/$1');
  const css = readFileSync(new URL('./playground.css', import.meta.url), 'utf8');
  const base = readFileSync(new URL('../../reports/html/style/base.css', import.meta.url), 'utf8');
  const style = transformSync(`${base}\n${css}`, {
    loader: 'css',
    minify: true,
    logLevel: 'silent',
  }).code.trim();
  const policy = `default-src 'none'; style-src ${sha256(style)}; script-src ${sha256(script)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>CORS playground</title>
<style>${style}</style>
</head>
<body class="playground">
<header>
<h1>CORS playground</h1>
<p>What a browser that follows the Fetch Standard does with a request, and with the answers of a server. Nothing is sent anywhere.</p>
<details class="start"><summary>Start from a curl command, a console message, a HAR file or a case</summary>
<div class="field"><label for="paste">Paste it here</label><textarea id="paste" rows="4" spellcheck="false"></textarea></div>
<p><button type="button" id="read">Read what was pasted</button></p>
<div class="field"><label for="case-id">Or a case of the suites</label><input id="case-id" list="case-ids" autocomplete="off" spellcheck="false"><datalist id="case-ids"></datalist></div>
<p><button type="button" id="open-case">Open the case</button></p>
</details>
<p id="message" role="status"></p>
</header>
<main>
<section aria-labelledby="asks"><h2 id="asks">What is asked and answered</h2>
<div id="forms"></div>
<p><button type="button" id="again">Ask again, later</button> <button type="button" id="start-over">Start over</button></p>
</section>
<section aria-labelledby="comes" tabindex="0"><h2 id="comes">What it comes to</h2>
<p id="verdict" class="vh" role="status"></p>
<div id="results"></div>
</section>
</main>
<script>${script}</script>
</body>
</html>
`;
}
