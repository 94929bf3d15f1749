/** The folder arrows of docs/architecture.md, as lint holds them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');

/** Room of lib/ → the rooms it may import. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  policy: [],
  definitions: ['policy'],
  documents: ['definitions', 'policy'],
  guardrails: ['documents', 'definitions', 'policy'],
  review: ['documents', 'definitions', 'policy'],
  doctor: ['documents', 'definitions', 'policy'],
  mfa: ['documents', 'definitions', 'policy'],
  sandbox: ['documents', 'definitions', 'policy'],
  broker: ['documents', 'definitions', 'policy'],
  dev: ['broker', 'sandbox', 'documents', 'definitions', 'policy'],
  constructs: ['guardrails', 'documents', 'definitions', 'policy'],
};
const ROOMS = Object.keys(ARROWS);
const CDKTF = ['cdktf', 'constructs', '@cdktf/provider-aws/lib/iam-role'];

/** `room → import` for every import that lint refuses, in a tree where each room imports everything once. */
let refused: ReadonlySet<string>;

beforeAll(() => {
  const tree = mkdtempSync(join(tmpdir(), 'leasehold-arrows-'));
  try {
    const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
    writeFileSync(join(tree, 'biome.json'), JSON.stringify({ ...config, $schema: undefined, vcs: { enabled: false } }));
    const owner = new Map<string, string>();
    for (const room of ROOMS) {
      const imports = [...ROOMS.filter((other) => other !== room).map((other) => `../${other}/thing`), ...CDKTF];
      mkdirSync(join(tree, 'lib', room), { recursive: true });
      imports.forEach((path, index) => {
        const file = `lib/${room}/import-${index}.ts`;
        owner.set(file, `${room} → ${path}`);
        writeFileSync(join(tree, file), `import { x } from '${path}';\n\nexport const y = x;\n`);
      });
    }
    const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const { stdout } = spawnSync(
      process.execPath,
      [biome, 'lint', '--max-diagnostics=none', '--reporter=github', '.'],
      {
        cwd: tree,
        encoding: 'utf8',
      },
    );
    const lines = stdout.split('\n').filter((line) => line.includes('noRestrictedImports'));
    refused = new Set([...owner].filter(([file]) => lines.some((line) => line.includes(file))).map(([, name]) => name));
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
});

describe.each(ROOMS)('lib/%s', (room) => {
  const others = ROOMS.filter((other) => other !== room);

  it('may import the rooms below it and is refused every other', () => {
    const forbidden = others.filter((other) => !ARROWS[room]?.includes(other));
    expect(others.filter((other) => refused.has(`${room} → ../${other}/thing`))).toEqual(forbidden);
  });

  it(room === 'constructs' ? 'may import cdktf' : 'is refused cdktf', () => {
    expect(CDKTF.filter((path) => refused.has(`${room} → ${path}`))).toEqual(room === 'constructs' ? [] : CDKTF);
  });
});
