/** The command line as it is built: packages that it loads at run time throw errors that it has to recognize. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifest } from '@leasehold/documents';
import { anAgent, anEnvironment, aReleaseRole } from '../support/environment';
import { run } from './support/run';

const BIN = join(__dirname, '..', '..', 'lib', 'cli', 'bin', 'leasehold.js');
const REASON = 'Upload the build of release 1.4.2 for ticket OPS-481';
const KEY = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-built-'));
  writeFileSync(
    join(folder, 'leasehold.json'),
    JSON.stringify(manifest(anEnvironment({ agents: [anAgent()], roles: [aReleaseRole()] }))),
  );
  writeFileSync(join(folder, 'empty.json'), '{}');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['a reason that is too short', ['exec', 's3-deploy', '--reason', 'Why', '--', 'true'], 'reason'],
  ['a role that does not exist', ['exec', 'nothing', '--reason', REASON, '--', 'true'], 'nothing'],
  [
    'a manifest without content',
    ['exec', 's3-deploy', '--manifest', 'empty.json', '--reason', REASON, '--', 'true'],
    'empty.json',
  ],
  ['a role that cannot be served', ['serve', 'nothing'], 'nothing'],
  ['a manifest that cannot be served', ['mcp', '--manifest', 'empty.json'], 'empty.json'],
])('reports %s as a mistake of the command line', async (_, line, named) => {
  const ran = await run(process.execPath, [BIN, ...line], { cwd: folder, env: { ...KEY, HOME: folder }, expect: [2] });
  expect(ran.stdout).toBe('');
  expect(ran.stderr).toMatch(new RegExp(`^error: .*${named}(.*\\n  expected:)?.*\\n  hint:     \\S`, 'm'));
  expect(ran.stderr).not.toContain('defect');
});
