/**
 * Marks of codes that were sent, for the other programs of the same user: an empty file a code, whose name has sixteen bits of
 * a hash. Some 15 of all codes share a mark, so that none can be read from it; and a code that happens to share the mark of
 * another waits for the next one, as if it were used.
 */
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { privateFolderFault } from '../private-folder';

/** Hexadecimal digits of a mark. */
const DIGITS = 4;
const MARK = /^[0-9a-f]{32}-[0-9a-f]{4}$/;

/**
 * The marks in a folder that nobody else can open. They save a round to AWS, which takes no code twice: where the folder
 * cannot be used there are none, and no lease fails for it.
 */
export class CodeMarks {
  readonly #folder: string;
  readonly #lasts: number;

  /** @param lasts Milliseconds for which a mark counts. */
  constructor(folder: string, lasts: number) {
    this.#folder = folder;
    this.#lasts = lasts;
  }

  /** Whether a code of a device is marked. */
  has(device: string, code: string): boolean {
    return isFresh(join(this.#folder, nameOf(device, code)), this.#lasts);
  }

  /** Marks a code. @returns whether nobody else had marked it */
  add(device: string, code: string): boolean {
    const user = process.getuid?.();
    try {
      if (user === undefined || privateFolderFault(this.#folder, user, true) !== undefined) return true;
      this.#clear();
      // Of all who mark it at once, one makes the file.
      closeSync(openSync(join(this.#folder, nameOf(device, code)), 'wx', 0o600));
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'EEXIST';
    }
  }

  /** Takes a mark back. */
  remove(device: string, code: string): void {
    try {
      rmSync(join(this.#folder, nameOf(device, code)), { force: true });
    } catch {
      // It is over in a few minutes by itself.
    }
  }

  #clear(): void {
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      if (MARK.test(name) && !isFresh(path, this.#lasts)) rmSync(path, { force: true });
    }
  }
}

function isFresh(path: string, lasts: number): boolean {
  try {
    const age = Date.now() - lstatSync(path).mtimeMs;
    // A clock that was set back makes no code used for ever.
    return Math.abs(age) <= lasts;
  } catch {
    return false;
  }
}

function nameOf(device: string, code: string): string {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  return `${hash(device).slice(0, 32)}-${hash(`${device} ${code}`).slice(0, DIGITS)}`;
}
