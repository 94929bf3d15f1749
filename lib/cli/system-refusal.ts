/** Explains errors of the operating system. */

/** An error code such as `ENOSPC`, as text for the end of a sentence. */
export function systemRefusal(code: string): string {
  return (Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined) ?? `the operating system answered ${code}`;
}

const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists already',
  EISDIR: 'it is a folder',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'it is not a folder',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
};
