/** People speak to a broker in roles of their own, which open with MFA and under their own names alone. */
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { brokerStage, personRoleArn } from '@leasehold/documents';
import { type Sandbox, SandboxError } from '@leasehold/sandbox';
import { anEnvironment } from '../support/environment';
import { aBrokeredEnvironment, aPerson } from './support/broker';
import { aSandbox, clientOf, plain } from './support/sandbox';
import { type Keys, send } from './support/wire';

const ENVIRONMENT = aBrokeredEnvironment();
const STAGE = brokerStage(ENVIRONMENT);

let sandbox: Sandbox;

beforeEach(async () => {
  const handler = async (event: { requestContext: { authorizer: object } }) => event.requestContext.authorizer;
  sandbox = await aSandbox(ENVIRONMENT, { apis: { [STAGE]: { handler } } });
});
afterEach(() => sandbox.stop());

/** Calls the broker's API; whom it sees, or the status. */
async function call(keys: Keys, method: string, path: string) {
  const body = method === 'GET' ? '' : '{}';
  const answer = await send(sandbox, {
    service: 'execute-api',
    method,
    path: `/${STAGE}${path}`,
    body,
    keys: plain(keys),
  });
  return answer.status === 200 ? JSON.parse(answer.text).iam.userArn : answer.status;
}

it.each([
  ['alice', 'requester', 'arn:aws:sts::123456789012:assumed-role/hermes-dev-requester/alice'],
  ['lead', 'approver', 'arn:aws:sts::123456789012:assumed-role/hermes-dev-approver/lead'],
  ['oncall', 'approver', 'arn:aws:sts::123456789012:assumed-role/hermes-dev-approver/oncall'],
  ['root', 'administrator', 'arn:aws:sts::123456789012:assumed-role/hermes-dev-administrator/root'],
] as const)('%s signs in as %s, as often as a test likes', async (name, kind, arn) => {
  for (const keys of [await sandbox.signIn(name, kind), await sandbox.signIn(name, kind)]) {
    const { Arn } = await new STSClient(clientOf(sandbox, keys)).send(new GetCallerIdentityCommand());
    expect(Arn).toBe(arn);
  }
});

it.each([
  ['alice', 'approver', 'alice cannot sign in as approver: AccessDenied'],
  ['oncall', 'requester', 'AccessDenied'],
  ['lead', 'administrator', 'AccessDenied'],
  ['nobody', 'approver', 'There is no user nobody'],
] as const)('%s does not sign in as %s', async (name, kind, message) => {
  await expect(sandbox.signIn(name, kind)).rejects.toThrow(message);
});

it('names the kinds that there are', async () => {
  const other = await aSandbox(aBrokeredEnvironment({ principals: [aPerson('alice')] }));
  await expect(other.signIn('alice', 'administrator')).rejects.toThrow(/There is no role for administrators/);
  await other.stop();
  const none = await aSandbox(anEnvironment());
  await expect(none.signIn('hermes-dev-agent', 'requester')).rejects.toThrow(SandboxError);
  await none.stop();
});

describe('a person with keys and a device in hand', () => {
  const asApprover = (overrides: Partial<AssumeRoleCommandInput> = {}) => {
    const { keys, device } = sandbox.person('lead');
    return new STSClient(clientOf(sandbox, keys)).send(
      new AssumeRoleCommand({
        RoleArn: personRoleArn('approver', ENVIRONMENT),
        RoleSessionName: 'lead',
        SerialNumber: device.serialNumber,
        TokenCode: device.code(),
        ...overrides,
      }),
    );
  };

  it('is known by the ARN of the definitions', () => {
    expect(sandbox.person('alice')).toMatchObject({
      name: 'alice',
      userArn: 'arn:aws:iam::123456789012:user/people/alice',
      device: { serialNumber: 'arn:aws:iam::123456789012:mfa/alice' },
    });
    expect(sandbox.person('oncall').userArn).toBe('arn:aws:iam::123456789012:user/oncall');
    expect(sandbox.person('alice').device.code()).toBe(sandbox.person('alice').device.code());
  });

  it('gets in', async () => {
    expect((await asApprover()).AssumedRoleUser?.Arn).toMatch(/hermes-dev-approver\/lead$/);
  });

  it.each<[string, Partial<AssumeRoleCommandInput>]>([
    ['without a code', { SerialNumber: undefined, TokenCode: undefined }],
    ['with a wrong code', { TokenCode: '000000' }],
    ['under the name of another', { RoleSessionName: 'oncall' }],
    ['with a tag', { Tags: [{ Key: 'lease-id', Value: 'lh-1' }] }],
    ['with the name of another as source identity', { SourceIdentity: 'oncall' }],
  ])('does not get in %s', async (_, overrides) => {
    await expect(asApprover(overrides)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

it('AWS lets each call what is for their kind, and nothing else', async () => {
  const requester = await sandbox.signIn('alice', 'requester');
  const approver = await sandbox.signIn('lead', 'approver');
  const administrator = await sandbox.signIn('root', 'administrator');
  const calls = async (keys: Keys) => [
    await call(keys, 'POST', '/leases'),
    await call(keys, 'GET', '/leases/lh-1'),
    await call(keys, 'POST', '/leases/lh-1/collect'),
    await call(keys, 'POST', '/leases/lh-1/approve'),
    await call(keys, 'PUT', '/principals/alice'),
  ];
  const [alice, lead, root] = ['requester/alice', 'approver/lead', 'administrator/root'].map(
    (end) => `arn:aws:sts::123456789012:assumed-role/hermes-dev-${end}`,
  );
  const user = 'arn:aws:iam::123456789012:user/agents/hermes-dev-agent';
  expect(await calls(requester)).toEqual([alice, alice, alice, 403, 403]);
  expect(await calls(approver)).toEqual([403, lead, 403, lead, 403]);
  expect(await calls(administrator)).toEqual([403, root, 403, 403, root]);
  expect(await calls(sandbox.keys)).toEqual([user, user, user, 403, 403]);
  expect(await calls(sandbox.person('lead').keys)).toEqual([403, 403, 403, 403, 403]);
});

it('no platform hands out their roles', () => {
  expect(() => sandbox.platformCredentials('hermes-dev-approver')).toThrow('is a role for people');
});

it('people of another account sign in, too, since their own account lets them', async () => {
  const alice = aPerson('alice', { userArn: 'arn:aws:iam::111122223333:user/alice' });
  const other = await aSandbox(aBrokeredEnvironment({ principals: [alice] }));
  const keys = await other.signIn('alice', 'requester');
  const { Arn } = await new STSClient(clientOf(other, keys)).send(new GetCallerIdentityCommand());
  expect(Arn).toBe('arn:aws:sts::123456789012:assumed-role/hermes-dev-requester/alice');
  await other.stop();
});
