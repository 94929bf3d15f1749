/** Finds the folder of the Leasehold package, whether the sources or the compiled `dist/` is running. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Absolute path of this package's folder. */
export function packageRoot(from: string = __dirname): string {
  return existsSync(join(from, 'package.json')) || dirname(from) === from ? from : packageRoot(dirname(from));
}

/** Leasehold's own version, for example `0.1.0`. */
export function packageVersion(): string {
  return packageManifest().version;
}

/** The fields of Leasehold's package.json that are used. */
export interface PackageManifest {
  readonly version: string;
  /** Base URL of the repository's `docs/` folder on the web. */
  readonly homepage?: string;
}

export function packageManifest(): PackageManifest {
  return JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
}

/**
 * The text of a page, for example `docs/findings/full-access.md`. In a clone, the page is read from the repository;
 * otherwise, from the copy in the package. Undefined if the page does not exist.
 */
export function pageText(page: string): string | undefined {
  const root = packageRoot();
  const isClone = basename(dirname(root)) === 'lib';
  try {
    return readFileSync(join(isClone ? join(root, '..', '..') : root, page), 'utf8');
  } catch {
    return undefined;
  }
}
