/**
 * What happens to children and temp files if this process is killed. A small shell waits on a pipe that only this
 * process holds open. When the pipe closes, it ends the process groups that it was told of, everything that carries a
 * mark of this process (Linux), and removes the temp folder. It uses what every POSIX system has; Windows has nothing
 * like it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { ownerMark } from './lineage.ts';

/** Seconds between SIGTERM and SIGKILL. */
const GRACE_S = 1;

/** $1: what the marks of the killed process begin with; $2: the seconds. Lines: "+GROUP", "-GROUP", "=FOLDER". */
const SCRIPT = `
groups= folder=
while IFS= read -r line; do
  value=\${line#?}
  case $line in
    +*) groups="$groups $value" ;;
    -*) others=; for group in $groups; do [ "$group" = "$value" ] || others="$others $group"; done; groups=$others ;;
    =*) folder=$value ;;
  esac
done
end() {
  for group in $groups; do kill -s "$1" -- "-$group"; done
  for file in $(grep -lsaF -- "$mark" /proc/[0-9]*/environ); do
    file=\${file%/environ}
    kill -s "$1" -- "\${file#/proc/}"
  done
}
mark=$1
end TERM
sleep "$2"
end KILL
[ -z "$folder" ] || rm -rf -- "$folder"
`;

let shell: ChildProcess | null = null;

function start(): ChildProcess {
  const child = spawn(
    '/bin/sh',
    ['-c', SCRIPT, 'cors-conformance-supervisor', ownerMark(), String(GRACE_S)],
    // In a session of its own, so that what ends this process's group does not end it.
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/', env: { PATH: process.env.PATH } },
  );
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  // At an orderly end everything has been ended and removed by then.
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

function tell(line: string): void {
  if (process.platform === 'win32') return;
  shell ??= start();
  shell.stdin?.write(`${line}\n`);
}

/** A process group that must not outlive this process. */
export const superviseGroup = (group: number): void => tell(`+${group}`);

/** The group has ended. */
export const releaseGroup = (group: number): void => tell(`-${group}`);

/** The one folder that must not outlive this process; none if empty. */
export const superviseFolder = (folder: string): void => tell(`=${folder}`);
