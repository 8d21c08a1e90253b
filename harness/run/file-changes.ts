/** Changes of files and folders, told once they have come to rest. */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** What a server writes while it runs, and what comes from elsewhere: none of it is what its people edit. */
const NOT_EDITED = /^\.|^(?:node_modules|__pycache__|target)$|~$|\.(?:log|pid|tmp|db|sqlite\d?)(?:-\w+)?$/;

/** Editors write a file in several steps. */
const QUIET_MS = 150;

export interface FileChanges {
  /** Resolves with the paths that have changed since the last call, or with none once the signal comes. */
  next(signal: AbortSignal): Promise<readonly string[]>;
  close(): void;
}

/**
 * Watches files, and folders with all that is in them. What is hidden, installed, a log or a database is left out.
 * @param ignored a folder that is left out, too
 */
export function watchFiles(paths: readonly string[], ignored: string): FileChanges {
  const out = resolve(ignored);
  const changed = new Set<string>();
  const watchers = new Map<string, FSWatcher>();
  let events = 0;
  let wake: () => void = () => undefined;
  const isLeftOut = (path: string) => path === out || path.startsWith(out + sep);

  const watchFolder = (folder: string, onChange: (name: string) => void): void => {
    const key = `${folder} ${onChange.name}`;
    if (watchers.has(key)) return;
    try {
      const watcher = watch(folder, (_event, name) => name !== null && onChange(name));
      watcher.on('error', () => watchers.delete(key));
      watchers.set(key, watcher);
    } catch {
      // It has gone meanwhile; whoever holds it tells of that.
    }
  };
  const tell = (path: string) => {
    changed.add(path);
    events++;
    wake();
  };
  const watchAll = (folder: string): void => {
    if (isLeftOut(folder)) return;
    watchFolder(folder, function inFolder(name) {
      const path = join(folder, name);
      if (NOT_EDITED.test(name) || isLeftOut(path)) return;
      if (isFolder(path)) watchAll(path);
      else tell(path);
    });
    for (const name of foldersIn(folder)) if (!NOT_EDITED.test(name)) watchAll(join(folder, name));
  };
  for (const path of paths.map(one => resolve(one))) {
    if (isFolder(path)) watchAll(path);
    // An editor may put a new file in its place; so its folder is watched.
    else
      watchFolder(dirname(path), function beside(name) {
        if (paths.some(one => resolve(one) === join(dirname(path), name))) tell(join(dirname(path), name));
      });
  }
  return {
    async next(signal) {
      const stop = () => wake();
      signal.addEventListener('abort', stop);
      try {
        while (!signal.aborted) {
          const before = events;
          const some = changed.size > 0;
          await new Promise<void>(resolve => {
            wake = resolve;
            if (some) setTimeout(resolve, QUIET_MS);
          });
          if (some && events === before) break;
        }
        const batch = signal.aborted ? [] : [...changed];
        changed.clear();
        return batch;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    close() {
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => basename(entry.name));
  } catch {
    return [];
  }
}
