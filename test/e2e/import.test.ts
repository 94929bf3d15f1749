/** `leasehold import --role-arn` reads a role of a live account: its inline and attached policies, and its boundary. */
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { leasehold, newFolder, removeFolders } from '../cli/support';
import { type Moto, startMoto } from './support/moto';

const ACCOUNT = '123456789012';
const ARN = `arn:aws:iam::${ACCOUNT}:role/pipelines/deploy`;
const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:jobs`;

const document = (...actions: readonly string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: QUEUE }] });

let moto: Moto;
const before = { ...process.env };

beforeAll(async () => {
  moto = await startMoto(ACCOUNT);
  Object.assign(process.env, moto.environment);
  const iam = new IAMClient(moto.client);
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
  });
  const limit = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: document('sqs:SendMessage', 'sqs:GetQueueUrl') }),
  );
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'deploy',
      Path: '/pipelines/',
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: limit.Policy?.Arn,
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'deploy',
      PolicyName: 'inline',
      PolicyDocument: document('sqs:SendMessage', 'sqs:ReceiveMessage'),
    }),
  );
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'attached', PolicyDocument: document('sqs:DeleteQueue') }),
  );
  await iam.send(
    new CreatePolicyVersionCommand({
      PolicyArn: Policy?.Arn,
      PolicyDocument: document('sqs:GetQueueUrl'),
      SetAsDefault: true,
    }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'deploy', PolicyArn: Policy?.Arn }));
});

afterAll(async () => {
  removeFolders();
  process.env = before;
  await moto.stop();
});

it('writes what the policies in force permit inside the boundary, and tells the rest', async () => {
  const { code, out, err } = await leasehold(['import', '--role-arn', ARN], { cwd: newFolder() });
  expect(code).toBe(1);
  expect(out).toContain('name: deploy-write\n');
  expect(out).toMatch(/ {6}- sqs:GetQueueUrl\n {6}- sqs:SendMessage\n {4}resources:\n {6}- ".+:jobs"\n/);
  expect(out).not.toContain('DeleteQueue');
  expect(err).toMatch(/- sqs:ReceiveMessage on .+\n {4}why: +The source does not permit it/);
});

it.each([
  ['a role that is not there', `arn:aws:iam::${ACCOUNT}:role/nobody`, /AWS refuses to show it: NoSuchEntity/],
  ['a role of another account', 'arn:aws:iam::210987654321:role/pipelines/deploy', /the role of that name here is/],
])('%s is an error with a hint', async (_, arn, says) => {
  const { code, out, err } = await leasehold(['import', '--role-arn', arn], { cwd: newFolder() });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(says);
  expect(err).toContain('hint:');
});
