/** Builds the site into dist/: the pages by VitePress and, at the same time, the API reference by TypeDoc. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { parseDiagrams } from './parse-diagrams.mjs';

const FOLDER = import.meta.dirname;

async function run(program, ...args) {
  const child = spawn(join(FOLDER, 'node_modules', '.bin', program), args, { cwd: FOLDER, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ended with exit code ${code}`);
}

await parseDiagrams(join(FOLDER, '..', 'docs'));
// VitePress empties dist/, so the API reference moves there at the end.
await Promise.all([run('vitepress', 'build'), run('typedoc')]);
renameSync(join(FOLDER, 'api'), join(FOLDER, 'dist', 'api'));
