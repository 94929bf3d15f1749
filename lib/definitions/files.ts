/** Finds the definition files in the paths that the user named. */
import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Complaints } from './complaints';
import { MAX_FILES, MAX_FOLDER_DEPTH } from './limits';
import { unreadPlace } from './source';

/** One file to read. */
export interface FoundFile {
  /** The file's name in findings: relative to the working directory, with forward slashes. */
  readonly name: string;
  readonly absolute: string;
}

/**
 * The files to read, without duplicates: every named file with any extension, and every `*.yaml` and `*.yml` in named
 * folders and their subfolders, sorted by path. Skips names that begin with a dot and `node_modules`. Follows symbolic
 * links, but reads each folder only once, so links may be circular.
 */
export function findFiles(paths: readonly string[], cwd: string, complaints: Complaints): readonly FoundFile[] {
  const walk = new Walk(cwd, complaints);
  for (const path of paths) walk.start(path);
  return walk.found;
}

/** The file system's error as text that can follow a file's name in a sentence. */
export function refusal(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
  return REFUSALS[code] ?? `cannot be read (${code})`;
}

const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist, or is a link to something that does not',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'is a symbolic link that leads back to itself',
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'is below something that is not a folder',
};

class Walk {
  readonly found: FoundFile[] = [];
  private readonly seen = new Set<string>();
  private full = false;

  constructor(
    private readonly cwd: string,
    private readonly complaints: Complaints,
  ) {}

  start(path: string): void {
    const absolute = resolve(this.cwd, path);
    const stats = this.stats(absolute);
    if (stats === undefined) return;
    if (!stats.isDirectory()) {
      this.add(absolute);
      return;
    }
    const files: string[] = [];
    this.folder(absolute, 0, files);
    for (const file of files.sort((a, b) => (this.name(a) < this.name(b) ? -1 : 1))) this.add(file);
  }

  private folder(folder: string, depth: number, files: string[]): void {
    if (depth > MAX_FOLDER_DEPTH) {
      this.complaints.add(unreadPlace(this.name(folder)), {
        id: 'file-limit',
        message: `\`${this.name(folder)}\` is more than ${MAX_FOLDER_DEPTH} folders deep.`,
        hint: 'Move the definitions further up.',
      });
      return;
    }
    const entries = this.entries(folder);
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const absolute = join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? this.stats(absolute) : entry;
      const named = /\.ya?ml$/.test(entry.name);
      if (kind?.isDirectory() === true && !named) this.folder(absolute, depth + 1, files);
      else if (kind !== undefined && named) files.push(absolute);
    }
  }

  private entries(folder: string): readonly Dirent[] {
    try {
      const real = realpathSync.native(folder);
      if (this.seen.has(real)) return [];
      this.seen.add(real);
      return readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      this.unreadable(folder, error);
      return [];
    }
  }

  private stats(absolute: string): Stats | undefined {
    try {
      return statSync(absolute);
    } catch (error) {
      this.unreadable(absolute, error);
      return undefined;
    }
  }

  private add(absolute: string): void {
    const real = this.real(absolute);
    if (this.full || this.seen.has(real)) return;
    if (this.found.length >= MAX_FILES) {
      this.full = true;
      this.complaints.add(unreadPlace(this.name(absolute)), {
        id: 'file-limit',
        message: `There are more than ${MAX_FILES} definition files; this file and the files after it were not read.`,
        hint: 'Specify a smaller folder, or put several roles in one file.',
      });
      return;
    }
    this.seen.add(real);
    this.found.push({ name: this.name(absolute), absolute });
  }

  private real(absolute: string): string {
    try {
      return realpathSync.native(absolute);
    } catch {
      return absolute; // Deleted since it was listed: reading it will report the error.
    }
  }

  private unreadable(absolute: string, error: unknown): void {
    const name = this.name(absolute);
    this.complaints.add(unreadPlace(name), {
      id: 'file-unreadable',
      message: `\`${name}\` ${refusal(error)}.`,
      hint: 'Name a folder or a file that can be read.',
    });
  }

  private name(absolute: string): string {
    const path = relative(this.cwd, absolute);
    return path === '' ? '.' : isAbsolute(path) ? path : path.split(sep).join('/');
  }
}
