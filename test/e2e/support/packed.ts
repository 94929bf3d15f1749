/** Every package of Leasehold as it would be published, and a project that installs the tarballs. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  const foreign = new Map(
    [...more.map((name) => [name, installedAt('', name)] as const), ...chosen.flatMap(dependenciesOf)].filter(
      ([name]) => !tarballs.has(name),
    ),
  );
  const devDependencies = {
    ...Object.fromEntries(chosen.map(({ name }) => [name, `file:${tarballs.get(name)}`])),
    ...Object.fromEntries([...foreign].map(([name, installed]) => [name, `file:${installed}`])),
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

/** What a user's npm installs with a package, and where it is installed here; not what is bundled into the package. */
function dependenciesOf({ folder }: Package): readonly (readonly [name: string, installed: string])[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  return Object.keys(dependencies).map((name) => [name, installedAt(folder, name)]);
}

/** A package that needs another version than the workspace has that version in its own folder. */
function installedAt(folder: string, name: string): string {
  const own = join(ROOT, folder, 'node_modules', name);
  return existsSync(own) ? own : join(ROOT, 'node_modules', name);
}
