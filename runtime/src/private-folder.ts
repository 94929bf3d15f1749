/** A folder that nobody else can open, list or replace: where sockets and token files of one user are. */
import { lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

/** Why a folder cannot be trusted. */
export interface FolderFault {
  /** The folder, or the one above it that is the cause. */
  readonly path: string;
  /** What is wrong with it, as the end of a sentence that begins with `path`. */
  readonly why: string;
  readonly cause?: unknown;
}

/**
 * Makes a folder where it is missing, with mode 0700, and says what is wrong with it: a link, another user's, open to
 * others, or below a folder that lets another user put a different one in its place.
 *
 * It is what OpenSSH demands of a user's folders.
 * Source: `safe_path` in https://github.com/openssh/openssh-portable/blob/master/misc.c
 * @param user The user's number.
 * @param parents Whether folders above that are missing are made, too.
 */
export function privateFolderFault(folder: string, user: number, parents: boolean): FolderFault | undefined {
  try {
    mkdirSync(folder, { recursive: parents, mode: 0o700 });
  } catch (cause) {
    // Something that is no folder is told below.
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') return { path: folder, why: 'cannot be made', cause };
  }
  const found = lstatSync(folder);
  if (!found.isDirectory()) return { path: folder, why: 'is no folder, or a link to one' };
  if (found.uid !== user) return { path: folder, why: 'belongs to another user' };
  if ((found.mode & OTHERS) !== 0) return { path: folder, why: 'is open to other users; its mode must be 0700' };
  for (let above = dirname(realpathSync(folder)); ; above = dirname(above)) {
    if (lets(lstatSync(above), user)) return { path: above, why: 'lets another user replace what is in it' };
    if (above === dirname(above)) return undefined;
  }
}

/** Permission bits of everybody but the owner. */
export const OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
/** In a sticky folder only its owner, root and a file's owner may rename or remove that file. */
const STICKY = 0o1000;

/** Whether a folder lets another user than this one and root rename or remove what is in it. */
function lets({ uid, mode }: Stats, user: number): boolean {
  if (uid !== 0 && uid !== user) return true;
  return (mode & WRITABLE_BY_OTHERS) !== 0 && (mode & STICKY) === 0;
}
