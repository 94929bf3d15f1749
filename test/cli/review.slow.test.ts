import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDefinitions } from '@leasehold/definitions';
import Ajv from 'ajv';
import { yamlSource } from '../../lib/cli/review-source';
import { reviewSchemaText } from '../../lib/review/render/json';
import { sampleReview } from '../review/render/sample';
import { expectGoldenText, leasehold, newFolder, project, removeFolders } from './support';

afterAll(removeFolders);

/** A configuration that has nothing to do with Leasehold, planned by the real Terraform. */
const THUMBNAILS = join(__dirname, 'plans', 'thumbnails');
const PLAN = readFileSync(join(THUMBNAILS, 'plan.json'));

/** A plan of the real Terraform that changes nothing. */
const NOTHING = JSON.stringify({
  format_version: '1.2',
  terraform_version: '1.11.4',
  planned_values: { root_module: {} },
  resource_changes: [],
  configuration: { root_module: {} },
});

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('review', () => {
  it('says in words what a plan changes', async () => {
    const { code, out, err } = await leasehold('review plan.json', { cwd: THUMBNAILS });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expectGoldenText('review-thumbnails.txt', out);
  });

  it('wraps to the terminal, and colours on one alone', async () => {
    const { out } = await leasehold('review plan.json', { cwd: THUMBNAILS, outColumns: 60 });
    expect(out).toContain('\u001b[31mcritical\u001b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one.
    const plain = out.replace(/\u001b\[\d+m/g, '');
    expect(plain.split('\n').filter((line) => line.length > 60)).toEqual([]);
    expect((await leasehold('review plan.json', { cwd: THUMBNAILS })).out).not.toContain('\u001b');
  });

  it('writes Markdown for a comment', async () => {
    const { code, out } = await leasehold('review plan.json --markdown --name thumbnails', { cwd: THUMBNAILS });
    expect(code).toBe(1);
    expectGoldenText('review-thumbnails.md', out);
  });

  it('writes JSON that its schema describes', async () => {
    const { out } = await leasehold('review plan.json --json', { cwd: THUMBNAILS });
    const validate = new Ajv({ strict: true }).compile(JSON.parse(reviewSchemaText()));
    expect([validate(JSON.parse(out)), validate.errors]).toEqual([true, null]);
    expect(JSON.parse(out).worst).toBe('critical');
  });

  it('writes SARIF whose places are lines of the configuration', async () => {
    const { out } = await leasehold('review plan.json --sarif', { cwd: THUMBNAILS });
    const [run] = JSON.parse(out).runs;
    const lines = readFileSync(join(THUMBNAILS, 'main.tf'), 'utf8').split('\n');
    expect(run.results.length).toBeGreaterThan(0);
    for (const { locations } of run.results) {
      const [{ physicalLocation, logicalLocations }] = locations;
      const [, type, name] = logicalLocations[0].fullyQualifiedName.match(/^(\w+)\.([\w-]+)/) ?? [];
      expect(physicalLocation.artifactLocation).toEqual({ uri: 'main.tf', uriBaseId: '%SRCROOT%' });
      expect(lines[physicalLocation.region.startLine - 1]).toBe(`resource "${type}" "${name}" {`);
    }
  });

  it('writes everything that CI needs in one run, in the formats of the endings', async () => {
    const cwd = folderWith({ 'plan.json': PLAN });
    const files = ['review.md', 'review.json', 'review.sarif', 'review.sarif.json', 'review.txt'];
    const { code, out } = await leasehold(['review', 'plan.json', ...files.flatMap((file) => ['--out', file])], {
      cwd,
      outColumns: 80,
    });
    expect(code).toBe(1);
    expect(out).toContain('\u001b[');
    const read = (name: string) => readFileSync(join(cwd, name), 'utf8');
    expect(read('review.md')).toBe((await leasehold('review plan.json --markdown', { cwd })).out);
    expect(read('review.json')).toBe((await leasehold('review plan.json --json', { cwd })).out);
    expect(read('review.sarif')).toBe((await leasehold('review plan.json --sarif', { cwd })).out);
    expect(read('review.sarif.json')).toBe(read('review.sarif'));
    expect(read('review.txt')).toBe((await leasehold('review plan.json', { cwd })).out);
  });

  it.each([
    ['--fail-on info', 1],
    ['--fail-on high', 1],
    ['', 1],
    ['--fail-on critical', 1],
  ])('of a plan whose worst finding is critical, ends with %s with %d', async (options, code) => {
    expect((await leasehold(`review plan.json ${options}`, { cwd: THUMBNAILS })).code).toBe(code);
  });

  it.each(['--fail-on info', '--fail-on critical', ''])(
    'of a plan that changes nothing, ends %s with 0',
    async (options) => {
      const cwd = folderWith({ 'plan.json': NOTHING });
      const { code, out, err } = await leasehold(`review plan.json ${options}`, { cwd });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^No identity can do more or less than before; no findings\./);
    },
  );

  it('takes accounts that are its own as such', async () => {
    const foreign = PLAN.toString('utf8')
      .replaceAll('sts:AssumeRoleWithWebIdentity', 'sts:AssumeRole')
      .replaceAll(
        /\\"Federated\\":\\"arn:aws:iam::111122223333:oidc-provider[^"]*"/g,
        '\\"AWS\\":\\"arn:aws:iam::444455556666:root\\"',
      );
    const cwd = folderWith({ 'plan.json': foreign });
    const ids = async (options: string): Promise<string[]> =>
      JSON.parse((await leasehold(`review plan.json --json ${options}`, { cwd })).out).findings.map(
        ({ id }: { id: string }) => id,
      );
    expect(await ids('')).toContain('external-account');
    expect(await ids('--account 444455556666')).not.toContain('external-account');
  });
});

