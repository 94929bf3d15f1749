/**
 * Marks of used codes for the other programs of the same user. Each mark is an empty file whose name contains 16 bits
 * of a hash. About 15 of all possible codes share a mark, so a mark does not reveal its code. A code that shares its
 * mark with a used code is treated as used, and the person must wait for the next code.
 */
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { privateFolderFault } from '../private-folder';

/** Hexadecimal digits of a mark. */
const DIGITS = 4;
const MARK = /^[0-9a-f]{32}-[0-9a-f]{4}$/;

/**
 * Marks for used codes, in a folder that only the user can access. AWS always rejects a used code; the marks only avoid
 * an unnecessary call. If the folder cannot be used, no codes are marked, and leases still work.
 */
export class CodeMarks {
  readonly #folder: string;
  readonly #lasts: number;

  /** @param lasts Number of milliseconds for which a mark is valid. */
  constructor(folder: string, lasts: number) {
    this.#folder = folder;
    this.#lasts = lasts;
  }

  /** Whether a code of a device is marked. */
  has(device: string, code: string): boolean {
    return isFresh(join(this.#folder, nameOf(device, code)), this.#lasts);
  }

  /** Marks a code. @returns true if the code was not marked before */
  add(device: string, code: string): boolean {
    const user = process.getuid?.();
    try {
      if (user === undefined || privateFolderFault(this.#folder, user, true) !== undefined) return true;
      this.#clear();
      // If several processes write at the same time, only one of them creates the file.
      closeSync(openSync(join(this.#folder, nameOf(device, code)), 'wx', 0o600));
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'EEXIST';
    }
  }

  /** Removes a mark. */
  remove(device: string, code: string): void {
    try {
      rmSync(join(this.#folder, nameOf(device, code)), { force: true });
    } catch {
      // Ignored, because the mark expires in a few minutes anyway.
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
    // The absolute difference is used, so that a code does not count as used forever after the clock was set back.
    return Math.abs(age) <= lasts;
  } catch {
    return false;
  }
}

function nameOf(device: string, code: string): string {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  return `${hash(device).slice(0, 32)}-${hash(`${device} ${code}`).slice(0, DIGITS)}`;
}
