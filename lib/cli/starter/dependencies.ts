/** Determines how a project's `package.json` refers to Leasehold's packages. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { packageRoot, packageVersion } from '../package-root';

/** Maps each package to its version range, or to `file:` and a path. */
export type LeaseholdPackages = Readonly<Record<string, string>>;

/** The packages that a project uses: the command line, and the packages that its agents import. */
const USED = ['leasehold', '@leasehold/runtime'] as const;

/**
 * The packages of Leasehold that a project in `folder` needs, from where this very copy came.
 *
 * - From a clone: its folders, so that no registry is asked for a name that somebody else could own.
 * - From tarballs: the same tarballs, all of them, for the same reason.
 * - From a registry: the version.
 */
export function leaseholdPackages(folder: string, root: string = packageRoot()): LeaseholdPackages {
  const file = (path: string) => `file:${relative(folder, path).replaceAll('\\', '/')}`;
  const modules = dirname(root);
  if (basename(modules) !== 'node_modules') {
    return { leasehold: file(root), '@leasehold/runtime': file(join(root, '..', '..', 'runtime')) };
  }
  const tarballs = tarballsOf(modules);
  if (tarballs.some(([name]) => name === 'leasehold')) {
    return Object.fromEntries(tarballs.map(([name, path]) => [name, file(path)]));
  }
  return Object.fromEntries(USED.map((name) => [name, `^${packageVersion()}`]));
}

interface Lockfile {
  readonly packages?: Readonly<Record<string, { readonly resolved?: string; readonly link?: boolean }>>;
}

/** Leasehold packages that npm installed from files, with the absolute path of each file. */
function tarballsOf(modules: string): readonly (readonly [name: string, path: string])[] {
  const lockfile = join(modules, '.package-lock.json');
  if (!existsSync(lockfile)) return [];
  const { packages = {} }: Lockfile = JSON.parse(readFileSync(lockfile, 'utf8'));
  return Object.entries(packages).flatMap(([place, { resolved = '' }]) => {
    const name = /^node_modules\/(leasehold|@leasehold\/[a-z-]+)$/.exec(place)?.[1];
    if (name === undefined || !resolved.startsWith('file:')) return [];
    return [[name, resolve(dirname(modules), resolved.slice('file:'.length))] as const];
  });
}
