/** `cdktn` continues `cdktf`: under npm aliases the same code writes the same stacks. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyProject, linkDependencies } from '../support/project';
import { FROM_SOURCES } from '../support/sources';
import { run } from './support/run';

const MINUTES = 60_000;
const ALIASES = { cdktf: 'npm:cdktn@0.24', '@cdktf/provider-aws': 'npm:@cdktn/provider-aws@25.7' };

describe('the successor of cdktf', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'leasehold-e2e-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'synthesizes the reference project to the same stacks',
    async () => {
      const ours = join(folder, 'cdktf');
      const theirs = join(folder, 'cdktn');
      copyProject(ours);
      copyProject(theirs, { dependencies: 'left out' });
      await installAliases(theirs);

      for (const name of ['hermes-dev', 'hermes-prod']) {
        const before = await synthesized(ours, name);
        const after = await synthesized(theirs, name);
        expect(version(before)).toMatch(/^0\.21\./);
        expect(version(after)).toMatch(/^0\.24\./);
        expect(withoutVersion(after)).toEqual(withoutVersion(before));
      }
    },
    10 * MINUTES,
  );
});

/** Installs the successor under the old names, and links every other dependency of this project. */
async function installAliases(project: string): Promise<void> {
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, dependencies: ALIASES }));
  await run('npm', ['install', '--no-audit', '--no-fund', '--no-save', '--prefer-offline'], { cwd: project });
  linkDependencies(project);
}

async function synthesized(project: string, stack: string): Promise<StackText> {
  const file = join(project, 'cdktf.out', 'stacks', stack, 'cdk.tf.json');
  if (!existsSync(file)) {
    await run(process.execPath, [...FROM_SOURCES, 'main.ts'], { cwd: project });
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

interface StackText {
  readonly '//': { readonly metadata: { readonly version: string } };
}

function version(stack: StackText): string {
  return stack['//'].metadata.version;
}

function withoutVersion(stack: StackText): object {
  return { ...stack, '//': { ...stack['//'], metadata: { ...stack['//'].metadata, version: '' } } };
}
