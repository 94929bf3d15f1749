/** A folder that only one user can open, list or replace. The folder contains the user's sockets and token files. */
import { lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

/** The reason why a folder cannot be trusted. */
export interface FolderFault {
  /** The affected folder: the checked folder or a folder above it. */
  readonly path: string;
  /** The problem, as the end of a sentence that begins with `path`. */
  readonly why: string;
  readonly cause?: unknown;
}

/**
 * Creates a folder if it is missing, with mode 0700, and returns its fault: a symbolic link, owned by another user,
 * open to others, or below a folder in which another user could replace it.
 *
 * OpenSSH has the same requirements for a user's folders. Source: `safe_path` in
 * https://github.com/openssh/openssh-portable/blob/master/misc.c
 * @param user The numeric user id.
 * @param parents Whether missing parent folders are created too.
 */
export function privateFolderFault(folder: string, user: number, parents: boolean): FolderFault | undefined {
  try {
    mkdirSync(folder, { recursive: parents, mode: 0o700 });
  } catch (cause) {
    // An error for a path that is not a folder is reported below.
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') return { path: folder, why: 'cannot be created', cause };
  }
  const found = lstatSync(folder);
  if (!found.isDirectory()) return { path: folder, why: 'is not a folder, or is a link to one' };
  if (found.uid !== user) return { path: folder, why: 'belongs to another user' };
  if ((found.mode & OTHERS) !== 0) return { path: folder, why: 'is open to other users; its mode must be 0700' };
  for (let above = dirname(realpathSync(folder)); ; above = dirname(above)) {
    if (lets(lstatSync(above), user)) return { path: above, why: 'permits another user to replace its contents' };
    if (above === dirname(above)) return undefined;
  }
}

/** Permission bits of everyone except the owner. */
export const OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
/**
 * In a folder with the sticky bit, a file can be renamed or removed only by the file's owner, the folder's owner, and
 * root.
 */
const STICKY = 0o1000;

/** Whether the permissions of a folder let another user (except root) rename or remove its contents. */
function lets({ uid, mode }: Stats, user: number): boolean {
  if (uid !== 0 && uid !== user) return true;
  return (mode & WRITABLE_BY_OTHERS) !== 0 && (mode & STICKY) === 0;
}
