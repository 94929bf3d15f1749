/** Lays a starter project in a folder. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { UsageError } from '../exit';
import { packageRoot, packageVersion } from '../package-root';
import { type StarterFile, type StarterOptions, starterFiles } from './files';

/**
 * Writes the starter project and answers the paths of its files, relative to the folder. Makes the folder if it is
 * missing; overwrites nothing.
 *
 * @param folder absolute path
 * @throws UsageError when the folder holds anything, with the names of what is in the way. A `.git` is not.
 */
export function layStarter(
  folder: string,
  content: Pick<StarterOptions, 'definitions' | 'variables'> = {},
): readonly string[] {
  mkdirSync(folder, { recursive: true });
  refuseIfTaken(folder);
  const files = starterFiles({ project: projectName(folder), leasehold: dependency(folder), ...content });
  writeNew(folder, files);
  return files.map(({ path }) => path);
}

/** Writes files below a folder. @throws where one exists already */
export function writeNew(folder: string, files: readonly StarterFile[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { flag: 'wx' });
  }
}

/** Names of files in the way that the error lists; more are counted. */
const NAMED = 5;
/** Leaves room in IAM's 64 characters for the names of the environment and of the role. */
const LONGEST_NAME = 20;

function refuseIfTaken(folder: string): void {
  const names = readdirSync(folder)
    .filter((name) => name !== '.git')
    .sort();
  if (names.length === 0) return;
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  throw new UsageError(`${folder}: the folder is not empty; in the way: ${names.slice(0, NAMED).join(', ')}${more}`, {
    expected: 'an empty folder, or one that does not exist yet',
    hint: 'Name another folder, for example: leasehold init my-agent',
  });
}

/** The folder's name as the name of a project; `acme` where it yields none. */
function projectName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST_NAME)
    .replace(/-+$/, '');
  return name || 'acme';
}

/**
 * How `package.json` names Leasehold: by version where it is an installed package, else the folder that this very copy
 * runs from, so that no registry is asked for a name that somebody else could have taken.
 */
function dependency(folder: string): string {
  const root = packageRoot();
  if (basename(dirname(root)) === 'node_modules') return `^${packageVersion()}`;
  return `file:${relative(folder, root).replaceAll('\\', '/')}`;
}
