/**
 * Writes `lib/constructs/dist/console-function/`, what synth packs for the function that serves the console: `index.js`, the handler
 * with all that it needs, and `site/`, the built console with each file that becomes smaller also as Brotli and gzip.
 *
 * The files are compressed here and not at synth, because another Node may compress to other bytes: everybody who installs a version
 * of Leasehold deploys the same bytes. A copy is beside the command line, whose users install no constructs.
 */
const { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { brotliCompressSync, constants } = require('node:zlib');
const { buildSync } = require('esbuild');
const { gzipSync } = require('fflate');

const root = join(__dirname, '..');
const built = join(root, 'console', 'dist');
const bundle = join(root, 'lib', 'constructs', 'dist', 'console-function');
const copy = join(root, 'lib', 'cli', 'dist', 'console-function');

rmSync(bundle, { recursive: true, force: true });
buildSync({
  absWorkingDir: root,
  entryPoints: ['lib/broker/lambda/console-handler.ts'],
  outfile: 'lib/constructs/dist/console-function/index.js',
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  charset: 'utf8',
  mainFields: ['module', 'main'],
  preserveSymlinks: true,
  conditions: ['@leasehold/source', 'module'],
  tsconfig: 'tsconfig.base.json',
  legalComments: 'none',
  logLevel: 'warning',
});

for (const entry of readdirSync(built, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  const content = readFileSync(path);
  const target = join(bundle, 'site', relative(built, path));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  // The function writes the path of the API into the page, and encodes it then.
  if (entry.name === 'index.html') continue;
  const encoded = {
    br: brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
    gz: gzipSync(content, { level: 9, mtime: 0 }),
  };
  for (const [ending, bytes] of Object.entries(encoded)) {
    if (bytes.length < content.length) writeFileSync(`${target}.${ending}`, bytes);
  }
}

rmSync(copy, { recursive: true, force: true });
cpSync(bundle, copy, { recursive: true });
