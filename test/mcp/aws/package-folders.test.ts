/** Code of SDK clients runs in the server: it is loaded only from folders that no model can write to. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeFault, modulesAbove } from '../../../lib/mcp/aws/package-folders';
import { SdkPackages } from '../../../lib/mcp/aws/sdk-package';
import { FileFolder } from '../../../lib/mcp/files';

let above: string;
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'leasehold-mcp-'));
  for (const name of ['sdk', 'out', 'sdk/out']) mkdirSync(join(above, name), { mode: 0o700 });
});
afterEach(() => rmSync(above, { recursive: true, force: true }));

/** A package in a folder, whose code leaves a mark when it runs. */
function install(modules: string, manifest: object | undefined, name = '@aws-sdk/client-evil') {
  const folder = join(modules, name);
  mkdirSync(folder, { recursive: true });
  if (manifest !== undefined) writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'index.js'), 'globalThis.evilRan = true; exports.ListThingsCommand = class {};');
}

const evil = { prefix: 'evil', packages: ['evil'] };
const asks = (folders: readonly string[]) => () => new SdkPackages(folders).operation(evil, 'NoSuchOperation');
const missing = expect.objectContaining({ code: 'client-missing', hint: expect.stringContaining('--sdk') });

it('a client is loaded from a folder of --sdk', () => {
  install(join(above, 'sdk', 'node_modules'), { name: '@aws-sdk/client-evil' });
  expect(asks([join(above, 'sdk')])).toThrow(expect.objectContaining({ code: 'unknown-operation' }));
});

describe('a client is not loaded', () => {
  const HOME = process.env.HOME;
  const cwd = process.cwd();
  afterEach(() => {
    process.env.HOME = HOME;
    process.chdir(cwd);
  });

  it('from the working directory or the home, which nobody named', () => {
    for (const modules of ['node_modules', '.node_modules', '.node_libraries']) {
      install(join(above, modules), { name: '@aws-sdk/client-evil' });
    }
    process.env.HOME = above;
    process.chdir(above);
    expect(asks([])).toThrow(missing);
  });

  it('from a folder above that of --sdk', () => {
    install(join(above, 'node_modules'), { name: '@aws-sdk/client-evil' });
    expect(asks([join(above, 'sdk')])).toThrow(missing);
  });

  it.each<[string, object | undefined]>([
    ['without a package.json', undefined],
    ['with the name of another package', { name: 'client-evil' }],
    ['whose code is elsewhere', { name: '@aws-sdk/client-evil', main: '../../../../out/index.js' }],
  ])('from a folder %s', (_, manifest) => {
    writeFileSync(join(above, 'out', 'index.js'), 'globalThis.evilRan = true;');
    install(join(above, 'sdk', 'node_modules'), manifest);
    expect(asks([join(above, 'sdk')])).toThrow(missing);
  });
});

describe('clients beside Leasehold are searched for', () => {
  const code = (...path: readonly string[]) => {
    const folder = join(above, ...path, 'dist', 'aws');
    mkdirSync(folder, { recursive: true });
    return folder;
  };

  it.each([
    ['beside it', ['srv', 'node_modules', '@leasehold', 'mcp'], 'srv'],
    ['globally', ['lib', 'node_modules', 'leasehold', 'node_modules', '@leasehold', 'mcp'], 'lib'],
    ['by pnpm', ['srv', 'node_modules', '.pnpm', '@leasehold+mcp@1', 'node_modules', '@leasehold', 'mcp'], 'srv'],
  ])('up to the folder in which it is installed %s, and not in the home above it', (_, path, last) => {
    const folder = code(...path);
    for (const modules of [join(last, 'node_modules'), 'node_modules']) {
      mkdirSync(join(above, modules, 'leasehold'), { recursive: true });
    }
    expect(modulesAbove(folder).at(-1)).toBe(join(above, last, 'node_modules'));
  });

  it('nowhere if it is installed nowhere', () => {
    expect(modulesAbove(code('unpacked'))).toEqual([]);
  });
});

describe('the folder for files', () => {
  const demand = async (files: string, ...folders: readonly string[]) =>
    (await FileFolder.open(join(above, files))).demandNoCode(folders.map((each) => join(above, each)));

  it.each([
    ['equals that of --sdk', 'sdk', 'sdk'],
    ['contains it', '.', 'sdk'],
    ['is in it', 'sdk/out', 'sdk'],
    ['leads into it', 'link', 'sdk'],
    ['is apart from one that does not exist yet', 'out', 'out/later'],
    ['is in node_modules', 'node_modules/x/files', 'sdk'],
    ['contains node_modules', 'app', 'sdk'],
  ])('is refused if it %s', async (_, files, sdk) => {
    symlinkSync(join(above, 'sdk', 'out'), join(above, 'link'));
    mkdirSync(join(above, 'app', 'node_modules'), { recursive: true, mode: 0o700 });
    await expect(demand(files, 'out', sdk)).rejects.toMatchObject({ code: 'file-refused' });
  });

  it('is refused if it contains the code of Leasehold', () => {
    expect(codeFault(join(__dirname, '..', '..', '..', 'lib', 'mcp'), [])).toContain('contains the code of Leasehold');
  });

  it('can be beside it', async () => {
    await expect(demand('out', 'sdk')).resolves.toBeUndefined();
  });
});
