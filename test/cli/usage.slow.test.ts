/** `leasehold usage`: the report, JSON, proposals in files, and what it refuses. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDefinitions } from '@leasehold/definitions';
import { STORE, storeFile, wholeResult } from '../usage/support/lake';
import { aCall, anIssue, evidence, type Fields } from '../usage/support/records';
import { expectGoldenText, leasehold } from './support';

const ROOT = join(__dirname, '..', '..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-usage-'));
  cpSync(join(ROOT, 'roles'), join(folder, 'roles'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(records: readonly Fields[], name = 'trail.json'): void {
  writeFileSync(join(folder, name), JSON.stringify({ Records: records }));
}

/** The same work in both environments of the reference project. */
function work(): readonly Fields[] {
  const { definitions } = loadDefinitions(['roles'], { cwd: folder });
  const environments = definitions?.environments ?? [];
  const others = environments.flatMap(({ account }) => evidence(account));
  const calls = environments.flatMap((environment, index) => {
    const role = environment.roles.find(({ name }) => name === 'ec2-read');
    if (role === undefined) throw new Error('no role');
    const session = `lh-${index}`;
    const call = (name: string, overrides: Fields = {}) => aCall(role, name, overrides, session, environment);
    return [
      anIssue(role, session, {}, environment),
      call('ec2.DescribeInstances'),
      call('ec2.DescribeInstances', { eventTime: '2026-11-22T10:00:00Z' }),
      call('ec2.DescribeVpcs'),
      call('ec2.StartInstances', {
        errorCode: 'Client.UnauthorizedOperation',
        errorMessage: 'You are not authorized \u202e\u001b[2J',
        requestParameters: { instancesSet: { items: [{ instanceId: 'i-0\u001b[31m' }] } },
      }),
    ];
  });
  return [...others, ...calls];
}

const run = (line: string) => leasehold(line, { cwd: folder });

it('shows what was read, used and denied, and proposes narrower roles', async () => {
  write(work());
  const { code, out, err } = await run('usage --events trail.json --leases --propose');
  expect([code, err]).toEqual([0, '']);
  expectGoldenText('usage.txt', out);
  for (const hidden of ['\u202e', '\u001b[2J', '\u001b[31m']) expect(out).not.toContain(hidden);
});

it('changes the definitions with --write, so that nothing is left to propose', async () => {
  write(work());
  expect((await run('usage --events trail.json --write')).code).toBe(0);
  const after = readFileSync(join(folder, 'roles', 'ec2-read.yaml'), 'utf8');
  expect(after.match(/ec2:Describe\w+/g)).toEqual(['ec2:DescribeInstances', 'ec2:DescribeVpcs']);
  expect((await run('validate')).code).toBe(0);
  const { out } = await run('usage --events trail.json --propose');
  expect(out).toContain('No narrower role is proposed.');
});

it('changes no file that was changed while the events were read', async () => {
  const [pipe, role] = [join(folder, 'events'), join(folder, 'roles', 'ec2-read.yaml')];
  execFileSync('mkfifo', [pipe]);
  const running = run('usage --events events --write');
  // Opens only when the command reads the events, after it has read the definitions.
  const writer = await open(pipe, 'w');
  const before = readFileSync(role, 'utf8');
  const [used, unused] = ['ec2:DescribeInstances', 'ec2:DescribeVolumes'];
  const after = before.replace(used, '@').replace(unused, used).replace('@', unused);
  expect(after).not.toBe(before);
  writeFileSync(role, after);
  await writer.writeFile(JSON.stringify({ Records: work() }));
  await writer.close();
  const { code, out, err } = await running;
  expect([code, err]).toEqual([2, expect.stringContaining('ec2-read.yaml was changed in the meantime')]);
  expect(out).toContain(`-      - ${unused}`);
  expect(out).not.toContain(`-      - ${used}`);
  expect(readFileSync(role, 'utf8')).toBe(after);
});

