/** The packages as they would be published, and an empty project that installs them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../e2e/support/run';

const ROOT = join(__dirname, '../../..');

/** A packed package: its name, and the path of its tarball. */
export interface Packed {
  readonly name: string;
  readonly tarball: string;
}

/** Packs the runtime, and what of Leasehold it depends on, as they were built. The runtime comes first. */
export async function packRuntime(folder: string): Promise<readonly Packed[]> {
  const packed: Packed[] = [];
  for (const [name, place] of [
    ['@leasehold/runtime', 'runtime'],
    ['@leasehold/contract', 'lib/contract'],
  ] as const) {
    const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
      cwd: join(ROOT, place),
    });
    packed.push({ name, tarball: join(folder, stdout.trim().split('\n').at(-1) ?? '') });
  }
  return packed;
}

/** An empty project that has the tarballs, and what they depend on by links: nothing is fetched. */
export async function installRuntime(folder: string, packed: readonly Packed[]): Promise<string> {
  const project = join(folder, 'project');
  mkdirSync(project);
  const linked = (name: string) => `file:${join(ROOT, 'node_modules', name)}`;
  const dependencies = {
    ...Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`])),
    '@aws-sdk/client-sts': linked('@aws-sdk/client-sts'),
    '@aws-sdk/client-s3': linked('@aws-sdk/client-s3'),
    '@types/node': linked('@types/node'),
    'undici-types': linked('undici-types'),
    zod: linked('zod'),
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, dependencies }));
  const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=peer'];
  await run('npm', ['install', ...flags], { cwd: project });
  return project;
}
