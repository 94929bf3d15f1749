/** `leasehold usage --write`: all files are verified before the first one changes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Proposal } from '@leasehold/usage';
import type { Shell } from '../../lib/cli/shell';
import { writeProposal } from '../../lib/cli/usage';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-write-'));
  for (const name of ['a.yaml', 'b.yaml']) writeFileSync(join(folder, name), `${name}: a long text before\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const names = ['a.yaml', 'b.yaml'];
const read = () => names.map((name) => readFileSync(join(folder, name), 'utf8'));

function write(): void {
  const files = names.map((name) => ({
    name,
    before: `${name}: a long text before\n`,
    after: `${name}: after\n`,
    diff: '',
  }));
  writeProposal({ files } as unknown as Proposal, { host: { cwd: folder } } as unknown as Shell);
}

it('changes all files, and keeps a byte order mark', () => {
  writeFileSync(join(folder, 'b.yaml'), `\ufeff${read()[1]}`);
  write();
  expect(read()).toEqual(['a.yaml: after\n', '\ufeffb.yaml: after\n']);
});

it.each<[what: string, change: () => void, says: string]>([
  ['was changed in the meantime', () => writeFileSync(join(folder, 'b.yaml'), 'x: 1\n'), 'was changed in the meantime'],
  [
    'is a link',
    () => {
      writeFileSync(join(folder, 'target'), 'b.yaml: a long text before\n');
      rmSync(join(folder, 'b.yaml'));
      symlinkSync(join(folder, 'target'), join(folder, 'b.yaml'));
    },
    'is a link, or is not a file',
  ],
  [
    'is a folder',
    () => {
      rmSync(join(folder, 'b.yaml'));
      mkdirSync(join(folder, 'b.yaml'));
    },
    'is a link, or is not a file',
  ],
  ['is gone', () => rmSync(join(folder, 'b.yaml')), 'is a link, or is not a file'],
])('changes no file if one %s', (_, change, says) => {
  change();
  expect(write).toThrow(says);
  expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe('a.yaml: a long text before\n');
});
