/** A copy of this project in a folder of its own, as a fresh clone would be after `npm ci`. */
import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..', '..');
/** What a clone is made of, without tests, documentation and examples. */
const PARTS = [
  'cdktf.json',
  'lib',
  'main.ts',
  'package.json',
  'roles',
  'runtime',
  'scripts',
  'tsconfig.base.json',
  'tsconfig.json',
];

/** Copies what synth reads; the dependencies are linked, unless they are to be installed otherwise. */
export function copyProject(folder: string, { dependencies = 'linked', parts = [] }: CopyOptions = {}): void {
  mkdirSync(folder, { recursive: true });
  for (const name of [...PARTS, ...parts]) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  if (dependencies === 'linked') linkDependencies(folder);
}

export interface CopyOptions {
  /** @default 'linked' */
  readonly dependencies?: 'linked' | 'left out';
  /** Further parts to copy. @default none */
  readonly parts?: readonly string[];
}

/** Links the installed packages that the copy lacks, and as npm does, Leasehold's own to their folders in the copy. */
export function linkDependencies(folder: string): void {
  for (const name of installed()) {
    const link = join(folder, 'node_modules', name);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    const own = relative(ROOT, realpathSync(join(ROOT, 'node_modules', name)));
    symlinkSync(own.startsWith('node_modules') ? join(ROOT, 'node_modules', name) : join(folder, own), link);
  }
}

/** Names of everything in `node_modules`, scoped packages each. */
function installed(): readonly string[] {
  const modules = join(ROOT, 'node_modules');
  return readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((part) => `${name}/${part}`) : [name],
  );
}
