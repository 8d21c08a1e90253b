/** Folders for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder for one test. */
export function temporary(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'cors-conformance-test-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
