/** The whole program, run in two folders as two people would. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { copyProject } from '../support/project';
import { FROM_SOURCES } from '../support/sources';
import { inTemporaryFolder } from '../support/synth';

it('main.ts writes the same bytes in two folders, with two homes', () => {
  inTemporaryFolder((folder) => {
    const ours = synthesizeIn(join(folder, 'ours'), join(folder, 'home', 'ada'));
    const theirs = synthesizeIn(join(folder, 'somewhere else', 'checkouts', 'leasehold'), join(folder, 'grace'));
    expect([...ours.keys()]).toContain('stacks/hermes-dev/cdk.tf.json');
    expect([...ours.keys()]).toContain('stacks/hermes-prod/cdk.tf.json');
    expect(theirs).toEqual(ours);
    for (const text of ours.values()) expect(text).not.toContain(folder);
  });
}, 60_000);

function synthesizeIn(folder: string, home: string): ReadonlyMap<string, string> {
  copyProject(folder);
  mkdirSync(home, { recursive: true });
  const { CDKTF_OUTDIR: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, [...FROM_SOURCES, 'main.ts'], {
    cwd: folder,
    env: { ...env, HOME: home },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const out = join(folder, 'cdktf.out');
  return new Map(filesIn(out).map((file) => [relative(out, file), readFileSync(file, 'utf8')]));
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesIn(path) : [path]));
}
