/** Starts the holder as a separate process, which outlives the program that first needed it. */

import { spawn } from 'node:child_process';
import { extname, join } from 'node:path';
import { defined } from '@leasehold/contract/defined';

/**
 * Starts the holder on a folder. It inherits no variable except `PATH`: no key, and nothing that could load code into
 * it.
 */
export function startHolderProcess(folder: string): void {
  const extension = extname(__filename);
  // TypeScript sources need the loader of this process; compiled code needs none.
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
