/**
 * Checks every package as it would be published: `publint` for its manifest, `attw` for the types behind its entry points.
 * Needs a build. `node10` is left out, which reads no `exports`; Leasehold needs Node 20.
 */
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'leasehold-packages-'));
const bin = (name) => join(root, 'node_modules', '.bin', name);

try {
  const packing = ['pack', '--workspaces', '--json', '--ignore-scripts', '--pack-destination', folder];
  const pack = spawnSync('npm', packing, { cwd: root, encoding: 'utf8' });
  if (pack.status !== 0) throw new Error(pack.stderr);
  for (const { name, filename } of Object.values(JSON.parse(pack.stdout))) {
    // It is not published: nobody imports it.
    if (name === '@leasehold/console') continue;
    const tarball = join(folder, filename);
    // The code of the functions is deployed; nobody imports it.
    const attw = [
      tarball,
      '--profile',
      'node16',
      '--exclude-entrypoints',
      './broker-function',
      './console-function',
      './package.json',
    ];
    const checks = { publint: [tarball, '--strict'], attw };
    for (const [check, args] of Object.entries(checks)) {
      const { status, stdout, stderr } = spawnSync(bin(check), args, { cwd: root, encoding: 'utf8' });
      process.stdout.write(`${name}: ${check}: ${status === 0 ? 'ok' : 'FAILED'}\n`);
      if (status === 0) continue;
      process.stdout.write(stdout + stderr);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
