/** The packages of docs/architecture.md and who may import whom: held by manifests, at every depth, types included. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importCycles, packagesOf, strayImports } from './support/imports';
import { declaresInvisible } from './support/invisible';
import { inTemporaryFolder } from './support/synth';

const ROOT = join(__dirname, '..');

/** Package → Leasehold's packages that it may depend on. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  policy: ['contract'],
  definitions: ['policy', 'contract'],
  documents: ['definitions', 'policy', 'contract'],
  guardrails: ['documents', 'definitions', 'policy', 'contract'],
  doctor: ['documents', 'definitions', 'policy', 'contract'],
  conformance: ['documents', 'definitions', 'policy', 'contract'],
  review: ['documents', 'definitions', 'policy', 'contract'],
  usage: ['guardrails', 'documents', 'definitions', 'policy', 'contract'],
  sandbox: ['guardrails', 'documents', 'definitions', 'policy', 'contract'],
  broker: ['documents', 'definitions', 'policy', 'contract'],
  constructs: ['guardrails', 'documents', 'definitions', 'policy', 'contract'],
  runtime: ['contract'],
  console: ['broker', 'policy', 'contract'],
  serve: ['runtime', 'contract'],
  mcp: ['runtime', 'policy', 'contract'],
  cli: [
    'contract',
    'policy',
    'definitions',
    'documents',
    'guardrails',
    'constructs',
    'review',
    'doctor',
    'conformance',
    'sandbox',
    'broker',
    'serve',
    'mcp',
    'usage',
    'runtime',
  ],
};
const CDKTF = ['cdktf', 'constructs', '@cdktf/provider-aws'];
const packages = packagesOf(ROOT);
const short = (folder: string) => folder.split('/').at(-1) ?? '';

it('every package has its arrows, and none has more', () => {
  expect(packages.map(({ folder }) => short(folder)).sort()).toEqual(Object.keys(ARROWS).sort());
  for (const { folder, declared } of packages) {
    const ours = [...declared].filter((name) => name.startsWith('@leasehold/')).map((name) => name.slice(11));
    expect({ folder, more: ours.filter((name) => !ARROWS[short(folder)]?.includes(name)) }).toEqual({
      folder,
      more: [],
    });
  }
});

it('a package imports what its manifest declares, and nothing by a path that leaves it', () => {
  expect(strayImports(ROOT, packages)).toEqual([]);
});

it('no file imports itself in a circle, not even for a type', () => {
  expect(importCycles(ROOT, packages)).toEqual([]);
});

it('CDKTF is a dependency of the constructs alone', () => {
  const users = packages.filter(({ declared }) => CDKTF.some((name) => declared.has(name)));
  expect(users.map(({ name }) => name)).toEqual(['@leasehold/constructs']);
});

it.each(packages)('$name builds after exactly what it depends on', ({ folder, declared }) => {
  const { references = [] }: { references?: readonly { readonly path: string }[] } = JSON.parse(
    readFileSync(join(ROOT, folder, 'tsconfig.json'), 'utf8'),
  );
  const ours = packages.filter(({ name }) => declared.has(name)).map((each) => each.folder);
  expect(references.map(({ path }) => join(folder, path)).sort()).toEqual(ours.sort());
});

it('all packages have one version, and depend on each other in it', () => {
  const manifests = packages.map(({ folder }) => JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')));
  const [{ version }] = manifests;
  const ours = new Set(packages.map(({ name }) => name));
  for (const manifest of manifests) {
    const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([name]) =>
      ours.has(name),
    );
    expect([manifest.version, ...wanted.map(([, range]) => range)].filter((each) => each !== version)).toEqual([]);
  }
});

/** What looks like a class of invisible characters and is something else, with what it is. */
const OTHER_CLASSES: Readonly<Record<string, string>> = {
  'lib/sandbox/api/routes.ts': 'segments of a path that the sandbox serves',
  'lib/sandbox/services/common/resources.ts': 'names that AWS accepts',
  'lib/sandbox/services/logs.ts': 'names that AWS accepts',
  'lib/sandbox/services/s3/address.ts': 'keys that readers of a URL understand in two ways',
  'lib/sandbox/wire/xml.ts': 'characters that XML 1.0 cannot contain',
};

