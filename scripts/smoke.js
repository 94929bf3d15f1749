/**
 * Runs what a user sees first, under the Node that runs this script: `npx -p node@24 node scripts/smoke.js`. Needs a build.
 */
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..');
const out = mkdtempSync(join(tmpdir(), 'leasehold-smoke-'));
const cli = join(root, 'lib', 'cli', 'bin', 'leasehold.js');
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const steps = {
  validate: [cli, 'validate'],
  synth: [cli, 'synth', '--out', out],
  'sandbox --demo': [cli, 'sandbox', '--demo'],
  'tests of the runtime': [jest, '--selectProjects', 'unit', '--testPathPatterns', 'test/runtime/', '--silent'],
};

try {
  for (const [name, args] of Object.entries(steps)) {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    const noisy = /NodeVersionSupportWarning|DeprecationWarning/.test(stderr);
    process.stdout.write(`Node ${process.versions.node}: ${name}: ${status === 0 && !noisy ? 'ok' : 'FAILED'}\n`);
    if (status === 0 && !noisy) continue;
    process.stdout.write(stdout + stderr);
    process.exitCode = 1;
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
