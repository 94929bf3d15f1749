/** The real process: what no recording host can show. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEASEHOLD } from '../support/sources';
import { newFolder, project, removeFolders } from './support';

afterAll(removeFolders);

const ROOT = join(__dirname, '..', '..');

function shell(script: string, env: Readonly<Record<string, string>> = {}) {
  const leasehold = [process.execPath, ...LEASEHOLD].map((part) => `"${part}"`).join(' ');
  return spawnSync('sh', ['-c', script.replaceAll('LEASEHOLD', leasehold)], {
    cwd: project('hermes'),
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', ...env },
  });
}

it('prints the result to stdout and ends with the exit code of the command', () => {
  const { status, stdout, stderr } = shell('LEASEHOLD validate --json ../broken/roles');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(JSON.parse(stdout).summary.errors).toBe(2);
});

it('says what to run where it is not built yet', () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'bin'));
  copyFileSync(join(ROOT, 'lib', 'cli', 'bin', 'leasehold.js'), join(folder, 'bin', 'leasehold.js'));
  const { status, stdout, stderr } = shell(`"${process.execPath}" "${join(folder, 'bin', 'leasehold.js')}" validate`);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  // On Node 20 one line recommends a later version.
  expect(stderr.replace(/^note: Node 22 [^\n]*\n/, '')).toBe(
    'error: Leasehold is not built yet\n  hint:     run `npm run build` in its folder, then try again.\n',
  );
});

it('stays quiet when the reader has gone away, and ends as it would have ended', () => {
  // `true` is gone long before the first word is written.
  const { stdout, stderr } = shell(
    '(LEASEHOLD explain ec2-read --trust --no-mfa --env dev; echo "exit $?" >&2) | true',
  );
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'exit 1\n' });
});

it.each([
  ['validate', false],
  ['graph', false],
  ['synth', true],
])('of `leasehold %s`, it is %s that it loads CDKTF, which takes longer than everything else', (command, loads) => {
  const folder = newFolder();
  const probe = join(folder, 'probe.cjs');
  writeFileSync(
    probe,
    `process.on('exit', () => {
      const loaded = Object.keys(require.cache).some((file) => /node_modules.(cdktf|constructs|@cdktf)./.test(file));
      process.stderr.write('\\nCDKTF loaded: ' + loaded);
    });`,
  );
  const { stderr } = shell(`LEASEHOLD ${command} > /dev/null`, {
    NODE_OPTIONS: `--require "${probe}"`,
    CDKTF_OUTDIR: folder,
  });
  expect(stderr).toMatch(new RegExp(`\nCDKTF loaded: ${loads}$`));
});
