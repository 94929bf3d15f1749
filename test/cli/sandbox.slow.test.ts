/** `leasehold sandbox` as a program: what it prints is all that `exec` and `serve` need. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readManifest } from '@leasehold/runtime';
import { LEASEHOLD } from '../support/sources';
import { project } from './support';

it('prints the path of a manifest that the runtime reads, and removes it at its end', async () => {
  const child = spawn(process.execPath, [...LEASEHOLD, 'sandbox', '--env', 'dev'], {
    cwd: project('hermes'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (/LEASEHOLD_MANIFEST=.*\n/.test(printed)) break;
  }
  const path = /LEASEHOLD_MANIFEST=(.*)\n/.exec(printed)?.[1] ?? '';
  expect(readManifest(JSON.parse(readFileSync(path, 'utf8'))).stack).toBe('hermes-dev');
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  expect(existsSync(path)).toBe(false);
});
