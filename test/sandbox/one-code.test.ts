/** What one code opens where the definitions limit it by its age, over the wire. */
import { AssumeRoleCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { Sandbox } from '@leasehold/sandbox';
import { aLease, aSandbox, clientOf, DEV, leaseInput } from './support/sandbox';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await aSandbox({ ...DEV, mfa: { oneCodeOneLease: 'code-age' } });
});
afterEach(() => sandbox.stop());

/** A client with the credentials of GetSessionToken, and a code or none. */
async function aSession(withCode: boolean): Promise<STSClient> {
  const device = sandbox.enrolMfaDevice();
  const code = withCode ? { SerialNumber: device.serialNumber, TokenCode: device.code() } : {};
  const { Credentials: issued } = await new STSClient(clientOf(sandbox)).send(new GetSessionTokenCommand(code));
  const credentials = {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken ?? '',
  };
  return new STSClient({ ...clientOf(sandbox), credentials });
}

function withoutCode(lease: string) {
  const { SerialNumber: _, TokenCode: __, ...input } = leaseInput(sandbox, { RoleSessionName: lease });
  return new AssumeRoleCommand(input);
}

it('opens a role for a code on the call, and not for the key alone', async () => {
  await aLease(sandbox);
  await expect(new STSClient(clientOf(sandbox)).send(withoutCode('lh-2'))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

it('opens roles with the session of a code for a minute', async () => {
  const client = await aSession(true);
  await client.send(withoutCode('lh-2'));
  sandbox.clock.advance(40);
  await client.send(withoutCode('lh-3'));
  sandbox.clock.advance(20);
  await expect(client.send(withoutCode('lh-4'))).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('opens no role with a session without a code', async () => {
  const client = await aSession(false);
  await expect(client.send(withoutCode('lh-2'))).rejects.toMatchObject({ name: 'AccessDenied' });
});
