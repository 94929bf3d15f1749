/** `leasehold review` as a process of its own: what it reads from stdin, and from the program that shows a binary plan. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEASEHOLD } from '../support/sources';
import { newFolder, removeFolders } from './support';

afterAll(removeFolders);

const PLAN = readFileSync(join(__dirname, 'plans', 'thumbnails', 'plan.json'));

it('reads stdin, and says so in its errors', () => {
  const review = (input: string | Uint8Array) =>
    spawnSync(process.execPath, [...LEASEHOLD, 'review', '-', '--markdown'], {
      input,
      encoding: 'utf8',
      cwd: newFolder(),
      env: { PATH: process.env.PATH ?? '' },
    });
  const read = review(PLAN);
  expect([read.status, read.stderr]).toEqual([1, '']);
  expect(read.stdout).toMatch(/^<!-- leasehold-review -->\n## ⛔ Leasehold: /);
  const cut = review(PLAN.subarray(0, 5000));
  expect([cut.status, cut.stdout]).toEqual([2, '']);
  expect(cut.stderr).toMatch(/^error: stdin: .*byte 5000/);
});

describe('a binary plan', () => {
  /** A program that shows plans as Terraform does, or fails as it does. */
  const installed = (program: string, script: string): string => {
    const folder = newFolder();
    writeFileSync(join(folder, program), `#!${process.execPath}\n${script}`, { mode: 0o755 });
    return folder;
  };
  const BINARY = Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0]);
  const review = (path: string) => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'tfplan'), BINARY);
    writeFileSync(join(cwd, 'plan.json'), PLAN);
    return spawnSync(process.execPath, [...LEASEHOLD, 'review', 'tfplan', '--json'], {
      encoding: 'utf8',
      cwd,
      env: { PATH: path },
    });
  };

  it.each(['terraform', 'tofu'])('is shown by the installed %s, in the working directory', (program) => {
    const { status, stdout, stderr } = review(
      installed(
        program,
        `const [command, ...flags] = process.argv.slice(2);
         if (command !== 'show' || !flags.includes('-json')) process.exit(9);
         process.stdout.write(require('fs').readFileSync('plan.json'));`,
      ),
    );
    expect([status, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout).worst).toBe('critical');
  });

  it('ends with 2 where nothing can show it', () => {
    const { status, stdout, stderr } = review(newFolder());
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: tfplan: .*terraform and tofu are not installed\n/);
  });

  it('ends with 2 where showing it fails', () => {
    const { status, stdout, stderr } = review(
      installed('terraform', "process.stderr.write('Error: Failed to read the given file\\n'); process.exit(1);"),
    );
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Failed to read the given file');
  });
});
