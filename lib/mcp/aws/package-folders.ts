/**
 * The folders from which SDK clients are loaded. Their code runs in the server, so they must be out of reach for whoever
 * writes files through it.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { isWithin } from '../within';

/** A folder `node_modules` in which clients are searched for. */
const MODULES = 'node_modules';

/**
 * The folders `node_modules` beside and above a file's folder, as Node.js searches them, up to the one in which Leasehold
 * is installed; none if it is not. Folders above it, such as the home, belong to others.
 */
export function modulesAbove(folder: string): readonly string[] {
  const found: string[] = [];
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (basename(at) !== MODULES) found.push(join(at, MODULES));
    if (isInstall(at)) return found;
    if (at === dirname(at)) return [];
  }
}

/** Whether Leasehold is installed in a folder. A folder below a `node_modules` is a package, or a store of packages. */
function isInstall(folder: string): boolean {
  const names = ['leasehold', join('@leasehold', 'mcp')];
  const modules = join(folder, MODULES);
  return !folder.split(sep).includes(MODULES) && names.some((name) => realPath(join(modules, name)) !== undefined);
}

/** The file with which a package begins, if the package is a folder with a `package.json` directly in `modules`. */
export function entryOf(name: string, modules: string): string | undefined {
  const folder = join(modules, ...name.split('/'));
  try {
    if (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name !== name) return undefined;
    const entry = realpathSync(createRequire(join(dirname(modules), 'package.json')).resolve(name));
    return isWithin(entry, realpathSync(folder)) ? entry : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Why the folder for files cannot be used: what is written there could run in this process.
 * @param files A real path.
 * @param folders The folders of `--sdk`.
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

/** Whether a segment of a path is `node_modules`, in any case: some file systems do not distinguish it. */
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
