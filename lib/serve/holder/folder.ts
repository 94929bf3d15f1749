/** Where the holder's socket and token files are, and whether they can be trusted. */
import { lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OTHERS, privateFolderFault } from '@leasehold/runtime/internal';
import { HolderError } from './error';

/**
 * `$XDG_RUNTIME_DIR/leasehold`, or `leasehold-<uid>` in the folder for temporary files; made when it is missing.
 * @throws HolderError
 */
export function privateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const { XDG_RUNTIME_DIR: runtime } = env;
  const folder = runtime?.startsWith('/') ? join(runtime, 'leasehold') : join(tmpdir(), `leasehold-${userId()}`);
  return trustedFolder(folder);
}

/**
 * The folder, made when it is missing, if nobody else can open or replace it.
 * @throws HolderError
 */
export function trustedFolder(folder: string): string {
  const fault = privateFolderFault(folder, userId(), false);
  if (fault === undefined) return folder;
  throw new HolderError(
    `${fault.path} ${fault.why}.`,
    ELSEWHERE,
    fault.cause === undefined ? {} : { cause: fault.cause },
  );
}

/** The name of the holder's socket in its folder. */
const SOCKET = 'holder.sock';
/** Bytes of a socket's path: macOS takes 104 with the ending zero, Linux 108. A longer one is cut without a word. */
const LONGEST_PATH = 103;

/**
 * Where the holder's socket is, in a folder that can be trusted.
 * @throws HolderError
 */
export function socketPath(folder: string): string {
  const path = join(folder, SOCKET);
  if (Buffer.byteLength(path) <= LONGEST_PATH) return join(trustedFolder(folder), SOCKET);
  throw new HolderError(
    `${path} is too long for the path of a socket: it has ${Buffer.byteLength(path)} bytes, and ${LONGEST_PATH} fit.`,
    'Set XDG_RUNTIME_DIR to a folder of your own with a shorter path, with mode 0700.',
  );
}

/**
 * Whether a socket can be trusted to be the user's own: a socket and no link to one, open to the user alone. `undefined`
 * when there is none.
 * @throws HolderError when there is something else.
 */
export function ownSocket(path: string): boolean | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (stats.isSocket() && stats.uid === userId() && (stats.mode & OTHERS) === 0) return true;
  throw new HolderError(`${path} is no socket of this user alone.`, 'Look who put it there, then remove it.');
}

/** What helps where a folder cannot be used. */
export const ELSEWHERE = 'Set XDG_RUNTIME_DIR to a folder of your own, with mode 0700.';

function userId(): number {
  const user = process.getuid?.();
  if (user !== undefined) return user;
  throw new HolderError(
    'This system has no users as Unix has them.',
    'Use `leasehold serve` or `leasehold exec` instead.',
  );
}
