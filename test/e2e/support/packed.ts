/** Every package of Leasehold as it would be published, and a project that installs the tarballs. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Package, packagesOf } from '../../support/imports';
import { run } from './run';

const ROOT = join(__dirname, '../../..');

/** Packs what was built. @returns name → path of the tarball */
export async function packAll(folder: string): Promise<ReadonlyMap<string, string>> {
  mkdirSync(folder, { recursive: true });
  const flags = ['--workspaces', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', ['pack', ...flags], { cwd: ROOT });
  const packed: readonly { readonly name: string; readonly filename: string }[] = Object.values(JSON.parse(stdout));
  return new Map(packed.map(({ name, filename }) => [name, join(folder, filename)]));
}

/**
 * An empty project that installs the tarballs of `names`, and as links exactly what these declare as dependencies, and
 * `more`: nothing is fetched, and what a package forgot to declare is not found.
 */
export async function installPacked(
  project: string,
  tarballs: ReadonlyMap<string, string>,
  names: readonly string[],
  more: readonly string[] = [],
): Promise<void> {
  mkdirSync(project, { recursive: true });
  const chosen = packagesOf(ROOT).filter(({ name }) => names.includes(name));
  const foreign = [...new Set([...chosen.flatMap(dependenciesOf), ...more])].filter((name) => !tarballs.has(name));
  const devDependencies = {
    ...Object.fromEntries(chosen.map(({ name }) => [name, `file:${tarballs.get(name)}`])),
    ...Object.fromEntries(foreign.map((name) => [name, `file:${join(ROOT, 'node_modules', name)}`])),
  };
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, devDependencies }, null, 2),
  );
  await npmInstall(project);
}

/** Installs what `package.json` names, without a registry. */
export async function npmInstall(project: string): Promise<void> {
  const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=peer'];
  await run('npm', ['install', ...flags], { cwd: project });
}

/** What a user's npm installs with a package; not what is bundled into it. */
function dependenciesOf({ folder }: Package): readonly string[] {
  return Object.keys(JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')).dependencies ?? {});
}
