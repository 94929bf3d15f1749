import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { leaseholdPackages } from '../../lib/cli/starter/dependencies';
import { completedPackageJson } from '../../lib/cli/starter/package-json';
import { expectGoldenText, leasehold, newFolder, removeFolders } from './support';

afterAll(removeFolders);

const ROOT = join(__dirname, '..', '..');
const FILES = [
  '.github/workflows/leasehold-plan.yml',
  '.github/workflows/leasehold-review.yml',
  '.gitignore',
  'README.md',
  'agent/upload.mjs',
  'cdktf.json',
  'examples/broker/README.md',
  'examples/broker/broker.yaml',
  'examples/broker/s3-list.yaml',
  'package.json',
  'roles/README.md',
  'roles/project.yaml',
  'roles/s3-upload.yaml',
];

describe('init', () => {
  it('writes a starter project into a folder that it makes, and names its files on stdout', async () => {
    const cwd = newFolder();
    const { code, out, err } = await leasehold('init my-agent', { cwd });
    expect({ code, out }).toEqual({ code: 0, out: FILES.map((file) => `my-agent/${file}\n`).join('') });
    expect(err).toBe(
      '\nNext: run `cd my-agent && npm install`, put your account into my-agent/roles/project.yaml, read my-agent/README.md.\n',
    );
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

  it('has a broker to copy, and then still validates without any finding', async () => {
    const cwd = newFolder();
    await leasehold('init', { cwd });
    for (const file of ['broker.yaml', 's3-list.yaml']) {
      copyFileSync(join(cwd, 'examples/broker', file), join(cwd, 'roles', file));
    }
    const { code, out } = await leasehold('validate --json', { cwd });
    expect({ code, findings: JSON.parse(out).findings }).toEqual({ code: 0, findings: [] });
  });

  it('has workflows that call nothing but what the package ships', async () => {
    const cwd = newFolder();
    await leasehold('init', { cwd });
    for (const half of ['plan', 'review']) {
      const text = readFileSync(join(cwd, `.github/workflows/leasehold-${half}.yml`), 'utf8');
      const scripts = [...text.matchAll(/node_modules\/leasehold\/(\S+?\.(?:sh|mjs|md))/g)].map(
        ([, path]) => path ?? '',
      );
      expect(scripts.length).toBeGreaterThan(1);
      for (const script of scripts) expect([script, existsSync(join(ROOT, script))]).toEqual([script, true]);
      expect(text).not.toMatch(/(?<!leasehold\/)examples\/ci|lib\/cli/);
    }
  });

  it('keeps npx from fetching a package of that name from a registry', async () => {
    const cwd = newFolder();
    await leasehold('init', { cwd });
    expect(JSON.parse(readFileSync(join(cwd, 'cdktf.json'), 'utf8')).app).toBe('npx --no -- leasehold synth');
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

  it('takes a folder of a project that installed it, and adds what is missing', async () => {
    const cwd = newFolder();
    const before = {
      name: 'mine',
      scripts: { deploy: 'make deploy' },
      devDependencies: { leasehold: 'file:../pack/leasehold-0.1.0.tgz' },
    };
    writeFileSync(join(cwd, 'package.json'), JSON.stringify(before, undefined, 4));
    writeFileSync(join(cwd, '.gitignore'), 'dist/\nnode_modules');
    writeFileSync(join(cwd, 'README.md'), '# mine\n');
    mkdirSync(join(cwd, 'node_modules'));
    const { code, out, err } = await leasehold('init', { cwd });
    expect(code).toBe(0);
    expect(out).toContain('LEASEHOLD.md\n');
    expect(err).toContain('Added what was missing to .gitignore and package.json.');
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe('# mine\n');
    expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toMatch(/^dist\/\nnode_modules\ncdktf\.out\/\n/);
    const text = readFileSync(join(cwd, 'package.json'), 'utf8');
    expect(text).toContain('\n    "name": "mine"');
    expect(JSON.parse(text)).toMatchObject({
      scripts: { deploy: 'make deploy', validate: 'leasehold validate' },
      devDependencies: { leasehold: 'file:../pack/leasehold-0.1.0.tgz', 'cdktf-cli': expect.any(String) },
    });
  });

  it('leaves a package.json that lacks nothing as it is, byte by byte', () => {
    const options = { project: 'x', leasehold: { leasehold: '^1.0.0', '@leasehold/runtime': '^1.0.0' } };
    const text = completedPackageJson(undefined, options).replace('\n', '\n\n');
    expect(completedPackageJson(text, options)).toBe(text);
  });

  it.each(['README.md/', 'roles/project.yaml', 'cdktf.json', 'agent/upload.mjs'])(
    'refuses a folder with a %s, names it, and writes nothing',
    async (path) => {
      const cwd = newFolder();
      const taken = path === 'README.md/' ? 'LEASEHOLD.md' : path;
      mkdirSync(join(cwd, taken, '..'), { recursive: true });
      if (path === 'README.md/') writeFileSync(join(cwd, 'README.md'), '');
      writeFileSync(join(cwd, taken), 'mine');
      const names = readdirSync(cwd, { recursive: true });
      const { code, out, err } = await leasehold('init', { cwd });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(`files of these names: ${taken}\n`);
      expect(err).toContain('hint:');
      expect(readdirSync(cwd, { recursive: true })).toEqual(names);
      expect(readFileSync(join(cwd, taken), 'utf8')).toBe('mine');
    },
  );

  it.each(['cdktf.json', 'package.json', '.gitignore'])(
    'refuses a folder in which %s is a dangling link',
    async (name) => {
      const cwd = newFolder();
      symlinkSync(join(cwd, 'nowhere'), join(cwd, name));
      const { code, err } = await leasehold('init', { cwd });
      expect(code).toBe(2);
      expect(err).toContain(`files of these names: ${name}\n`);
      expect(existsSync(join(cwd, 'nowhere'))).toBe(false);
    },
  );

  it('refuses a package.json that it cannot read, and writes nothing', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'package.json'), '{');
    const { code, err } = await leasehold('init', { cwd });
    expect(code).toBe(2);
    expect(err).toContain('package.json: it is not a JSON object');
    expect(readdirSync(cwd)).toEqual(['package.json']);
  });

  it('refuses a file', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'file'), '');
    const { code, err } = await leasehold('init file', { cwd });
    expect(code).toBe(2);
    expect(err).toMatch(/^error: .*file: it exists already\n {2}hint:/);
  });
});

