import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectGoldenText, leasehold, newFolder, project, removeFolders } from './support';

afterAll(removeFolders);

describe('synth', () => {
  it('writes a stack an environment, and puts one table on stdout', async () => {
    const folder = newFolder();
    const { code, out, err } = await leasehold(['synth', '--out', folder]);
    expect(code).toBe(0);
    expectGoldenText('synth.txt', out);
    for (const stack of ['hermes-dev', 'hermes-prod']) {
      expect(err).toContain(`wrote ${join(folder, 'stacks', stack)}\n`);
      expect(existsSync(join(folder, 'stacks', stack, 'cdk.tf.json'))).toBe(true);
    }
  });

  it('prints the waivers in force, on stderr', async () => {
    const { err } = await leasehold(['synth', '--out', newFolder()]);
    expect(err).toContain('waived scoped-resources for role queue-clean, until 2027-03-31');
    expect(err).toContain('because: The queues are made anew every night');
  });

  it('writes and shows only the environments that are named', async () => {
    const folder = newFolder();
    const { code, out } = await leasehold(['synth', '--env', 'prod', '--out', folder]);
    expect(code).toBe(0);
    expectGoldenText('synth-prod.txt', out);
    expect(readdirSync(join(folder, 'stacks'))).toEqual(['hermes-prod']);
  });

  it('writes where cdktf-cli says, so that it can be the app of a cdktf.json', async () => {
    const folder = newFolder();
    const { code, err } = await leasehold('synth --env dev --env prod', { env: { CDKTF_OUTDIR: folder } });
    expect(code).toBe(0);
    // cdktf-cli shows each word on stderr as an error: nothing but the waivers is left there.
    expect(err).toMatch(/^waived .*\n {2}because: .*\n {2}sets aside: .*\n\n$/);
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    expect(Object.keys(manifest.stacks)).toEqual(['hermes-dev', 'hermes-prod']);
  });

  it('lets --out go before CDKTF_OUTDIR, and reads it from the working directory', async () => {
    const [folder, other] = [newFolder(), newFolder()];
    const paths = join(project('hermes'), 'roles');
    const { code } = await leasehold(['synth', paths, '--out', 'here'], { cwd: folder, env: { CDKTF_OUTDIR: other } });
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual(['here']);
    expect(readdirSync(other)).toEqual([]);
  });

  it('writes nothing when there is an error, tells it on stderr, and ends with 1', async () => {
    const folder = join(newFolder(), 'out');
    const { code, out, err } = await leasehold(['synth', '--out', folder], { cwd: project('broken') });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('roles/bad-scope.yaml:8:15 error');
    expect(existsSync(folder)).toBe(false);
  });

  it('has no column of environments where every role is the same in all of them', async () => {
    const { out } = await leasehold(['synth', '--out', newFolder(), 'roles/project.yaml', 'roles/ec2-read.yaml']);
    expect(out).toMatch(/^role +access /);
    expect(out).not.toContain('dev');
  });

  it('counts what a wildcard stands for', async () => {
    const { out } = await leasehold(['synth', '--out', newFolder()]);
    const listed = (await leasehold('can ec2-read --env dev')).out.match(/^ {2}ec2:/gm) ?? [];
    expect(listed.length).toBeGreaterThan(3);
    expect(out).toMatch(new RegExp(`^ec2-read .* ${listed.length}  any `, 'm'));
  });

  it.each([80, 60])('fits a terminal of %i columns', async (outColumns) => {
    const { out } = await leasehold(['synth', '--out', newFolder()], { outColumns, env: { NO_COLOR: '1' } });
    expectGoldenText(`synth-${outColumns}.txt`, out);
  });
});

describe('start', () => {
  it('validates, synthesizes, sums up and says what to do next', async () => {
    const out = newFolder();
    const { code, ...said } = await leasehold('start', { env: { CDKTF_OUTDIR: out } });
    expect(code).toBe(0);
    expectGoldenText('start.txt', said.out.replaceAll(out, '/out'));
    expect(existsSync(join(out, 'stacks', 'hermes-dev', 'cdk.tf.json'))).toBe(true);
  });

  it('stops at errors', async () => {
    const { code, out, err } = await leasehold('start', { cwd: project('broken') });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('[known-action]');
  });
});