it('what a reader does not see is defined in @leasehold/contract/text alone', () => {
  const declaring = packages
    .flatMap(({ files }) => files)
    .filter((file) => !file.startsWith('lib/contract/text/'))
    .filter((file) => declaresInvisible(readFileSync(join(ROOT, file), 'utf8')));
  expect(declaring.sort()).toEqual(Object.keys(OTHER_CLASSES).sort());
});

it.each([
  ['const ODD = /[\\p{C}]/u;', true],
  ['const ODD = /\\p{Cf}|x/u;', true],
  ['const ODD = /[^\\P{Cc}\\t]/u;', true],
  ['const ODD = /\\p{General_Category=Format}/u;', true],
  ['const ODD = /[\\p{DI}]/u;', true],
  ['const ODD = /[\\u200b-\\u200f]/;', true],
  ["const ODD = ['\\u202e'];", true],
  ['const ODD = /[\\u{e0000}-\\u{e007f}]/u;', true],
  ['const ODD = /[\\x00-\\x1f\\x7f]/;', true],
  ['const ODD = new RegExp(String.raw`[\\p{Bidi_Control}]`);', true],
  ['/** Writes `\\u{202e}` out. */', false],
  ['const LETTER = /[\\p{L}\\p{M}\\p{N}]/u;', false],
  ['const HALF = /\\p{Surrogate}/u;', false],
  ['const ESC = "\\x1b[2J";', false],
  ['const PRINTABLE = /^[\\x20-\\x7e]+$/;', false],
])('%s declares invisible characters: %s', (line, expected) => {
  expect(declaresInvisible(line)).toBe(expected);
});

describe('the check itself finds', () => {
  /** A workspace of two packages with one more file each, or a changed one. */
  const withFiles = (files: Readonly<Record<string, string>>, check: (root: string) => readonly unknown[]) => {
    let found: readonly unknown[] = [];
    inTemporaryFolder((root) => {
      const exports = { '.': { '@leasehold/source': './index.ts' } };
      const all = {
        'package.json': JSON.stringify({ name: 'root', workspaces: ['lib/*'] }),
        'lib/low/package.json': JSON.stringify({ name: '@x/low', exports }),
        'lib/low/index.ts': "export { deep } from './deep/deeper/deep';\n",
        'lib/low/deep/deeper/deep.ts': 'export const deep = 1;\n',
        'lib/high/package.json': JSON.stringify({ name: '@x/high', exports, dependencies: { '@x/low': '1' } }),
        'lib/high/index.ts': "export { deep } from '@x/low';\n",
        ...files,
      };
      for (const [path, text] of Object.entries(all)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
      found = check(root);
    });
    return found;
  };
  const strays = (files: Readonly<Record<string, string>>) =>
    withFiles(files, (root) => strayImports(root, packagesOf(root)));
  const cycles = (files: Readonly<Record<string, string>>) =>
    withFiles(files, (root) => importCycles(root, packagesOf(root)));

  it('nothing where all is well', () => {
    expect(strays({})).toEqual([]);
    expect(cycles({})).toEqual([]);
  });

  it.each([
    ["import { high } from '@x/high';", '@x/high'],
    ["import type { High } from '@x/high/sub';", '@x/high/sub'],
    ["export * from 'left-pad';", 'left-pad'],
    ["export const later = () => import('@x/high');", '@x/high'],
    ["import { high } from '../../../high';", '../../../high'],
    ["import type { High } from '../../../high/index';", '../../../high/index'],
    ["import { main } from '../../../../main';", '../../../../main'],
  ])('%s, however deep the file is', (line, specifier) => {
    expect(strays({ 'lib/low/deep/deeper/more.ts': `${line}\n` })).toEqual([
      `lib/low/deep/deeper/more.ts → ${specifier}`,
    ]);
  });

  it('a cycle of types in one package, and one through a package', () => {
    const first = { 'lib/low/deep/deeper/deep.ts': "import type { A } from '../../a';\nexport const deep = 1 as A;\n" };
    expect(cycles({ ...first, 'lib/low/a.ts': "export { type deep as A } from './deep/deeper/deep';\n" })).toEqual([
      ['lib/low/a.ts', 'lib/low/deep/deeper/deep.ts'],
    ]);
    expect(cycles({ 'lib/low/deep/deeper/deep.ts': "export { deep } from '@x/high';\n" })).toEqual([
      ['lib/high/index.ts', 'lib/low/deep/deeper/deep.ts', 'lib/low/index.ts'],
    ]);
  });
});
