/**
 * The folder with the tokens of one process of `leasehold serve` or `leasehold proxy`. Only the user can read the
 * folder. It is deleted when the process ends for any reason.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';

/** Name of a file in the folder. The file identifies the run to which the folder belongs. */
const RUN = 'run';

/**
 * Creates the token folder in a folder that nobody else can open. If the user chose a port, the name of the token
 * folder is derived from the port, so that clients find their new tokens at the same paths after a restart. If the user
 * chose no port, the endpoint's address changes at a restart as well, so the name need not be stable.
 * @returns its path, and a function that removes it
 */
export function tokenFolder(
  above: string,
  port: number | undefined,
  command: 'serve' | 'proxy' = 'serve',
): { readonly path: string; readonly remove: () => void } {
  const path = port === undefined ? mkdtempSync(join(above, `${command}-`)) : join(above, `${command}-${port}`);
  if (port !== undefined) {
    // Only one process can listen on the port, so an existing folder was left behind by a killed process.
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { mode: 0o700 });
  }
  const run = `${process.pid}-${Date.now()}`;
  writeFileSync(join(path, RUN), run, { flag: 'wx', mode: 0o600 });
  removeAfterDeath(path, run);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Starts a second process that detects the end of this process through a pipe and removes the folder, in case this
 * process is killed.
 */
function removeAfterDeath(path: string, run: string): void {
  const script = 'cat > /dev/null; [ "$(cat "$1/$3" 2> /dev/null)" = "$2" ] && rm -rf -- "$1"';
  const child = spawn('/bin/sh', ['-c', script, 'leasehold-serve-cleaner', path, run, RUN], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/bin:/usr/bin' },
  });
  // If the second process cannot be started, a killed run leaves its tokens behind. They are useless without the run.
  child.once('error', () => {});
  child.stdin.once('error', () => {});
  (child.stdin as Socket).unref();
  child.unref();
}
