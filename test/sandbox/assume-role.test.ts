/** A lease, over the wire, with the AWS SDK. */
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Sandbox } from '@leasehold/sandbox';
import { aLease, aSandbox, clientOf, leaseInput } from './support/sandbox';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await aSandbox();
});
afterEach(() => sandbox.stop());

it('tells the agent who it is', async () => {
  const identity = await new STSClient(clientOf(sandbox)).send(new GetCallerIdentityCommand());
  expect(identity.Arn).toBe('arn:aws:iam::123456789012:user/agents/hermes-dev-agent');
  expect(identity.Account).toBe('123456789012');
});

it('opens a role for a code, a reason and a parameter', async () => {
  const credentials = await aLease(sandbox);
  const identity = await new STSClient({ ...clientOf(sandbox), credentials }).send(new GetCallerIdentityCommand());
  expect(identity.Arn).toBe('arn:aws:sts::123456789012:assumed-role/hermes-dev-s3-deploy/lh-test-1');
});

it('refuses a code that is wrong', async () => {
  const input = leaseInput(sandbox, { TokenCode: '000000' });
  await expect(new STSClient(clientOf(sandbox)).send(new AssumeRoleCommand(input))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: 'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    $metadata: { httpStatusCode: 403 },
  });
});
