/** The folder with the tokens of one `leasehold serve`: its user's alone, and gone with it however it ends. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';

/** Name of the file that says whose run the folder is. */
const RUN = 'run';

/**
 * Makes it below a folder that nobody else can open. With a port that the user chose it has a name of its own: after a
 * restart the clients find their new tokens where the old ones were. Without one the address is another, too.
 * @returns its path, and what removes it.
 */
export function tokenFolder(
  above: string,
  port: number | undefined,
): { readonly path: string; readonly remove: () => void } {
  const path = port === undefined ? mkdtempSync(join(above, 'serve-')) : join(above, `serve-${port}`);
  if (port !== undefined) {
    // Who listens on the port is the only one: what is there was left by a run that was killed.
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { mode: 0o700 });
  }
  const run = `${process.pid}-${Date.now()}`;
  writeFileSync(join(path, RUN), run, { flag: 'wx', mode: 0o600 });
  removeAfterDeath(path, run);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A process that waits for the end of this one, by the pipe between them, and removes what it left: it may be killed. */
function removeAfterDeath(path: string, run: string): void {
  const script = 'cat > /dev/null; [ "$(cat "$1/$3" 2> /dev/null)" = "$2" ] && rm -rf -- "$1"';
  const child = spawn('/bin/sh', ['-c', script, 'leasehold-serve-cleaner', path, run, RUN], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/bin:/usr/bin' },
  });
  // Where it cannot be started, a killed run leaves its tokens, which are worth nothing without it.
  child.once('error', () => {});
  child.stdin.once('error', () => {});
  (child.stdin as Socket).unref();
  child.unref();
}
