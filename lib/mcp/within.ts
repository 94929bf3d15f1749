/** Compares paths. */
import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path is this folder or is inside this folder. Both arguments must be real paths. */
export function isWithin(path: string, folder: string): boolean {
  const from = relative(folder, path);
  return from === '' || (from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from));
}
