/** Checks that a program exists before anyone is asked for a lease to run it. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/** Why a program cannot be run. Shells report these as exit codes 127 and 126. */
export type ProgramFault = 'not-found' | 'not-executable';

/**
 * Looks for a program as the system does: along `PATH`, or from the working directory if its name has a slash.
 * @returns `undefined` when it can be run.
 */
export function programFault(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string = process.cwd(),
): ProgramFault | undefined {
  // Windows tries additional file extensions, so the system itself reports a missing program.
  if (process.platform === 'win32') return undefined;
  const folders = command.includes('/') ? [''] : (env.PATH ?? DEFAULT_PATH).split(delimiter);
  const faults = folders.map((folder) => faultOf(command === '' ? '' : resolve(cwd, folder, command)));
  if (faults.includes(undefined)) return undefined;
  return faults.includes('not-executable') ? 'not-executable' : 'not-found';
}

/** The system's default without `PATH`. */
const DEFAULT_PATH = '/bin:/usr/bin';

function faultOf(path: string): ProgramFault | undefined {
  if (path === '') return 'not-found';
  try {
    if (!statSync(path).isFile()) return 'not-executable';
  } catch {
    // Missing, or in a folder that this user may not enter: the system continues with the next folder.
    return 'not-found';
  }
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return 'not-executable';
  }
}
