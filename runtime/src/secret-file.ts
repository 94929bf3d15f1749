/** A new file with a secret, which only its owner can read. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';

/**
 * Writes a secret to a new file with mode 0600, without a newline at the end. The file must not exist.
 * @throws the system's error
 */
export function writeSecretFile(path: string, secret: string): void {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const file = openSync(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
  try {
    writeSync(file, secret);
  } finally {
    closeSync(file);
  }
}
