/** Each package's README begins with code that runs as pasted, in a clone after `npm ci`. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesOf } from './support/imports';
import { FROM_SOURCES, LEASEHOLD } from './support/sources';

const ROOT = join(__dirname, '..');
/** The runtime's leases from a sandbox: test/e2e/package.test.ts. Nobody imports the console. */
const ELSEWHERE = ['@leasehold/runtime', '@leasehold/console'];
const packages = packagesOf(ROOT).filter(({ name }) => !ELSEWHERE.includes(name));

it.each(packages)('the README of $name', ({ folder, name }) => {
  const readme = readFileSync(join(ROOT, folder, 'README.md'), 'utf8');
  expect(readme).toMatch(new RegExp(`^# ${name}\n`));
  const [, language, block = ''] = /^```(\w*)\n([\s\S]*?)^```$/m.exec(readme) ?? [];
  const { status, stderr, stdout } = language === 'js' ? program(block) : commands(block);
  expect({ status, stderr: withoutNotice(stderr) }).toEqual({ status: 0, stderr: '' });
  expect(stdout).not.toBe('');
});

/** Runs a module in the root of the repository. */
function program(text: string) {
  const file = join(ROOT, `readme-${process.pid}.mjs`);
  writeFileSync(file, text);
  try {
    return spawnSync(process.execPath, [...FROM_SOURCES, '--import', 'tsx', file], { cwd: ROOT, encoding: 'utf8' });
  } finally {
    rmSync(file);
  }
}

/** Runs commands, the command line from its sources. */
function commands(text: string) {
  const leasehold = [process.execPath, ...LEASEHOLD].map((part) => `"${part}"`).join(' ');
  const script = text.replaceAll(/^npx leasehold/gm, leasehold);
  expect(script).not.toBe(text);
  return spawnSync('sh', ['-ec', script], { cwd: ROOT, encoding: 'utf8' });
}

/** The AWS SDK tells which Node it is going to require. */
function withoutNotice(stderr: string): string {
  return stderr.replace(/^\(node:\d+\) Warning: NodeVersionSupportWarning[\s\S]*?\n\(Use `node .*\n/m, '');
}
