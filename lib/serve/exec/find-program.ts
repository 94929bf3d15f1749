/** Checks that a program exists. The check runs before a person is asked to approve the lease for the program. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/** The reason why a program cannot be run. Shells use exit code 127 for `not-found` and 126 for `not-executable`. */
export type ProgramFault = 'not-found' | 'not-executable';

/**
 * Looks for a program in the same way as the operating system: along `PATH`, or from the working directory if the name
 * contains a slash.
 * @returns `undefined` if the program can be run.
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

/** The search path that the system uses if `PATH` is not set. */
const DEFAULT_PATH = '/bin:/usr/bin';

function faultOf(path: string): ProgramFault | undefined {
  if (path === '') return 'not-found';
  try {
    if (!statSync(path).isFile()) return 'not-executable';
  } catch {
    // The file is missing, or is in a folder that this user may not enter. The system continues with the next folder.
    return 'not-found';
  }
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return 'not-executable';
  }
}
