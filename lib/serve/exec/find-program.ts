/** Whether a program is there: looked for before anybody is asked for a lease to run it with. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/** Why a program cannot be run: as shells tell it with 127 and 126. */
export type ProgramFault = 'not-found' | 'not-executable';

/**
 * Looks for a program as the system does: along `PATH`, or, where its name has a slash, from the working directory.
 * @returns `undefined` when it can be run.
 */
export function programFault(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string = process.cwd(),
): ProgramFault | undefined {
  // Windows tries endings that nobody wrote; there the system says it.
  if (process.platform === 'win32') return undefined;
  const folders = command.includes('/') ? [''] : (env.PATH ?? DEFAULT_PATH).split(delimiter);
  const faults = folders.map((folder) => faultOf(command === '' ? '' : resolve(cwd, folder, command)));
  if (faults.includes(undefined)) return undefined;
  return faults.includes('not-executable') ? 'not-executable' : 'not-found';
}

/** Where the system looks when there is no `PATH`. */
const DEFAULT_PATH = '/bin:/usr/bin';

function faultOf(path: string): ProgramFault | undefined {
  if (path === '') return 'not-found';
  try {
    if (!statSync(path).isFile()) return 'not-executable';
  } catch {
    // Not there, or in a folder that this user may not enter: the system goes on with the next one.
    return 'not-found';
  }
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return 'not-executable';
  }
}
