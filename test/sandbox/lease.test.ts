/** Trying a role without a client: `lease`, `may`, `decide`, and what platforms hand out. */
import { Credentials, type Sandbox, SandboxError } from '@leasehold/sandbox';
import { anAgent, anEnvironment, aReleaseRole, IDENTITIES } from '../support/environment';
import { aSandbox } from './support/sandbox';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await aSandbox();
});
afterEach(() => sandbox.stop());

const OBJECT = 'arn:aws:s3:::hermes-dev-deploy/1.4.2/app.js';
const release = { parameters: { release: '1.4.2' } };

it('opens a role as often as a test likes, each time by a lease of its own', async () => {
  const leases = [await sandbox.lease('s3-deploy', release), await sandbox.lease('hermes-dev-s3-deploy', release)];
  expect(leases.map((lease) => sandbox.may(lease, 's3:PutObject', OBJECT))).toEqual([true, true]);
  expect(sandbox.log.events.map(({ requestParameters }) => requestParameters?.roleSessionName)).toEqual([
    'lh-1',
    'lh-2',
  ]);
});

it('lists every action that a lease may do on a resource, so that a test can pin them', async () => {
  const lease = await sandbox.lease('s3-deploy', { parameters: { release: '1.4.2' } });
  expect(await sandbox.actions(lease, OBJECT)).toEqual(['s3:GetObject', 's3:PutObject']);
  expect(await sandbox.actions(lease, 'arn:aws:s3:::hermes-dev-deploy/1.4.20/app.js')).toEqual([]);
  const bucket = 'arn:aws:s3:::hermes-dev-deploy';
  expect(await sandbox.actions(lease, bucket)).toEqual([]);
  expect(await sandbox.actions(lease, bucket, { 's3:prefix': '1.4.2/' })).toEqual(['s3:ListBucket']);
  expect(await sandbox.actions(sandbox.keys, OBJECT)).toEqual([]);
  expect((await sandbox.actions(sandbox.administrator, OBJECT)).length).toBeGreaterThan(30);
});

it.each(['*', 'hermes-dev-deploy', 'arn:aws:s4:::hermes-dev-deploy'])(
  'lists no actions on %s, which is no resource of AWS',
  async (resource) => {
    await expect(sandbox.actions(sandbox.administrator, resource)).rejects.toThrow(SandboxError);
  },
);

it('says what decided', async () => {
  const lease = await sandbox.lease('s3-deploy', release);
  expect(sandbox.decide(lease, 's3:PutObject', OBJECT)).toEqual({
    outcome: 'allowed',
    action: 's3:PutObject',
    resource: OBJECT,
    statement: { policy: 'inline policy s3-deploy', index: 0 },
    because: 'Statement 1 of inline policy s3-deploy allows it.',
  });
  expect(
    sandbox.decide(lease, 's3:ListBucket', 'arn:aws:s3:::hermes-dev-deploy', { 's3:prefix': '1.4.1/' }),
  ).toMatchObject({
    outcome: 'implicitly denied',
    because: expect.stringContaining('no statement allows it in the identity policies'),
  });
  expect(sandbox.may(lease, 's3:ListBucket', 'arn:aws:s3:::hermes-dev-deploy', { 's3:prefix': '1.4.2/' })).toBe(true);
  expect(sandbox.decide(sandbox.keys, 's3:PutObject', OBJECT)).toMatchObject({
    outcome: 'explicitly denied',
    statement: { sid: 'NothingButAsk' },
  });
});

it.each([
  ['no role', 'none', release, 'There is no role none'],
  ['a parameter left out', 's3-deploy', {}, 'The lease was refused: AccessDenied'],
  ['a parameter too many', 's3-deploy', { parameters: { release: '1', other: '2' } }, 'AccessDenied'],
  ['a reason too short', 's3-deploy', { ...release, reason: 'why not' }, 'AccessDenied'],
  ['a duration that the role does not allow', 's3-deploy', { ...release, seconds: 3601 }, 'MaxSessionDuration'],
])('throws for %s', async (_, role, options, message) => {
  await expect(sandbox.lease(role, options)).rejects.toThrow(message);
});

it.each([
  ['a key of nobody', { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' }],
  ['a wrong secret', () => ({ accessKeyId: sandbox.keys.accessKeyId, secretAccessKey: 'x' })],
])('decides nothing for %s', (_, parts) => {
  const credentials = new Credentials(typeof parts === 'function' ? parts() : parts);
  expect(() => sandbox.may(credentials, 's3:PutObject', OBJECT)).toThrow(SandboxError);
});

it('decides nothing for a lease that is over', async () => {
  const lease = await sandbox.lease('s3-deploy', release);
  sandbox.clock.advance(900);
  expect(() => sandbox.may(lease, 's3:PutObject', OBJECT)).toThrow('expired-token');
});

describe('a workload', () => {
  const environment = anEnvironment({
    agents: [anAgent({ identity: IDENTITIES.lambda })],
    roles: [aReleaseRole({ gates: ['broker'] })],
  });

  it('has the credentials that its platform hands it, which can do nothing', async () => {
    const other = await aSandbox(environment);
    const base = other.platformCredentials('hermes-dev-agent');
    expect(other.decide(base, 's3:PutObject', OBJECT).outcome).toBe('explicitly denied');
    expect(() => other.keys).toThrow('No agent of the definitions is an IAM user');
    await other.stop();
  });

  it('cannot be handed a purpose role, and the broker can open one', async () => {
    const other = await aSandbox(environment);
    expect(() => other.platformCredentials('hermes-dev-s3-deploy')).toThrow('purpose role');
    const broker = other.platformCredentials('hermes-dev-broker', 'lambda');
    const role = 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy';
    expect(other.decide(broker, 'sts:AssumeRole', role).because).toContain(
      'no statement allows it in the trust policy',
    );
    expect(other.decide(broker, 's3:PutObject', OBJECT).outcome).toBe('explicitly denied');
    await other.stop();
  });
});
