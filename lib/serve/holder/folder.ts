/** The folder for the holder's socket and for token files, with checks that the folder can be trusted. */

import { lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { OTHERS, privateFolderFault } from '@leasehold/runtime/internal';
import { HolderError } from './error';

/**
 * The folder: `$XDG_RUNTIME_DIR/leasehold`, or `leasehold-<uid>` in the folder for temporary files. Creates the folder
 * if it is missing.
 * @throws HolderError
 */
export function privateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return trustedFolder(privateFolderPath(env));
}

/**
 * The path of {@link privateFolder}. Does not create or check anything.
 * @throws HolderError on a system without Unix users
 */
export function privateFolderPath(env: Readonly<Record<string, string | undefined>>): string {
  const { XDG_RUNTIME_DIR: runtime } = env;
  return runtime?.startsWith('/') ? join(runtime, 'leasehold') : join(tmpdir(), `leasehold-${userId()}`);
}

/**
 * Checks that no other user can open or replace the folder, and returns the folder. Creates the folder if it is
 * missing.
 * @throws HolderError
 */
export function trustedFolder(folder: string): string {
  const fault = privateFolderFault(folder, userId(), false);
  if (fault === undefined) return folder;
  throw new HolderError(`${fault.path} ${fault.why}.`, ELSEWHERE, defined({ cause: fault.cause }));
}

/** The name of the holder's socket in its folder. */
const SOCKET = 'holder.sock';
/**
 * Maximum length of a socket path in bytes. Including the terminating zero, macOS accepts 104 bytes and Linux accepts
 * 108. The system truncates a longer path without an error.
 */
const LONGEST_PATH = 103;

/**
 * Path of a socket in a trusted folder.
 * @param name File name. Default: that of the holder's socket.
 * @throws HolderError
 */
export function socketPath(folder: string, name = SOCKET): string {
  const path = join(folder, name);
  if (Buffer.byteLength(path) <= LONGEST_PATH) return join(trustedFolder(folder), name);
  throw new HolderError(
    `${path} is too long for the path of a socket: it has ${Buffer.byteLength(path)} bytes, and ${LONGEST_PATH} fit.`,
    'Set XDG_RUNTIME_DIR to a folder of your own that has a shorter path and mode 0700.',
  );
}

/**
 * Whether the path is the user's own socket: a socket, not a link, and accessible only to the user. `undefined` if
 * nothing exists at the path.
 * @throws HolderError if something else exists there.
 */
export function ownSocket(path: string): boolean | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (stats.isSocket() && stats.uid === userId() && (stats.mode & OTHERS) === 0) return true;
  throw new HolderError(
    `${path} is not a socket that only this user can open.`,
    'Look who put it there, then remove it.',
  );
}

/** The hint if the folder is unusable. */
export const ELSEWHERE = 'Set XDG_RUNTIME_DIR to a folder of your own, with mode 0700.';

function userId(): number {
  const user = process.getuid?.();
  if (user !== undefined) return user;
  throw new HolderError('This system has no Unix users.', 'Use `leasehold serve` or `leasehold exec` instead.');
}
