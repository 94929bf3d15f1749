/** Names of files come from a model: none leads out of the folder, and none replaces what is there. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileFolder } from '../../lib/mcp/files';

let above: string;
let root: string;
let files: FileFolder;
beforeEach(async () => {
  above = mkdtempSync(join(tmpdir(), 'leasehold-mcp-'));
  root = join(above, 'out');
  files = await FileFolder.open(root);
  writeFileSync(join(above, 'secret'), 'secret');
  mkdirSync(join(root, 'dist'));
  writeFileSync(join(root, 'dist', 'app.js'), 'app');
  writeFileSync(join(root, '.env'), 'KEY=secret');
});
afterEach(() => rmSync(above, { recursive: true, force: true }));

const bytes = [Buffer.from('new')];
const write = async (name: string, chunks: Iterable<Uint8Array>) => (await files.reserve(name)).fill(chunks);

it('a file of the folder is read, and a new one is written for the user alone', async () => {
  expect((await files.read('dist/app.js')).toString()).toBe('app');
  expect(await write('dist/new.bin', bytes)).toBe(3);
  expect(readFileSync(join(root, 'dist', 'new.bin'), 'utf8')).toBe('new');
  expect(statSync(join(root, 'dist', 'new.bin')).mode & 0o777).toBe(0o600);
});

it.each([
  '../secret',
  'dist/../../secret',
  '/etc/passwd',
  '..',
  '.',
  '',
  './app.js',
  'dist//app.js',
  'dist/',
  '.env',
  'dist/.git/config',
  'node_modules/@aws-sdk/client-s3/package.json',
  'dist/Node_Modules/x.js',
  'dist\\..\\..\\secret',
  'C:secret',
  'app.js:stream',
  'a\0b',
  'a\nb',
  'a\u202eb',
  ' app.js',
  'dist./app.js',
  'node_modules./x.js',
  'dist /app.js',
  `${'a/'.repeat(300)}b`,
])('%j is refused in both directions', async (name) => {
  await expect(files.read(name)).rejects.toMatchObject({ code: 'file-refused' });
  await expect(write(name, bytes)).rejects.toMatchObject({ code: 'file-refused' });
  expect(readFileSync(join(above, 'secret'), 'utf8')).toBe('secret');
});

describe('what is in the folder and leads out of it', () => {
  it.each([
    ['a symbolic link to a file', () => symlinkSync(join(above, 'secret'), join(root, 'link'))],
    ['a symbolic link to a file that is missing', () => symlinkSync(join(above, 'missing'), join(root, 'link'))],
    ['a second name of a file outside', () => linkSync(join(above, 'secret'), join(root, 'link'))],
    ['a folder', () => mkdirSync(join(root, 'link'))],
    ['a pipe', () => void spawnSync('mkfifo', [join(root, 'link')])],
  ])('%s is neither read nor written', async (_, make) => {
    make();
    await expect(files.read('link')).rejects.toMatchObject({ code: 'file-refused' });
    await expect(write('link', bytes)).rejects.toMatchObject({ code: 'file-refused' });
    expect(readFileSync(join(above, 'secret'), 'utf8')).toBe('secret');
    expect(existsSync(join(above, 'missing'))).toBe(false);
  });

  it('a folder that is a symbolic link is not followed', async () => {
    symlinkSync(above, join(root, 'up'));
    await expect(files.read('up/secret')).rejects.toMatchObject({ code: 'file-refused' });
    await expect(write('up/new', bytes)).rejects.toMatchObject({ code: 'file-refused' });
    expect(existsSync(join(above, 'new'))).toBe(false);
  });

  it.each(['.git', 'node_modules'])('a link to a folder %s of the folder is not followed', async (name) => {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'config'), 'secret');
    symlinkSync(join(root, name), join(root, 'link'));
    await expect(files.read('link/config')).rejects.toMatchObject({ code: 'file-refused' });
    await expect(write('link/new', bytes)).rejects.toMatchObject({ code: 'file-refused' });
    expect(existsSync(join(root, name, 'new'))).toBe(false);
  });

  it('a folder that is a link into the folder is', async () => {
    symlinkSync(join(root, 'dist'), join(root, 'current'));
    expect((await files.read('current/app.js')).toString()).toBe('app');
  });
});

it('a file that exists is not overwritten', async () => {
  await expect(write('dist/app.js', bytes)).rejects.toMatchObject({
    code: 'file-refused',
    message: expect.stringContaining('exists already'),
  });
  expect(readFileSync(join(root, 'dist', 'app.js'), 'utf8')).toBe('app');
});

describe('a file that was reserved', () => {
  it('belongs to the call until it is filled or discarded', async () => {
    const reserved = await files.reserve('new.bin');
    await expect(files.reserve('new.bin')).rejects.toMatchObject({ code: 'file-refused' });
    expect(readFileSync(join(root, 'new.bin'), 'utf8')).toBe('');
    await reserved.discard();
    await reserved.discard();
    expect(existsSync(join(root, 'new.bin'))).toBe(false);
    expect(await write('new.bin', bytes)).toBe(3);
  });

  it('is not removed once it is filled, nor is a file that somebody put in its place', async () => {
    const filled = await files.reserve('filled.bin');
    await filled.fill(bytes);
    await filled.discard();
    expect(readFileSync(join(root, 'filled.bin'), 'utf8')).toBe('new');
    const replaced = await files.reserve('replaced.bin');
    renameSync(join(root, 'filled.bin'), join(root, 'replaced.bin'));
    await replaced.discard();
    expect(readFileSync(join(root, 'replaced.bin'), 'utf8')).toBe('new');
  });
});

it('no more is read of a file than was asked for', async () => {
  expect((await files.read('dist/app.js', 3)).toString()).toBe('app');
  await expect(files.read('dist/app.js', 2)).rejects.toMatchObject({ code: 'too-large' });
});

it.each([
  ['is open to others', () => chmodSync(root, 0o750)],
  ['is in a folder that others can change', () => chmodSync(above, 0o777)],
])('the folder is refused if it %s', async (_, change) => {
  change();
  await expect(FileFolder.open(root)).rejects.toMatchObject({ code: 'file-refused' });
});