it('prints JSON for programs, with nothing that hides', async () => {
  write(work());
  const { code, out } = await run('usage --events trail.json --json --propose --env dev --role ec2-read');
  const json = JSON.parse(out) as {
    roles: readonly Record<string, unknown>[];
    proposal: { kept: readonly { why: string }[] };
  };
  expect([code, json.roles.length]).toEqual([0, 1]);
  expect(json.roles[0]).toMatchObject({
    environment: 'dev',
    role: 'ec2-read',
    asked: 1,
    granted: 1,
    refused: 0,
    calls: 3,
    deniedCalls: 1,
  });
  expect(json.proposal.kept.every(({ why }) => why.startsWith('it is also in prod/ec2-read'))).toBe(true);
  expect(out).not.toContain('\u202e');
});

it('ends with 1 if a part could not be read, and names the part', async () => {
  write(work());
  writeFileSync(join(folder, 'other.json'), '{"Records":[{"a":');
  const { code, out } = await run('usage --events trail.json --events other.json');
  expect(code).toBe(1);
  expect(out).toContain('1 part could not be read, so that nothing is reported as unused');
  expect(out).toContain('other.json: The text ends early');
});

it('continues from a state file', async () => {
  write(work());
  const first = await run('usage --events trail.json --state state.json --json');
  const second = await run('usage --events trail.json --state state.json --json');
  expect([first.code, second.code]).toEqual([0, 0]);
  const [a, b] = [first, second].map(({ out }) => JSON.parse(out) as { resumed: number; roles: unknown });
  expect([a?.resumed, b?.resumed, b?.roles]).toEqual([0, 1, a?.roles]);
  const other = await run('usage --events trail.json --state state.json --since 2026-11-01');
  expect([other.code, other.err]).toEqual([
    2,
    expect.stringContaining('belongs to a run with other definitions, another window or another version'),
  ]);
});

it('reads query results of CloudTrail Lake, and claims what the query and the store cover', async () => {
  mkdirSync(join(folder, 'results'));
  for (const [name, content] of Object.entries(wholeResult(work())))
    writeFileSync(join(folder, 'results', name), content);
  const { text } = storeFile({
    EventDataStoreArn: `arn:aws:cloudtrail:eu-west-1:210987654321:eventdatastore/${STORE}`,
    OrganizationEnabled: true,
  });
  writeFileSync(join(folder, 'store.json'), text);
  const statuses = async (options: string) => {
    const { code, out, err } = await run(`usage --lake results ${options} --json --env dev --role ec2-read`);
    expect([code, err]).toEqual([0, '']);
    const { roles } = JSON.parse(out) as { roles: readonly { actions: readonly { text: string; status: string }[] }[] };
    return Object.fromEntries(roles[0]?.actions.map((action) => [action.text, action.status]) ?? []);
  };
  expect(await statuses('--selectors store.json')).toMatchObject({
    'ec2:DescribeInstances': 'used',
    'ec2:DescribeSubnets': 'unused',
  });
  expect((await statuses(''))['ec2:DescribeSubnets']).toBe('unknown');
  expect((await statuses('--selectors store.json --since 2026-10-01'))['ec2:DescribeSubnets']).toBe('unknown');
});

it.each<[line: string, says: string]>([
  ['usage', 'no source of events is named'],
  ['usage --lake nowhere', 'cannot be read'],
  ['usage --events nowhere', 'cannot be read'],
  ['usage --events s3://A_B', 'is no address of a bucket'],
  ['usage --lookup', '--lookup reads one account'],
  ['usage --events trail.json --since 1.11.2026', 'is not a date'],
  ['usage --events trail.json --since 2026-11-02 --until 2026-11-01', '--until is not after --since'],
  ['usage --events trail.json --selectors roles/project.yaml', 'does not contain event selectors'],
  ['usage --events trail.json --records trail.json', 'is no exported audit'],
  ['usage --events trail.json --records nowhere', 'cannot be read: no such file or folder'],
  ['usage --events trail.json --role nobody', 'no chosen environment has the role "nobody"'],
  ['usage --events trail.json --env nowhere', 'has no environment "nowhere"'],
])('%s is a wrong command line', async (line, says) => {
  write([]);
  const { code, out, err } = await run(line);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(says);
});
