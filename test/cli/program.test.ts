import { COMMANDS } from '../../lib/cli/program';
import { expectGoldenText, leasehold, newFolder, removeFolders } from './support';

afterAll(removeFolders);

const NAMES = COMMANDS.map(({ name }) => name);

describe('help', () => {
  it('lists the commands', async () => {
    const { code, out, err } = await leasehold('--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expectGoldenText('help.txt', out);
    for (const name of NAMES) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each(NAMES)('of `%s` has an example and the exit codes, and goes to stdout', async (name) => {
    const { code, out, err } = await leasehold([name, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Usage: leasehold /);
    expect(out).toMatch(/\nExamples:\n {2}# .+\n {2}\S+/);
    expect(out).toMatch(/\nExit codes:\n {2}0 {3}.+\n(.*\n)* {2}2 {3}.+\n/);
  });

  it('of a command may also be asked for with `help`', async () => {
    expect(await leasehold('help synth')).toEqual(await leasehold('synth --help'));
  });

  it('keeps to the width of the terminal', async () => {
    const { out } = await leasehold('explain --help', { outColumns: 70 });
    const own = out.slice(0, out.indexOf('Examples:'));
    expect(Math.max(...own.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70);
  });

  it('is what a line without a command shows, on stderr, as a mistake', async () => {
    const { code, out, err } = await leasehold('');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Commands:');
  });

  it('tells the version', async () => {
    expect(await leasehold('--version')).toEqual({ code: 0, out: '0.1.0\n', err: '' });
  });
});

describe('a line that cannot be carried out ends with exit code 2, on stderr alone', () => {
  it.each([
    ['an unknown command', 'valdate', /unknown command 'valdate'\n\(Did you mean validate\?\)/],
    ['an unknown option', 'validate --jsn', /unknown option '--jsn'\n\(Did you mean --json\?\)/],
    ['two formats at once', 'validate --json --sarif', /'--json' cannot be used with option '--sarif'/],
    ['an argument too many', 'init one two', /too many arguments/],
    ['a missing argument', 'can', /missing required argument 'role'/],
    [
      'an unknown environment',
      'synth --env prd',
      /no environment "prd"\n {2}expected: dev or prod\n {2}hint: {5}Did you mean "prod"\?/,
    ],
    ['an unknown environment unlike any', 'graph --env zzz', /hint: {5}Name one of the defined environments/],
    ['an unknown agent', 'skill --agent agnt', /no agent "agnt"\n.*\n {2}hint: {5}Did you mean "agent"\?/],
    ['an unknown role', 'can s3-deplyo', /no role "s3-deplyo"\n.*\n {2}hint: {5}Did you mean "s3-deploy"\?/],
    [
      'no environment where there are several',
      'explain ec2-read --trust',
      /expected: --env dev or --env prod\n {2}hint: {5}Add --env dev\./,
    ],
  ])('%s', async (_, line, told) => {
    const { code, out, err } = await leasehold(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(told);
    expect(err).toMatch(/^error: /m);
  });

  it('shows an unknown name without obeying what is in it', async () => {
    const { err } = await leasehold(['can', 'x\u001b[2J']);
    expect(err).toContain('x\\x1b[2J');
    expect(err).not.toContain('\u001b');
  });

  it('names the place and the cause where the system refuses', async () => {
    const folder = newFolder();
    const file = `${folder}/file`;
    await leasehold(['init', file]);
    const { code, out, err } = await leasehold(['init', `${file}/README.md/deeper`]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`error: ${file}/README.md/deeper: it is not a folder\n`);
    expect(err).toContain('hint:');
  });
});

describe('definitions that cannot be read end with exit code 1', () => {
  it.each(['validate', 'synth', 'graph', 'skill', 'start', 'can ec2-read', 'explain ec2-read --trust'])(
    '`leasehold %s` where there is no roles folder names the place, the cause and the fix',
    async (line) => {
      const { code, out, err } = await leasehold(line, { cwd: newFolder() });
      expect(code).toBe(1);
      expect(line === 'validate' ? out : err).toMatch(
        /^roles:1:1 error `roles` .* \[file-unreadable\]\n {2}hint: {5}\S/,
      );
      if (line !== 'validate') expect(out).toBe('');
    },
  );
});

it('a defect of its own is told as one, with exit code 70, and where it arose only when that is asked for', async () => {
  const { code, out, err } = await leasehold('validate', { today: 'never' });
  expect({ code, out }).toEqual({ code: 70, out: '' });
  expect(err).toMatch(
    /^error: a defect in Leasehold: today must be YYYY-MM-DD, got never\n {2}hint: {5}.*LEASEHOLD_DEBUG=1.*\n$/,
  );

  const traced = await leasehold('validate', { today: 'never', env: { LEASEHOLD_DEBUG: '1' } });
  expect(traced.err).toMatch(/\n {4}at .*check\.ts/);
});