describe('the packages of a new project', () => {
  /** A folder `node_modules` as npm leaves it, and Leasehold in it. */
  const installed = (resolved: Readonly<Record<string, string>>) => {
    const project = newFolder();
    const packages = Object.fromEntries(
      Object.entries(resolved).map(([name, from]) => [`node_modules/${name}`, { version: '0.1.0', resolved: from }]),
    );
    mkdirSync(join(project, 'node_modules', 'leasehold'), { recursive: true });
    writeFileSync(join(project, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
    return { project, root: join(project, 'node_modules', 'leasehold') };
  };

  it('come from a registry by version', () => {
    const { project, root } = installed({ leasehold: 'https://registry.npmjs.org/leasehold/-/leasehold-0.1.0.tgz' });
    expect(leaseholdPackages(join(project, 'new'), root)).toEqual({
      leasehold: expect.stringMatching(/^\^\d/),
      '@leasehold/runtime': expect.stringMatching(/^\^\d/),
    });
  });

  it('come from the same tarballs, all of them, so that no registry is asked', () => {
    const { project, root } = installed({
      leasehold: 'file:../pack/leasehold-0.1.0.tgz',
      '@leasehold/policy': 'file:../pack/leasehold-policy-0.1.0.tgz',
      zod: 'file:../pack/zod.tgz',
    });
    expect(leaseholdPackages(join(project, 'new'), root)).toEqual({
      leasehold: 'file:../../pack/leasehold-0.1.0.tgz',
      '@leasehold/policy': 'file:../../pack/leasehold-policy-0.1.0.tgz',
    });
  });
});
