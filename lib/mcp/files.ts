/**
 * The folder for files that are sent to AWS or received from AWS. The model chooses the file names. Therefore files
 * outside the folder and hidden files cannot be accessed, and existing files are never overwritten.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, realpath, unlink } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { firstHidden } from '@leasehold/contract/text';
import { privateFolderFault } from '@leasehold/runtime/internal';
import { codeFault, isModules } from './aws/package-folders';
import { Refusal } from './error';
import { isWithin } from './within';

/** Maximum size of one file in bytes, for reading and writing. */
export const LARGEST_FILE = 256 * 1024 * 1024;

/** Maximum characters of a name. */
const LONGEST_NAME = 400;

/**
 * Maximum number of files, and of bytes, that a server process writes. The limits prevent a model from filling the
 * disk.
 */
const MOST_FILES = 10_000;
const MOST_BYTES = 16 * LARGEST_FILE;

export class FileFolder {
  readonly #root: string;
  #created = 0;
  #written = 0;

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * Opens the folder, and creates it if it does not exist.
   * @throws Refusal if another user can open or replace the folder
   */
  static async open(path: string): Promise<FileFolder> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const root = await realpath(path);
    const user = process.getuid?.();
    const fault = user === undefined ? undefined : privateFolderFault(root, user, false);
    if (fault === undefined) return new FileFolder(root);
    throw new Refusal(
      'file-refused',
      `the folder for files cannot be used: ${fault.path} ${fault.why}`,
      'Specify a folder that only the current user can open, or run chmod 700 on the folder.',
    );
  }

  /**
   * Throws if this process could load a file in the folder as code.
   * @param packages Folders from which code is loaded.
   * @throws Refusal
   */
  demandNoCode(packages: readonly string[]): void {
    const fault = codeFault(this.#root, packages);
    if (fault === undefined) return;
    throw new Refusal(
      'file-refused',
      fault,
      'Specify a separate folder for the files. The folder must contain no code, and must not be a parent folder or a subfolder of a folder with code.',
    );
  }

  /**
   * @param most Maximum number of bytes.
   * @throws Refusal
   */
  async read(name: string, most = LARGEST_FILE): Promise<Buffer> {
    const file = await this.#open(name, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size } = await ordinary(file, name);
      if (size > most) throw tooLarge(name, most);
      return await wholeOf(file, name, most);
    } finally {
      await file.close();
    }
  }

  /**
   * Creates an empty file exclusively. The caller must then write to the file or discard it.
   * @throws Refusal if the file exists, if it cannot be created, or if too many files were already created
   */
  async reserve(name: string): Promise<ReservedFile> {
    if (this.#created >= MOST_FILES || this.#written >= MOST_BYTES) {
      throw new Refusal(
        'too-large',
        `the server has written ${this.#created} files with ${this.#written} bytes, and writes no more`,
        'Report this problem to the human, who can restart the MCP server.',
      );
    }
    const file = await this.#open(name, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
    this.#created++;
    return new ReservedFile(file, name, this.#pathOf(name), (bytes) => {
      this.#written += bytes;
    });
  }

  async #open(name: string, flags: number): Promise<FileHandle> {
    const path = this.#pathOf(name);
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

  #pathOf(name: string): string {
    return join(this.#root, segmentsOf(name).join('/'));
  }

  /**
   * Whether the model may access a real path. The path must be in the folder, and no part of it below the folder may be
   * hidden or a code folder.
   */
  #contains(path: string): boolean {
    if (!isWithin(path, this.#root)) return false;
    return !relative(this.#root, path)
      .split(sep)
      .some((segment) => segment.startsWith('.') || isModules(segment));
  }
}

/**
 * The path of an open file from its descriptor, which is not affected by later changes of folders; undefined if the
 * operating system does not provide the path.
 */
async function openedPath(file: FileHandle): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  return realpath(`/proc/self/fd/${file.fd}`).catch(() => undefined);
}

/** A new file that is empty until it is filled. */
export class ReservedFile {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #count: (bytes: number) => void;
  #isOpen = true;

  constructor(
    file: FileHandle,
    readonly name: string,
    path: string,
    count: (bytes: number) => void,
  ) {
    this.#file = file;
    this.#path = path;
    this.#count = count;
  }

  /** Writes the contents, and returns their size. @throws Refusal if there is too much to write */
  async fill(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
    this.#isOpen = false;
    let bytes = 0;
    try {
      await ordinary(this.#file, this.name);
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > LARGEST_FILE) {
          throw new Refusal(
            'too-large',
            `the response has more than ${LARGEST_FILE} bytes; ${this.name} is incomplete`,
            'Request only a part of the data, for example with Range.',
          );
        }
        // Continues where the last chunk ended, also after a partial write.
        await this.#file.writeFile(chunk);
      }
      return bytes;
    } finally {
      this.#count(bytes);
      await this.#file.close();
    }
  }

  /** Removes the file if it was not filled. */
  async discard(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      const [ours, there] = await Promise.all([this.#file.stat(), lstat(this.#path)]);
      if (ours.ino === there.ino && ours.dev === there.dev) await unlink(this.#path);
    } catch {
      // The file was already removed or replaced, so there is nothing to remove.
    } finally {
      await this.#file.close();
    }
  }
}

/** Reads a file completely. The file may grow while it is read. */
async function wholeOf(file: FileHandle, name: string, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most) throw tooLarge(name, most);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(name: string, most: number): Refusal {
  return new Refusal(
    'too-large',
    `the file ${name} has more than ${most} bytes`,
    `The files of one call may have at most ${LARGEST_FILE} bytes in total.`,
  );
}

/** Rejects devices, pipes, and files with further hard links. */
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
      (segment) =>
        segment === '' ||
        segment.startsWith('.') ||
        segment.trim() !== segment ||
        segment.endsWith('.') ||
        isModules(segment),
    );
  if (!wrong) return segments;
  throw new Refusal(
    'file-refused',
    'the file name is not permitted',
    'Specify a file inside the folder, for example "dist/app.js": no leading slash, no "..", no hidden file, no node_modules.',
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
    'Specify another file in the folder, or ask the human.',
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
