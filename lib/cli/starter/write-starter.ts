/** Writes a starter project into a folder. */

import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { listInWords } from '@leasehold/contract/text';
import { UsageError } from '../exit';
import { leaseholdPackages } from './dependencies';
import { IGNORED, type StarterContent, starterFiles } from './files';
import { completedPackageJson } from './package-json';
import type { StarterFile } from './starter-file';

/** The written files, as paths relative to the folder. */
export interface Laid {
  readonly created: readonly string[];
  /** Existing files to which missing entries were added. Other content of these files is unchanged. */
  readonly completed: readonly string[];
}

/**
 * Writes the starter project. Creates the folder if it is missing. Overwrites nothing. An existing `package.json` or
 * `.gitignore` gets the missing entries. If a `README.md` exists, the starter's README is named `LEASEHOLD.md`.
 *
 * @param folder absolute path
 * @throws UsageError if a file of the starter already exists; then nothing is written
 */
export function layStarter(folder: string, content?: StarterContent): Laid {
  mkdirSync(folder, { recursive: true });
  const project = projectName(folder);
  const files = starterFiles(project, content).map((file) => withFreeName(file, folder));
  refuseIfTaken(folder, files);
  const completions = [
    { path: '.gitignore', text: completedGitignore(read(folder, '.gitignore')) },
    {
      path: 'package.json',
      text: completedPackageJson(read(folder, 'package.json'), { project, leasehold: leaseholdPackages(folder) }),
    },
  ];
  const created: string[] = [];
  const completed: string[] = [];
  for (const { path, text } of completions) {
    const before = read(folder, path);
    if (before === text) continue;
    writeFileSync(join(folder, path), text);
    (before === undefined ? created : completed).push(path);
  }
  writeNew(folder, files);
  return { created: [...created, ...files.map(({ path }) => path)].sort(), completed };
}

/**
 * Writes files in a folder.
 * @throws if one of the files already exists
 */
export function writeNew(folder: string, files: readonly StarterFile[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { flag: 'wx' });
  }
}

/** Maximum number of existing files that the error names. Further files are only counted. */
const NAMED = 5;
/**
 * Maximum length of the project's name. The name of an IAM role is limited to 64 characters and also contains the names
 * of the environment and of the role.
 */
const LONGEST_NAME = 20;

function withFreeName(file: StarterFile, folder: string): StarterFile {
  return file.path === 'README.md' && isThere(join(folder, file.path)) ? { ...file, path: 'LEASEHOLD.md' } : file;
}

function refuseIfTaken(folder: string, files: readonly StarterFile[]): void {
  const taken = files.map(({ path }) => path).filter((path) => isThere(join(folder, path)));
  const others = readdirSync(folder).filter((name) => ['package.json', '.gitignore'].includes(name));
  const links = others.filter((name) => !lstatSync(join(folder, name)).isFile());
  const names = [...taken, ...links].sort();
  if (names.length === 0) return;
  throw new UsageError(
    `${folder}: the starter project has files of these names: ${listInWords(names, { most: NAMED })}`,
    {
      expected: 'a folder without them; package.json, .gitignore and README.md may be there',
      hint: 'Name another folder, for example: npx leasehold init my-agent',
    },
  );
}

/** Whether a path exists. Also true for a symbolic link whose target does not exist. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function read(folder: string, path: string): string | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function completedGitignore(before: string | undefined): string {
  const lines = before?.split(/\r?\n/) ?? [];
  const missing = IGNORED.filter((line) => !lines.includes(line) && !lines.includes(line.replace(/\/$/, '')));
  if (missing.length === 0) return before ?? '';
  const start = before === undefined || before === '' || before.endsWith('\n') ? (before ?? '') : `${before}\n`;
  return `${start}${missing.join('\n')}\n`;
}

/**
 * The name of the project, derived from the folder's name. `acme` if the folder's name contains no usable characters.
 */
function projectName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST_NAME)
    .replace(/-+$/, '');
  return name || 'acme';
}
