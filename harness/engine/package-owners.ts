/**
 * Which Debian package a program came from. dpkg reads the lists of all packages to tell, a tenth of a second of
 * processor time for each question; what it said holds until a package is installed or removed, so it is kept until then.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../process/cache-folder.ts';
import { outputOf } from '../process/command.ts';

/** Where dpkg keeps what is installed; written anew with every change. */
const STATUS = '/var/lib/dpkg/status';
// dpkg's own placeholder, not a template.
// biome-ignore lint/suspicious/noTemplateCurlyInString: see above
const VERSION_FORMAT = '${Version}';

export interface OwnerQuestions {
  /** Default: dpkg's. */
  readonly status?: string;
  /** Asks dpkg. */
  readonly ask?: (command: readonly string[]) => Promise<string | undefined>;
}

interface Kept {
  /** Which state of dpkg's list the answers are about. */
  readonly stamp: string;
  /** By path; empty where no package has it. */
  readonly owners: Readonly<Record<string, string>>;
}

/**
 * The package that a file belongs to, with its version, for example "chromium 156.0.8078.79-1~deb12u1".
 * @returns undefined where no package has it, or there is no dpkg. Never throws
 */
export async function packageOwner(
  path: string,
  questions: OwnerQuestions = {},
): Promise<string | undefined> {
  const { status = STATUS, ask = outputOf } = questions;
  const stamp = stampOf(status);
  if (stamp === undefined) return undefined;
  const known = keptFor(stamp)[path];
  if (known !== undefined) return known || undefined;
  const owner = await asked(path, ask);
  keep({ stamp, owners: { ...keptFor(stamp), [path]: owner ?? '' } });
  return owner;
}

async function asked(path: string, ask: (command: readonly string[]) => Promise<string | undefined>) {
  const owner = /^([^:,\s]+)/.exec((await ask(['dpkg-query', '-S', path])) ?? '')?.[1];
  const version = owner && (await ask(['dpkg-query', '-W', '-f', VERSION_FORMAT, owner]));
  return version ? `${owner} ${version}` : undefined;
}

function stampOf(status: string): string | undefined {
  try {
    const { mtimeMs, size, ino } = statSync(status);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return undefined;
  }
}

const file = (): string => join(cacheFolder(), 'package-owners.json');

/** What is kept for this state; nothing where it cannot be read, or is of another state. */
function keptFor(stamp: string): Kept['owners'] {
  try {
    const kept = JSON.parse(readFileSync(file(), 'utf8')) as Partial<Kept>;
    return kept.stamp === stamp && kept.owners ? kept.owners : {};
  } catch {
    return {};
  }
}

/** Does nothing where the cache folder cannot be written to. */
function keep(kept: Kept): void {
  try {
    mkdirSync(dirname(file()), { recursive: true });
    const making = `${file()}.${randomBytes(6).toString('hex')}`;
    writeFileSync(making, JSON.stringify(kept));
    renameSync(making, file());
  } catch {
    // It is asked again the next time.
  }
}
