import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { expectGoldenText, leasehold, newFolder, removeFolders } from './support';

afterAll(removeFolders);

const FILES = [
  '.gitignore',
  'README.md',
  'cdktf.json',
  'package.json',
  'roles/README.md',
  'roles/project.yaml',
  'roles/s3-upload.yaml',
];

describe('init', () => {
  it('lays a starter project in a folder that it makes, and names its files on stdout', async () => {
    const cwd = newFolder();
    const { code, out, err } = await leasehold('init my-agent', { cwd });
    expect({ code, out }).toEqual({ code: 0, out: FILES.map((file) => `my-agent/${file}\n`).join('') });
    expect(err).toContain('Next: read my-agent/README.md');
    for (const file of FILES) {
      if (file !== 'package.json')
        expectGoldenText(`init/${file.replaceAll('/', '-')}`, readFileSync(join(cwd, 'my-agent', file), 'utf8'));
    }
  });

  it('yields a project that validates without any finding, and synthesizes', async () => {
    const cwd = newFolder();
    await leasehold('init', { cwd });
    const { code, out } = await leasehold('validate --json', { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ findings: [], waived: [], summary: { files: 2 } });
    expect((await leasehold('synth', { cwd })).code).toBe(0);
    expect(existsSync(join(cwd, 'cdktf.out', 'manifest.json'))).toBe(true);
  });

  it('keeps npx from fetching a package of that name from a registry', async () => {
    const cwd = newFolder();
    await leasehold('init', { cwd });
    expect(JSON.parse(readFileSync(join(cwd, 'cdktf.json'), 'utf8')).app).toBe('npx --no leasehold synth');
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).not.toMatch(/npx leasehold/);
    // These tests run from a checkout, which is no installed package.
    expect(JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')).devDependencies.leasehold).toMatch(/^file:/);
  });

  it.each([
    ['my-agent', 'my-agent'],
    ['My Agent_2', 'my-agent-2'],
    ['99-luftballons', 'luftballons'],
    ['日本', 'acme'],
    ['a-name-that-is-much-too-long-for-iam', 'a-name-that-is-much'],
  ])('names the project of folder "%s" %s, and it validates', async (folder, name) => {
    const cwd = newFolder();
    expect((await leasehold(['init', folder], { cwd })).code).toBe(0);
    const [project] = parseAllDocuments(readFileSync(join(cwd, folder, 'roles', 'project.yaml'), 'utf8'));
    expect(project).toMatchObject({ errors: [] });
    expect((project as { get(key: string): unknown }).get('name')).toBe(name);
    expect((await leasehold('validate', { cwd: join(cwd, folder) })).code).toBe(0);
  });

  it('takes a folder that git has just been started in', async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, '.git'));
    expect((await leasehold('init', { cwd })).code).toBe(0);
  });

  it('refuses a folder with anything in it, names what is in the way, and leaves it as it is', async () => {
    const cwd = newFolder();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'README.md']) writeFileSync(join(cwd, name), name);
    const { code, out, err } = await leasehold('init', { cwd });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('in the way: README.md, a, b, c, d and 2 more\n');
    expect(err).toContain('hint:');
    expect(readdirSync(cwd)).toHaveLength(7);
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe('README.md');
  });

  it('refuses a folder with nothing but a dangling link in it', async () => {
    const cwd = newFolder();
    symlinkSync(join(cwd, 'nowhere'), join(cwd, 'README.md'));
    const { code, err } = await leasehold('init', { cwd });
    expect(code).toBe(2);
    expect(err).toContain('in the way: README.md');
  });

  it('refuses a file', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'file'), '');
    const { code, err } = await leasehold('init file', { cwd });
    expect(code).toBe(2);
    expect(err).toMatch(/^error: .*file: it exists already\n {2}hint:/);
  });
});
