/**
 * The folders from which SDK clients are loaded. Code in these folders runs in the server, so the model must not be
 * able to write files to them.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isWithin } from '../within';

/** Name of the folders that are searched for SDK clients. */
const MODULES = 'node_modules';

/**
 * The `node_modules` folders that Node.js searches, from a given folder up to the folder in which Leasehold is
 * installed. Empty if Leasehold is not installed in one of these folders. Folders further up, such as the home folder,
 * are not used.
 */
export function modulesAbove(folder: string): readonly string[] {
  const found: string[] = [];
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (basename(at) !== MODULES) found.push(join(at, MODULES));
    if (isInstall(at)) return found;
    if (at === dirname(at)) return [];
  }
}

/**
 * Whether Leasehold is installed in a folder. Always false below a `node_modules` folder, where every folder is a
 * package or contains packages.
 */
function isInstall(folder: string): boolean {
  const names = ['leasehold', join('@leasehold', 'mcp')];
  const modules = join(folder, MODULES);
  return !folder.split(sep).includes(MODULES) && names.some((name) => realPath(join(modules, name)) !== undefined);
}

/** The entry point of a package, if the package is a folder with a `package.json` directly in `modules`. */
export function entryOf(name: string, modules: string): string | undefined {
  const folder = join(modules, name);
  try {
    if (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name !== name) return undefined;
    const entry = realpathSync(createRequire(join(dirname(modules), 'package.json')).resolve(name));
    return isWithin(entry, realpathSync(folder)) ? entry : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The reason why the folder for files cannot be used, if there is such a reason. The folder cannot be used if this
 * process could load a file in the folder as code.
 * @param files A real path.
 * @param folders The folders that were specified with `--sdk`.
 */
export function codeFault(files: string, folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    const real = realPath(folder);
    if (real === undefined) return `the folder ${folder}, from which code is loaded, does not exist`;
    if (isWithin(real, files) || isWithin(files, real)) {
      return `code is loaded from ${folder}, and files are written to ${files}: one contains the other`;
    }
  }
  if (isWithin(__dirname, files)) return `${files} contains the code of Leasehold`;
  if (files.split(/[\\/]/).some(isModules)) return `${files} is in a folder ${MODULES}`;
  if (realPath(join(files, MODULES)) !== undefined) return `${files} contains a folder ${MODULES}`;
  return undefined;
}

/**
 * Whether a path segment is `node_modules`. Ignores case, because some file systems are case-insensitive.
 */
export function isModules(segment: string): boolean {
  return segment.toLowerCase() === MODULES;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
