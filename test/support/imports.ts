/** What the packages of a repository import, and which of it breaks the rules of docs/architecture.md. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { preProcessFile } from 'typescript';

/** A package of the workspace. */
export interface Package {
  readonly name: string;
  /** Its folder, from the root of the repository. */
  readonly folder: string;
  /** Names that it may import: dependencies, peers, and what is bundled into it. */
  readonly declared: ReadonlySet<string>;
  /** Its TypeScript files, from the root of the repository. */
  readonly files: readonly string[];
  /** Path of the source of each entry point, by what is imported: `@leasehold/policy`, `@leasehold/contract/routes`. */
  readonly entries: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** The packages of the workspace at `root`. */
export function packagesOf(root: string): readonly Package[] {
  const { workspaces = [] } = manifestOf(root);
  return workspaces
    .flatMap((pattern) =>
      pattern.endsWith('/*')
        ? readdirSync(join(root, dirname(pattern))).map((name) => join(dirname(pattern), name))
        : [pattern],
    )
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .sort()
    .map((folder) => packageAt(root, folder));
}

function packageAt(root: string, folder: string): Package {
  const manifest = manifestOf(join(root, folder));
  const { name, dependencies, optionalDependencies, peerDependencies, devDependencies, exports = {} } = manifest;
  const entries = Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'object' && target['@leasehold/source'] !== undefined
      ? [[`${name}${path.slice(1)}`, join(folder, target['@leasehold/source'])] as const]
      : [],
  );
  return {
    name,
    folder,
    declared: new Set(
      Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies, ...devDependencies }),
    ),
    files: typescriptIn(root, folder),
    entries: new Map(entries),
  };
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function typescriptIn(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['dist', 'node_modules'].includes(entry.name) ? [] : typescriptIn(root, path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

/** Everything that a file imports, types included, as it is written. */
export function importsOf(root: string, file: string): readonly string[] {
  const { importedFiles } = preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

/** Imports that a package's manifest does not declare, or that leave the package by a relative path: `file → import`. */
export function strayImports(root: string, packages: readonly Package[]): readonly string[] {
  return packages.flatMap((from) =>
    from.files.flatMap((file) =>
      importsOf(root, file)
        .filter((specifier) => isStray(from, file, specifier))
        .map((specifier) => `${posix(file)} → ${specifier}`),
    ),
  );
}

function isStray(from: Package, file: string, specifier: string): boolean {
  if (specifier.startsWith('.')) return relative(from.folder, join(dirname(file), specifier)).startsWith('..');
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return false;
  return !from.declared.has(packageName(specifier)) && packageName(specifier) !== from.name;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Groups of files that import each other in a circle, types included; each group in order. */
export function importCycles(root: string, packages: readonly Package[]): readonly (readonly string[])[] {
  const entries = new Map(packages.flatMap(({ entries }) => [...entries]));
  const files = new Set(packages.flatMap(({ files }) => files));
  const targets = (file: string): readonly string[] =>
    importsOf(root, file).flatMap((specifier) => {
      const path = specifier.startsWith('.') ? join(dirname(file), specifier) : entries.get(specifier);
      if (path === undefined) return [];
      const target = [path, `${path}.ts`, `${path}.tsx`, join(path, 'index.ts')].find((each) => files.has(each));
      return target === undefined ? [] : [target];
    });
  return circles(new Map([...files].map((file) => [file, targets(file)]))).map((circle) => circle.map(posix).sort());
}

/** Strongly connected components of more than one node, or of one that points to itself (Tarjan 1972). */
function circles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): number => {
    const at = index.size;
    index.set(node, at);
    let lowest = at;
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, low.get(next) ?? index.get(next) ?? at);
      low.set(node, lowest);
    }
    low.set(node, lowest);
    if (lowest === at) {
      const circle = stack.splice(stack.indexOf(node));
      if (circle.length > 1 || graph.get(node)?.includes(node)) found.push(circle);
    }
    return lowest;
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

function posix(path: string): string {
  return path.split(sep).join('/');
}
