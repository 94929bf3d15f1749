/** The console imports nothing that a browser does not have, and its page contains no script and no style. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '..', '..');

it('is bundled for a browser without a module of Node', async () => {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'console', 'app', 'main.tsx')],
    bundle: true,
    write: false,
    metafile: true,
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    conditions: ['@leasehold/source'],
    absWorkingDir: join(ROOT, 'console'),
    logLevel: 'silent',
    plugins: [
      {
        // As in `console/build/iam-data.ts`.
        name: 'iam-data',
        setup: ({ onLoad }) =>
          onLoad({ filter: /iam-data.dist.esm.readRelativeFile\.js$/ }, () => ({
            contents: 'export async function readRelativeFile() {}',
          })),
      },
    ],
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports.map(({ path }) => path));
  expect(imports.filter((path) => path.startsWith('node:') || builtinModules.includes(path))).toEqual([]);
  expect(imports.filter((path) => path.includes('@aws-sdk'))).toEqual([]);
});

it('has a page without inline script, inline style and foreign address', () => {
  const page = readFileSync(join(ROOT, 'console', 'index.html'), 'utf8');
  expect(page).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son\w+=|https?:/);
});
