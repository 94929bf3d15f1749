/** The policy that `leasehold doctor --policy` prints, as the only policy of a role in the sandbox. */
import {
  CreateRoleCommand,
  CreateUserCommand,
  GetAccountSummaryCommand,
  IAMClient,
  ListMFADevicesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { doctorPolicy } from '@leasehold/doctor';
import type { Credentials, Sandbox } from '@leasehold/sandbox';
import { aSandbox, clientOf } from '../sandbox/support/sandbox';
import { fullEnvironment } from './support/account';
import { recorded, requestOf } from './support/recorded-calls';

const environment = fullEnvironment();
let sandbox: Sandbox;
let auditor: Credentials;

beforeAll(async () => {
  sandbox = await aSandbox(environment);
  const iam = new IAMClient(clientOf(sandbox, sandbox.administrator));
  const trust = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: environment.account }, Action: 'sts:AssumeRole' },
  };
  const RoleName = 'auditor';
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: 'doctor',
      PolicyDocument: JSON.stringify(doctorPolicy(environment)),
    }),
  );
  const sts = new STSClient(clientOf(sandbox, sandbox.administrator));
  const { Credentials: issued } = await sts.send(
    new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'doctor' }),
  );
  if (!issued?.AccessKeyId || !issued.SecretAccessKey || !issued.SessionToken) throw new Error('no credentials');
  auditor = {
    accessKeyId: issued.AccessKeyId,
    secretAccessKey: issued.SecretAccessKey,
    sessionToken: issued.SessionToken,
  } as Credentials;
});
afterAll(() => sandbox.stop());

it('permits every call of the doctor', async () => {
  const requests = (await recorded(environment)).map((call) => requestOf(call, environment));
  expect(requests.length).toBeGreaterThan(100);
  const denied = requests.filter(({ action, resource }) => !sandbox.may(auditor, action, resource));
  expect(denied).toEqual([]);
});

it.each([
  ['writes', 'iam:CreateUser', '*'],
  ['reads the value of a secret', 'secretsmanager:GetSecretValue', '*'],
  ['reads an object', 's3:GetObject', 'arn:aws:s3:::hermes-dev-trail/a'],
  ['writes a record of a lease', 'dynamodb:PutItem', '*'],
  ['invokes the broker', 'lambda:InvokeFunction', '*'],
])('denies a call that %s: %s', (_, action, resource) => {
  expect(sandbox.may(auditor, action, resource)).toBe(false);
});

it('permits real calls over HTTP, and no other call to the same service', async () => {
  const iam = new IAMClient(clientOf(sandbox, auditor));
  await expect(iam.send(new GetAccountSummaryCommand({}))).resolves.toMatchObject({ SummaryMap: expect.anything() });
  await expect(iam.send(new ListMFADevicesCommand({ UserName: 'hermes-dev-agent' }))).resolves.toHaveProperty(
    'MFADevices',
  );
  await expect(iam.send(new CreateUserCommand({ UserName: 'other' }))).rejects.toMatchObject({ name: 'AccessDenied' });
});
