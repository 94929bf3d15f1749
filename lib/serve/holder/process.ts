/** Starts the holder as a process of its own, which outlives the program that needed it first. */
import { spawn } from 'node:child_process';
import { extname, join } from 'node:path';

/**
 * Starts the holder on a folder. It inherits no variable but `PATH`: no key, and nothing that would load code into it.
 */
export function startHolderProcess(folder: string): void {
  const extension = extname(__filename);
  // Sources run with the loader that this process runs with; what is compiled needs none.
  const loader = extension === '.ts' ? process.execArgv : [];
  const { PATH } = process.env;
  const child = spawn(process.execPath, [...loader, join(__dirname, `main${extension}`), folder], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
    env: PATH === undefined ? {} : { PATH },
  });
  // Whoever waits for it notices that it is not there.
  child.once('error', () => {});
  child.unref();
}
