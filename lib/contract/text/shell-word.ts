import { onOneLine } from './visible';

/** Text quoted as one word of a POSIX shell, for a command that a person pastes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${onOneLine(text).replaceAll("'", "'\\''")}'`;
}
