/** The folder for pending requests, which only the user can access. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { privateFolderFault } from '../../private-folder';
import { channelFailed } from '../question';

/**
 * The default folder for pending requests: `$XDG_RUNTIME_DIR/leasehold`, else `~/.leasehold/run`. Source:
 * https://specifications.freedesktop.org/basedir-spec/latest/
 * @public
 */
export function approvalDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const runtime = env.XDG_RUNTIME_DIR;
  // According to the specification, relative paths must be ignored.
  return runtime !== undefined && isAbsolute(runtime) ? join(runtime, 'leasehold') : join(home(), '.leasehold', 'run');
}

function home(): string {
  try {
    return homedir();
  } catch (error) {
    const why = 'this user has no home: HOME is not set, and the list of users has no entry for them';
    throw channelFailed(why, 'Set HOME or XDG_RUNTIME_DIR to a folder of your own, with mode 0700.', false, error);
  }
}

/**
 * Creates the folder if it is missing, with mode 0700, and verifies it: not a symbolic link, owned by the user, closed
 * to others, and below folders that nobody else can replace.
 *
 * @throws LeaseError `channel-failed`
 */
export function demandPrivateDirectory(directory: string): void {
  const fault = privateFolderFault(directory, currentUser(), true);
  if (fault === undefined) return;
  const hint = 'Make the folder accessible only to its owner (chmod 700), or use another folder.';
  throw channelFailed(`${fault.path} ${fault.why}`, hint, false, fault.cause);
}

/** The numeric user id. @throws LeaseError `channel-failed` on systems without Unix users */
export function currentUser(): number {
  const user = process.getuid?.();
  if (user !== undefined) return user;
  throw channelFailed('the approval socket needs a Unix system', 'Choose another approval channel.', false);
}
