/** The package as it would be published, and an empty project that installs it. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../e2e/support/run';

const ROOT = join(__dirname, '../../..');
const RUNTIME = join(ROOT, 'runtime');

/** Builds the runtime into a folder of its own and packs it; the path of the tarball. */
export async function packRuntime(folder: string): Promise<string> {
  const source = join(folder, 'source');
  mkdirSync(source, { recursive: true });
  for (const file of ['package.json', 'README.md']) cpSync(join(RUNTIME, file), join(source, file));
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [tsc, '-p', join(RUNTIME, 'tsconfig.json'), '--outDir', join(source, 'dist')], {
    cwd: ROOT,
  });
  const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: source,
  });
  return join(folder, stdout.trim().split('\n').at(-1) ?? '');
}

/** An empty project that has the tarball, and what it depends on by links: nothing is fetched. */
export async function installRuntime(folder: string, tarball: string): Promise<string> {
  const project = join(folder, 'project');
  mkdirSync(project);
  const linked = (name: string) => `file:${join(ROOT, 'node_modules', name)}`;
  const dependencies = {
    '@leasehold/runtime': `file:${tarball}`,
    '@aws-sdk/client-sts': linked('@aws-sdk/client-sts'),
    '@aws-sdk/client-s3': linked('@aws-sdk/client-s3'),
    zod: linked('zod'),
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, dependencies }));
  const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=peer'];
  await run('npm', ['install', ...flags], { cwd: project });
  return project;
}
