/** A copy of this project in a folder of its own, as a fresh clone would be after `npm ci`. */
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Copies what synth reads; the dependencies are linked, unless they are to be installed otherwise. */
export function copyProject(folder: string, { dependencies = 'linked' }: CopyOptions = {}): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ['cdktf.json', 'lib', 'main.ts', 'package.json', 'roles', 'runtime', 'tsconfig.json']) {
    const from = join(ROOT, name);
    if (existsSync(from)) cpSync(from, join(folder, name), { recursive: true });
  }
  if (dependencies === 'linked') symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

export interface CopyOptions {
  /** @default 'linked' */
  readonly dependencies?: 'linked' | 'left out';
}
