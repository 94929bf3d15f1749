/** A folder that nobody else can open, list or replace: where sockets and token files of one user are. */
import { lstatSync, mkdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HolderError } from './error';

/**
 * `$XDG_RUNTIME_DIR/leasehold`, or `leasehold-<uid>` in the folder for temporary files; made when it is missing.
 *
 * Held to what OpenSSH demands of a user's folders: it is a folder and no link to one, belongs to the user, is open to
 * nobody else, and no folder above it lets another user put a different one in its place.
 * Source: `safe_path` in https://github.com/openssh/openssh-portable/blob/master/misc.c
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
  const user = userId();
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new HolderError(`The folder ${folder} cannot be made.`, ELSEWHERE, { cause });
    }
  }
  const stats = lstatSync(folder);
  if (!stats.isDirectory()) throw new HolderError(`${folder} is no folder of its own.`, 'Remove it.');
  if (stats.uid !== user) throw new HolderError(`${folder} belongs to another user.`, ELSEWHERE);
  if ((stats.mode & OTHERS) !== 0) {
    throw new HolderError(`${folder} is open to other users.`, 'Look who opened it, then remove it.');
  }
  for (let above = dirname(realpathSync(folder)); ; above = dirname(above)) {
    if (replaceable(statSync(above), user)) {
      throw new HolderError(`${folder} could be replaced by those who can write to ${above}.`, ELSEWHERE);
    }
    if (above === dirname(above)) return folder;
  }
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

/** Permission bits of everybody but the owner. */
const OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
/** In a sticky folder only its owner, root and a file's owner may rename or remove that file. */
const STICKY = 0o1000;
const ELSEWHERE = 'Set XDG_RUNTIME_DIR to a folder of your own, with mode 0700.';

function replaceable({ uid, mode }: Stats, user: number): boolean {
  if (uid !== 0 && uid !== user) return true;
  return (mode & WRITABLE_BY_OTHERS) !== 0 && (mode & STICKY) === 0;
}

function userId(): number {
  const user = process.getuid?.();
  if (user !== undefined) return user;
  throw new HolderError(
    'This system has no users as Unix has them.',
    'Use `leasehold serve` or `leasehold exec` instead.',
  );
}
