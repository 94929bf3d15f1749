/**
 * Writes `lib/constructs/dist/broker-function/index.js`, the broker's Lambda function as one file with all that it needs: what synth packs.
 *
 * Not minified, so that a plan's reviewer can read what is deployed. The same sources are the same bytes in any folder:
 * every path in it is relative to the project.
 */
const { join } = require('node:path');
const { buildSync } = require('esbuild');

const root = join(__dirname, '..');

buildSync({
  absWorkingDir: root,
  entryPoints: ['lib/broker/lambda/handler.ts'],
  outfile: 'lib/constructs/dist/broker-function/index.js',
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  charset: 'utf8',
  // Packages' ECMAScript modules first: what is not used of them is left out.
  mainFields: ['module', 'main'],
  // Dependencies that are links lead out of the project, and would be written down by where they are.
  preserveSymlinks: true,
  conditions: ['@leasehold/source', 'module'],
  tsconfig: 'tsconfig.base.json',
  // Modules that ask where they are, asked of this file.
  banner: { js: "'use strict';\nconst importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'importMetaUrl' },
  legalComments: 'none',
  logLevel: 'warning',
});
