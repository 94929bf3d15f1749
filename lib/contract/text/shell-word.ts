import { onOneLine } from './visible';

/** Text quoted as one word of a POSIX shell, for a command that a person pastes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${onOneLine(text).replaceAll("'", "'\\''")}'`;
}

/**
 * An option and its value, for a command that a person pastes. A value that begins with `-` is joined to the option
 * with `=`, because a program would read it as another option.
 */
export function shellOption(option: string, value: string): string {
  return `${option}${looksLikeOption(value) ? '=' : ' '}${shellWord(value)}`;
}

/**
 * The last argument of a command that a person pastes, after all options. An argument that begins with `-` follows
 * `--`, because a program would read it as an option.
 */
export function shellOperand(text: string): string {
  return `${looksLikeOption(text) ? '-- ' : ''}${shellWord(text)}`;
}

function looksLikeOption(text: string): boolean {
  return onOneLine(text).startsWith('-');
}
