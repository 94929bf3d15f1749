/** Which files are read, in which order, and what happens to those that cannot be read. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  MAX_DOCUMENTS,
  MAX_FILE_BYTES,
  MAX_FINDINGS_PER_FILE,
  MAX_TOKENS,
  MAX_TOTAL_BYTES,
} from '../../lib/definitions/limits';
import { loadDefinitions } from '../../lib/definitions/load';
import { brief, inFolder, load, PROJECT, ROLE } from './support';

const role = (name: string) => ROLE.replace('s3-deploy', name);
const names = (files: Readonly<Record<string, string | Uint8Array>>) =>
  load(files).definitions?.environments[0]?.roles.map(({ name }) => name);

describe('a folder', () => {
  it('is read with all folders below it, and only where names end in .yaml or .yml', () => {
    const files = {
      'project.yaml': PROJECT,
      'one.yml': role('one'),
      'deep/er/two.yaml': role('two'),
      'three.json': '{',
      'README.md': '# Roles',
      'four.yaml.bak': 'kind: {',
    };
    expect(names(files)).toEqual(['one', 'two']);
    expect(load(files).files).toBe(3);
  });

  it('is read without what begins with a dot, and without node_modules', () => {
    const files = {
      'project.yaml': PROJECT,
      'one.yaml': role('one'),
      '.hidden.yaml': 'kind: {',
      '.git/two.yaml': 'kind: {',
      'node_modules/x/three.yaml': 'kind: {',
    };
    expect(names(files)).toEqual(['one']);
  });

  it('is told of in the order of the paths', () => {
    const broken = 'kind: Rol';
    const { findings } = load({ 'b.yaml': broken, 'a/z.yaml': broken, 'a.yaml': broken, 'B.yaml': broken });
    expect(findings.map(({ at }) => at.file)).toEqual(['B.yaml', 'a.yaml', 'a/z.yaml', 'b.yaml']);
  });

  it.each([
    ['nothing at all', {}],
    ['no definition file', { 'README.md': '# Roles' }],
    ['only an empty file', { 'empty.yaml': '' }],
    ['only comments', { 'comments.yaml': '# nothing yet\n---\n# and nothing here\n' }],
  ])('with %s in it is an error, not a pass', (_, files) => {
    const { definitions, findings } = load(files);
    expect(definitions).toBeUndefined();
    expect(brief(findings)).toEqual(['.:1:1 error no-definitions']);
  });
});

describe('paths', () => {
  const files = { 'project.yaml': PROJECT, 'roles/one.yaml': role('one'), 'roles/two.txt': role('two') };

  it('may be several, files and folders, whatever a named file is called', () => {
    inFolder(files, (cwd) => {
      const { definitions, files: count } = loadDefinitions(['project.yaml', 'roles', 'roles/two.txt'], { cwd });
      expect(definitions?.environments[0]?.roles.map(({ name }) => name)).toEqual(['one', 'two']);
      expect(count).toBe(3);
    });
  });

  it('that lead to one file twice read it once', () => {
    inFolder(files, (cwd) => {
      symlinkSync(join(cwd, 'roles'), join(cwd, 'again'));
      const { findings, files: count } = loadDefinitions(['.', 'roles/one.yaml', join(cwd, 'again')], { cwd });
      expect(findings).toEqual([]);
      expect(count).toBe(2);
    });
  });

  it('are shown relative to the working directory, with forward slashes', () => {
    inFolder({ 'roles/deep/one.yaml': 'kind: Rol' }, (cwd) => {
      expect(brief(loadDefinitions(join(cwd, 'roles'), { cwd }).findings)).toEqual([
        'roles/deep/one.yaml:1:7 error unknown-kind',
      ]);
      expect(brief(loadDefinitions('..', { cwd: join(cwd, 'roles/deep') }).findings)).toEqual([
        'one.yaml:1:7 error unknown-kind',
      ]);
    });
  });

  it('that lead nowhere are told', () => {
    inFolder(files, (cwd) => {
      const { findings, definitions } = loadDefinitions(['project.yaml', 'rolse'], { cwd });
      expect(definitions).toBeUndefined();
      expect(brief(findings)).toEqual(['rolse:1:1 error file-unreadable']);
    });
  });

  it.each([
    ['an empty text', ['']],
    ['no path', []],
    ['a path with a null character', ['a\0b']],
  ])('of %s do not throw', (_, paths) => {
    inFolder({}, (cwd) => {
      expect(loadDefinitions(paths, { cwd }).findings.length).toBeGreaterThan(0);
    });
  });
});

describe('what is no readable file', () => {
  const tell = (prepare: (folder: string) => void): readonly string[] =>
    inFolder({ 'project.yaml': PROJECT, 'one.yaml': role('one') }, (cwd) => {
      prepare(cwd);
      const { definitions, findings } = loadDefinitions('.', { cwd });
      expect(definitions === undefined).toBe(findings.length > 0);
      return findings.map(({ at, message }) => `${at.file}: ${message}`);
    });

  it('a folder that is named like a file', () => {
    expect(tell((folder) => mkdirSync(join(folder, 'x.yaml')))).toEqual(['x.yaml: `x.yaml` is a folder, not a file.']);
  });

  it('a link to nothing', () => {
    expect(tell((folder) => symlinkSync('nowhere', join(folder, 'x.yaml')))).toEqual([
      'x.yaml: `x.yaml` does not exist, or is a link to something that does not.',
    ]);
  });

  it('a link to itself', () => {
    expect(tell((folder) => symlinkSync('x.yaml', join(folder, 'x.yaml')))).toEqual([
      'x.yaml: `x.yaml` is a symbolic link that leads back to itself.',
    ]);
  });

  it('a named pipe, which nobody writes to', () => {
    expect(tell((folder) => execFileSync('mkfifo', [join(folder, 'x.yaml')]))).toEqual([
      'x.yaml: `x.yaml` is a device, a pipe or a socket, not a file.',
    ]);
  });

  it('an endless device', () => {
    expect(tell((folder) => symlinkSync('/dev/zero', join(folder, 'x.yaml')))).toEqual([
      'x.yaml: `x.yaml` is a device, a pipe or a socket, not a file.',
    ]);
  });

  it('but links that loop are followed once', () => {
    expect(
      tell((folder) => {
        mkdirSync(join(folder, 'sub'));
        symlinkSync('..', join(folder, 'sub', 'up'));
        symlinkSync(folder, join(folder, 'self'));
      }),
    ).toEqual([]);
  });

  it('and a link to a file is read as the file', () => {
    expect(
      tell((folder) => {
        writeFileSync(join(folder, 'two.txt'), role('two').replace('access: write', 'access: wirte'));
        symlinkSync('two.txt', join(folder, 'two.yaml'));
      }),
    ).toEqual(['two.yaml: `access` is `wirte`; did you mean `write`?']);
  });

  it('folders that lie too deep', () => {
    const down = Array.from({ length: 40 }, () => 'd');
    expect(tell((folder) => mkdirSync(join(folder, ...down), { recursive: true }))).toEqual([
      expect.stringContaining('is more than 32 folders deep'),
    ]);
  });
});

describe('an encoding', () => {
  it('with a byte order mark is UTF-8, and the mark takes no column', () => {
    const text = `\ufeff${role('one').replace('kind: Role', 'kind: Rol')}`;
    expect(brief(load({ 'project.yaml': `\ufeff${PROJECT}`, 'one.yaml': text }).findings)).toEqual([
      'one.yaml:1:7 error unknown-kind',
    ]);
    expect(names({ 'project.yaml': `\ufeff${PROJECT}`, 'one.yaml': `\ufeff${role('one')}` })).toEqual(['one']);
  });

  it('with carriage returns before the line feeds is read as without', () => {
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    expect(names({ 'project.yaml': crlf(PROJECT), 'one.yaml': crlf(role('one')) })).toEqual(['one']);
    const { findings } = load({ 'project.yaml': PROJECT, 'one.yaml': crlf(role('one').replace('write', 'wirte')) });
    expect(findings.map(({ at }) => [at.line, at.column, at.text])).toEqual([[4, 9, 'access: wirte']]);
  });

  it('of letters beyond ASCII is counted in columns as they are read', () => {
    const text = role('one').replace('Upload build artefacts', '빌드 산출물을 🚀 올린다').replace('write', 'wirte');
    expect(brief(load({ 'project.yaml': PROJECT, 'one.yaml': text }).findings)).toEqual([
      'one.yaml:4:9 error wrong-value',
    ]);
  });

  it.each([
    ['UTF-16, little endian', Buffer.from(`\ufeff${ROLE}`, 'utf16le'), 'one.yaml:1:1 error file-encoding'],
    ['UTF-16, big endian', Buffer.from(`\ufeff${ROLE}`, 'utf16le').swap16(), 'one.yaml:1:1 error file-encoding'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x6b, 0, 0, 0]), 'one.yaml:1:1 error file-encoding'],
    ['UTF-16 without a mark', Buffer.from(ROLE, 'utf16le'), 'one.yaml:1:2 error control-character'],
    ['Latin-1', Buffer.from('kind: Role\nname: caf\xe9\n', 'latin1'), 'one.yaml:2:10 error file-encoding'],
    ['half a character at the end', Buffer.from([0x61, 0xe2, 0x82]), 'one.yaml:1:2 error file-encoding'],
    ['a null character', Buffer.from('kind: Role\nname: a\0b\n'), 'one.yaml:2:8 error control-character'],
    ['an escape character', Buffer.from('# \x1b[2J\nkind: Role\n'), 'one.yaml:1:3 error control-character'],
    ['a character that turns the direction', Buffer.from('# \u202eabc\n'), 'one.yaml:1:3 error control-character'],
    ['carriage returns alone', Buffer.from('kind: Role\rname: x\r'), 'one.yaml:1:11 error control-character'],
  ])('of %s is refused where it begins', (_, bytes, expected) => {
    const { definitions, findings } = load({ 'project.yaml': PROJECT, 'one.yaml': bytes });
    expect(definitions).toBeUndefined();
    expect(brief(findings)).toEqual([expected]);
  });
});

describe('a limit', () => {
  const only = (text: string | Uint8Array) => brief(load({ 'project.yaml': PROJECT, 'x.yaml': text }).findings);
  const filled = (bytes: number) => `${role('one')}${'#'.repeat(bytes - role('one').length)}`;

  it('of a file is one byte less than what is refused', () => {
    expect(only(filled(MAX_FILE_BYTES))).toEqual([]);
    expect(only(filled(MAX_FILE_BYTES + 1))).toEqual(['x.yaml:1:1 error file-limit']);
  });

  it('of a file holds for 10 MB, and says so', () => {
    const { findings } = load({ 'x.yaml': Buffer.alloc(10_000_000, 'kind: Role\n') });
    expect(findings.map(({ message }) => message)).toEqual([
      '`x.yaml` is too large to be definitions: at most 1048576 bytes are read, and it has 10000000 bytes.',
    ]);
  });

  it('of all files together ends the reading', () => {
    const count = MAX_TOTAL_BYTES / MAX_FILE_BYTES + 2;
    const comment = Buffer.alloc(MAX_FILE_BYTES, '#');
    const files = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`${String(index).padStart(3, '0')}.yaml`, comment]),
    );
    expect(brief(load(files).findings)).toEqual([`${String(count - 2).padStart(3, '0')}.yaml:1:1 error file-limit`]);
  });

  it('of words ends a file', () => {
    const line = '- 1\n';
    expect(only(line.repeat(MAX_TOKENS / 3))).toContain(`x.yaml:${MAX_TOKENS / 5 + 1}:1 error token-limit`);
  });

  it('of documents ends a file', () => {
    expect(only('--- {}\n'.repeat(MAX_DOCUMENTS + 10)).at(-1)).toContain('more-complaints');
    expect(only('---\n'.repeat(MAX_DOCUMENTS + 10))).toEqual([
      expect.stringMatching(/^x\.yaml:\d+:\d+ error document-limit$/),
    ]);
  });

  it.each([
    ['brackets', '['],
    ['braces', '{a: '],
    ['dashes', '- '],
    ['question marks', '? '],
  ])('of nesting is reached by %s without end', (_, piece) => {
    expect(only(piece.repeat(100_000))).toEqual([expect.stringContaining('nesting-limit')]);
  });

  it('of nesting is reached by indentation', () => {
    const deep = Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    expect(only(deep)).toEqual([expect.stringContaining('nesting-limit')]);
  });

  it.each([
    ['commas', `[${','.repeat(20_000)}]`],
    ['closing brackets', ']'.repeat(20_000)],
    ['tags', '! '.repeat(20_000)],
    ['anchors', '&a '.repeat(20_000)],
    ['stray stars', '* '.repeat(20_000)],
    ['directives', '%a\n'.repeat(20_000)],
    ['quotes', '"a" '.repeat(20_000)],
  ])('is not needed to answer thousands of faults by %s with one', (_, text) => {
    const found = only(text);
    expect(found.length).toBe(1);
  });

  it('of complaints shows the first and counts the rest, without making an error a warning', () => {
    const extra = Array.from({ length: MAX_FINDINGS_PER_FILE + 7 }, (_, index) => `extra_${index}: 1\n`).join('');
    const { findings } = load({ 'project.yaml': PROJECT, 'x.yaml': `${role('one')}${extra}` });
    expect(findings).toHaveLength(MAX_FINDINGS_PER_FILE + 1);
    expect(findings.at(-1)).toMatchObject({ id: 'more-complaints', severity: 'error' });
    expect(findings.at(-1)?.message).toBe('This file has 7 more problems, which are not listed.');
  });
});
