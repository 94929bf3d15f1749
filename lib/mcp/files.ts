/**
 * The folder through which files go to AWS and come from it. Names come from a model: nothing outside the folder can be
 * read or written, no existing file is overwritten, and hidden files do not exist.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, mkdir, open, realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { firstHidden } from '@leasehold/contract/text';
import { codeFault, isModules } from './aws/package-folders';
import { Refusal } from './error';
import { isWithin } from './within';

/** Maximum bytes of one file, in either direction. */
export const LARGEST_FILE = 256 * 1024 * 1024;

/** Maximum characters of a name. */
const LONGEST_NAME = 400;

export class FileFolder {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /** The folder, which is created if it is missing. @throws the system's error */
  static async open(path: string): Promise<FileFolder> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    return new FileFolder(await realpath(path));
  }

  /**
   * Fails if what is written to the folder could run in this process.
   * @param packages Folders from which code is loaded.
   * @throws Refusal
   */
  demandNoCode(packages: readonly string[]): void {
    const fault = codeFault(this.#root, packages);
    if (fault === undefined) return;
    throw new Refusal(
      'file-refused',
      fault,
      'Name a folder for files that is apart from every folder with code: not above it, not below it, not itself.',
    );
  }

  /** @throws Refusal */
  async read(name: string): Promise<Buffer> {
    const file = await this.#open(name, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size } = await ordinary(file, name);
      if (size > LARGEST_FILE) {
        throw new Refusal('too-large', `the file ${name} has ${size} bytes`, `Send at most ${LARGEST_FILE} bytes.`);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  }

  /**
   * Writes a new file, and returns its size.
   * @throws Refusal if the file exists, if it cannot be created, or if there is too much to write
   */
  async write(name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
    const file = await this.#open(name, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
    try {
      await ordinary(file, name);
      let bytes = 0;
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > LARGEST_FILE) {
          throw new Refusal(
            'too-large',
            `the response has more than ${LARGEST_FILE} bytes; ${name} is incomplete`,
            'Request a part of it, for example with Range.',
          );
        }
        await file.write(chunk);
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  async #open(name: string, flags: number): Promise<FileHandle> {
    const path = join(this.#root, ...segmentsOf(name));
    try {
      // The parent is resolved first: `O_NOFOLLOW` concerns the last segment only.
      const parent = await realpath(resolve(path, '..'));
      if (!this.#contains(parent)) throw outside(name);
      const real = join(parent, path.slice(path.lastIndexOf(sep) + 1));
      const file = await open(real, flags | constants.O_NOFOLLOW, 0o600);
      const opened = await openedPath(file);
      if (opened === undefined || this.#contains(opened)) return file;
      await file.close();
      throw outside(name);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw refused(name, (error as NodeJS.ErrnoException).code);
    }
  }

  /** Whether a real path can be named: it is in the folder, and nothing below the folder is hidden or code. */
  #contains(path: string): boolean {
    if (!isWithin(path, this.#root)) return false;
    return !relative(this.#root, path)
      .split(sep)
      .some((segment) => segment.startsWith('.') || isModules(segment));
  }
}

/** The path of an open file, which no later change of a folder can alter; undefined where the system does not tell. */
async function openedPath(file: FileHandle): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  return realpath(`/proc/self/fd/${file.fd}`).catch(() => undefined);
}

/** Devices, pipes and files with a second name elsewhere are refused. */
async function ordinary(file: FileHandle, name: string): Promise<Stats> {
  const stats = await file.stat();
  if (stats.isFile() && stats.nlink === 1) return stats;
  throw new Refusal('file-refused', `${name} is no ordinary file`, 'Name a file of its own in the folder.');
}

function segmentsOf(name: string): readonly string[] {
  const segments = name.split('/');
  const wrong =
    name.length > LONGEST_NAME ||
    firstHidden(name) !== undefined ||
    name.includes('\\') ||
    name.includes(':') ||
    segments.some(
      (segment) => segment === '' || segment.startsWith('.') || segment.trim() !== segment || isModules(segment),
    );
  if (!wrong) return segments;
  throw new Refusal(
    'file-refused',
    'the file name is not permitted',
    'Name a file inside the folder, for example "dist/app.js": no leading slash, no "..", no hidden file, no node_modules.',
  );
}

function outside(name: string): Refusal {
  return new Refusal(
    'file-refused',
    `${name} leads out of the folder, or to a hidden file`,
    'Name a file inside the folder.',
  );
}

function refused(name: string, code: string | undefined): Refusal {
  const why = code === undefined ? undefined : REASONS[code];
  return new Refusal(
    'file-refused',
    `the file ${name} ${why ?? `cannot be opened (${code ?? 'unknown'})`}`,
    'Name another file of the folder, or ask the human.',
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist, or its folder does not',
  EEXIST: 'exists already, and is not overwritten',
  ELOOP: 'is a symbolic link',
  EACCES: 'is not accessible',
  EISDIR: 'is a folder',
  ENOTDIR: 'is not in a folder',
};
