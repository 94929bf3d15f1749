/** Where Leasehold itself is installed: the same from the sources and from the compiled `dist/`. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Absolute path of Leasehold's own package folder. */
export function packageRoot(from: string = __dirname): string {
  return existsSync(join(from, 'package.json')) || dirname(from) === from ? from : packageRoot(dirname(from));
}

/** Leasehold's own version, for example `0.1.0`. */
export function packageVersion(): string {
  return packageManifest().version;
}

/** What Leasehold's own package.json says of itself. */
export interface PackageManifest {
  readonly version: string;
  /** Address of a folder under which the repository's `docs/` can be read. */
  readonly homepage?: string;
}

export function packageManifest(): PackageManifest {
  return JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
}