describe('review refuses, before it reads anything,', () => {
  it.each([
    ['an ending that names no format', '--out review.html', '.md, .sarif, .sarif.json, .json or .txt'],
    ['to write over the plan', '--out plan.json', 'neither the plan nor named twice'],
    ['to write over the plan by another path', '--out ./x/../plan.json', 'neither the plan nor named twice'],
    ['to write a file twice', '--out a.json --out ./a.json', 'neither the plan nor named twice'],
    ['a name that could end the marker', '--name -->', 'letters, digits'],
    ['an account that is none', '--account 1234', 'twelve digits'],
    ['a severity that there is not', '--fail-on awful', 'info, low, medium, high, critical'],
    ['two formats at once', '--json --markdown', 'cannot be used with option'],
    ['no plan', '', "missing required argument 'plan'"],
  ])('%s', async (what, options, said) => {
    const cwd = folderWith({ 'plan.json': PLAN });
    const { code, out, err } = await leasehold(`review ${what === 'no plan' ? '' : 'plan.json'} ${options}`, { cwd });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
    expect(readFileSync(join(cwd, 'plan.json')).equals(PLAN)).toBe(true);
  });
});

describe('a plan that cannot be read ends with 2, says where, and leaves no output:', () => {
  const refused = async (text: string | Uint8Array) => {
    const cwd = folderWith({ 'plan.json': text });
    const ran = await leasehold('review plan.json --out review.md', { cwd });
    return { ...ran, written: existsSync(join(cwd, 'review.md')) };
  };

  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /nothing to read/],
    ['no JSON', 'Error: no such plan', /byte 0/],
    ['another JSON', '{"a": 1}', /plan/],
    ['a list', '[]', /plan/],
    ['a state', '{"version": 4, "terraform_version": "1.11.4", "lineage": "x", "resources": []}', /state/],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe]), /byte 1/],
    ['a plan that failed', NOTHING.replace('{', '{"errored": true,'), /could not|fail|error/i],
    ['a format of tomorrow', NOTHING.replace('1.2', '2.0'), /2\.0/],
    [
      'a resource that is none',
      NOTHING.replace('"resource_changes":[]', '"resource_changes":[7]'),
      /\/resource_changes\/0/,
    ],
  ])('%s', async (_, text, said) => {
    const { code, out, err, written } = await refused(text);
    expect({ code, out, written }).toEqual({ code: 2, out: '', written: false });
    expect(err).toMatch(said);
    expect(err).toMatch(/^error: plan\.json: .+\n {2}hint: {5}.+\n$/);
  });

  it('a plan that is not there, or is a folder', async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'plan'));
    for (const [name, said] of [
      ['plan.json', 'no such file or folder'],
      ['plan', 'it is a folder'],
    ] as const) {
      const { code, out, err } = await leasehold(`review ${name}`, { cwd });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(said);
    }
  });

  it('a plan cut off anywhere', async () => {
    const end = PLAN.toString('utf8').trimEnd().length;
    for (let length = 1; length < end; length += 397) {
      const { code, out, err, written } = await refused(PLAN.subarray(0, length));
      expect({ length, code, out, written }).toEqual({ length, code: 2, out: '', written: false });
      expect(err).toMatch(new RegExp(`^error: plan\\.json: .*byte ${length}\\b`));
    }
  });
});

