/**
 * Starts the holder as a separate process. The process continues to run after the program that started it has ended.
 */

import { spawn } from 'node:child_process';
import { extname, join } from 'node:path';
import { defined } from '@leasehold/contract/defined';

/**
 * Starts the holder for a folder. The process inherits only the environment variable `PATH`, so it does not get keys
 * or variables that load code.
 */
export function startHolderProcess(folder: string): void {
  const extension = extname(__filename);
  // TypeScript sources need the loader of this process. Compiled code needs no loader.
  const loader = extension === '.ts' ? process.execArgv : [];
  const { PATH } = process.env;
  const child = spawn(process.execPath, [...loader, join(__dirname, `main${extension}`), folder], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
    env: defined({ PATH }),
  });
  // A failed start is ignored here, because the waiting program notices it.
  child.once('error', () => {});
  child.unref();
}
