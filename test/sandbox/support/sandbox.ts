/** A sandbox of the definitions that tests speak of, and the real clients that speak to it. */
import { AssumeRoleCommand, type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { defined } from '@leasehold/contract/defined';
import { roleArn } from '@leasehold/documents';
import { type Sandbox, type SandboxOptions, startSandbox } from '@leasehold/sandbox';
import type { Environment } from '../../../lib/definitions/model';
import { anEnvironment, aReleaseRole, definitions } from '../../support/environment';
import type { Keys } from './wire';

/** Environment `dev` of project `hermes`: agent `agent`, role `s3-deploy` with parameter `release`. */
export const DEV = anEnvironment({ roles: [aReleaseRole()] });

/** A sandbox of an environment, with its receipts for a server behind. */
export function aSandbox(environment: Environment = DEV, options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return startSandbox({ source: { definitions: definitions(environment) }, ...options });
}

/** What any client of the sandbox is made with. */
export function clientOf(sandbox: Sandbox, credentials: Keys = sandbox.keys) {
  return { endpoint: sandbox.url, region: sandbox.region, credentials: plain(credentials), maxAttempts: 1 };
}

/** Credentials as the SDK wants them: an object of its own, to which it may add. */
export function plain({ accessKeyId, secretAccessKey, sessionToken }: Keys) {
  return { accessKeyId, secretAccessKey, ...defined({ sessionToken }) };
}

export const ROLE_ARN = roleArn(aReleaseRole(), DEV);

/** A request for a lease of `s3-deploy` that is in order. Session names, and so lease ids, must differ. */
export function leaseInput(sandbox: Sandbox, overrides: Partial<AssumeRoleCommandInput> = {}): AssumeRoleCommandInput {
  const device = sandbox.enrolMfaDevice();
  const id = overrides.RoleSessionName ?? 'lh-test-1';
  return {
    RoleArn: ROLE_ARN,
    RoleSessionName: id,
    SourceIdentity: 'hermes-dev-agent',
    SerialNumber: device.serialNumber,
    TokenCode: device.code(),
    DurationSeconds: 900,
    Tags: [
      { Key: 'lease-id', Value: id },
      { Key: 'reason', Value: 'Upload build 1.4.2 for the release' },
      { Key: 'param.release', Value: '1.4.2' },
    ],
    ...overrides,
  };
}

/** Credentials of a lease of `s3-deploy` for release 1.4.2. */
export async function aLease(sandbox: Sandbox, overrides: Partial<AssumeRoleCommandInput> = {}) {
  const sts = new STSClient(clientOf(sandbox));
  const { Credentials: issued } = await sts.send(new AssumeRoleCommand(leaseInput(sandbox, overrides)));
  if (!issued?.AccessKeyId || !issued.SecretAccessKey || !issued.SessionToken) throw new Error('no credentials');
  return {
    accessKeyId: issued.AccessKeyId,
    secretAccessKey: issued.SecretAccessKey,
    sessionToken: issued.SessionToken,
  };
}