it('a definition beside the plan gives SARIF the line of its YAML', async () => {
  const cwd = newFolder();
  mkdirSync(join(cwd, 'roles'));
  for (const file of ['project.yaml', 's3-deploy.yaml']) {
    copyFileSync(join(__dirname, 'projects', 'hermes', 'roles', file), join(cwd, 'roles', file));
  }
  const plan = JSON.parse(PLAN.toString('utf8'));
  const text = JSON.stringify(plan).replaceAll('thumbnails-deploy', 'hermes-dev-s3-deploy');
  writeFileSync(join(cwd, 'plan.json'), text);
  const { out } = await leasehold('review plan.json --sarif', { cwd });
  const yaml = readFileSync(join(cwd, 'roles', 's3-deploy.yaml'), 'utf8').split('\n');
  const places = JSON.parse(out).runs[0].results.map(
    ({ locations: [{ physicalLocation, logicalLocations }] }: { locations: readonly [Located] }) => [
      logicalLocations[0].fullyQualifiedName,
      physicalLocation.artifactLocation.uri,
      yaml[physicalLocation.region.startLine - 1]?.split(':')[0],
    ],
  );
  expect(places).toContainEqual(['aws_iam_role.deploy', 'roles/s3-deploy.yaml', '  - actions']);
  expect(places).toContainEqual(['aws_iam_role.deploy.assume_role_policy', 'roles/s3-deploy.yaml', 'gate']);
  expect(places).toContainEqual(['aws_iam_role_policy.function.policy', 'plan.json', expect.anything()]);
});

interface Located {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startLine: number };
  };
  readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string }];
}

it('a change that stands in the output alone is at the lease of its role', () => {
  const { definitions } = loadDefinitions(['roles'], { cwd: project('hermes') });
  if (definitions === undefined) throw new Error('the definitions cannot be read');
  const [finding] = sampleReview().findings;
  if (finding === undefined) throw new Error('no finding');
  const source = yamlSource(definitions, sampleReview());
  const of = (address: string, attribute: string) =>
    source({ ...finding, place: { address, attribute }, identity: 'x' });
  const yaml = readFileSync(join(project('hermes'), 'roles', 's3-deploy.yaml'), 'utf8').split('\n');
  const line = of('output.leasehold', 'roles.s3-deploy');
  expect([line?.file, yaml[(line?.line ?? 0) - 1]?.slice(0, 6)]).toEqual(['roles/s3-deploy.yaml', 'lease:']);
  expect(of('output.leasehold', 'roles.toString')).toBeUndefined();
  expect(of('output.other', 'roles.s3-deploy')).toBeUndefined();
});
