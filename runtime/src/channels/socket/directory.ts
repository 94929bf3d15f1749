/** Where waiting requests can be found: a folder that nobody but the user can enter. */
import { lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { LeaseError } from '../../errors';
import { channelFailed } from '../question';

/**
 * The folder in which requests wait unless another is named: `$XDG_RUNTIME_DIR/leasehold`, else `~/.leasehold/run`.
 * Source: https://specifications.freedesktop.org/basedir-spec/latest/
 * @public
 */
export function approvalDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const runtime = env.XDG_RUNTIME_DIR;
  // The specification has relative paths ignored.
  return runtime !== undefined && isAbsolute(runtime)
    ? join(runtime, 'leasehold')
    : join(homedir(), '.leasehold', 'run');
}

/**
 * Makes the folder where it is missing, with mode 0700, and verifies it: no link, the user's own, closed to everybody
 * else, below folders that nobody else can swap.
 *
 * @throws LeaseError `channel-failed`
 */
export function demandPrivateDirectory(directory: string): void {
  const user = currentUser();
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw channelFailed(`${directory} cannot be made`, 'Name a folder of your own.', false, error);
  }
  const found = lstatSync(directory);
  if (!found.isDirectory()) throw unsafe(directory, 'is no folder, or a link to one');
  if (found.uid !== user) throw unsafe(directory, 'belongs to another user');
  if ((found.mode & 0o077) !== 0) throw unsafe(directory, 'is open to other users; its mode must be 0700');
  for (const above of ancestors(realpathSync(dirname(directory)))) {
    if (canSwap(lstatSync(above), user)) throw unsafe(above, 'lets another user swap what is in it');
  }
}

/** The user's number. @throws LeaseError `channel-failed` where there are no Unix users */
export function currentUser(): number {
  const user = process.getuid?.();
  if (user !== undefined) return user;
  throw channelFailed('the approval socket needs a Unix system', 'Choose another approval channel.', false);
}

/** Whether another user than this one and root may rename or remove what is in a folder. The sticky bit forbids it. */
function canSwap({ uid, mode }: Stats, user: number): boolean {
  if (uid !== user && uid !== 0) return true;
  return (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
}

function ancestors(directory: string): readonly string[] {
  const above = dirname(directory);
  return above === directory ? [directory] : [directory, ...ancestors(above)];
}

function unsafe(path: string, why: string): LeaseError {
  return channelFailed(`${path} ${why}`, 'Give the folder to the user alone (chmod 700), or name another.', false);
}
