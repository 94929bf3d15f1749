/** Asks STS for the identity of the credentials that the AWS SDK finds. */

import type { STSClient } from '@aws-sdk/client-sts';
import { defined } from '@leasehold/contract/defined';
import { parseArn } from '@leasehold/policy';
import { LeaseError } from '@leasehold/runtime';
import { UsageError } from '../exit';
import type { Host } from '../host';
import type { BrokerPlace } from './broker-location';
import type { Caller } from './known-caller';
import { stsRefusal } from './refusals';

type Environment = Host['env'];

/**
 * An STS client for the endpoint at which people sign in. The client uses the certificates and the proxy in the
 * environment variables. The client does not retry, because an MFA code is valid for one call.
 * @throws LeaseError if the certificates cannot be read or the proxy is invalid
 */
export function stsOf({ stsEndpoint, region }: BrokerPlace, profile: string | undefined, env: Environment): STSClient {
  const { STSClient } = require('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts');
  const { connectionTo } = require('@leasehold/runtime/internal') as typeof import('@leasehold/runtime/internal');
  return new STSClient({
    endpoint: stsEndpoint,
    region,
    maxAttempts: 1,
    requestHandler: connectionTo(stsEndpoint, { ...env }),
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    ...defined({ profile }),
  });
}

/**
 * The identity of the caller.
 * @throws UsageError if there are no credentials; LeaseError if AWS rejects them or does not respond
 */
export async function callerOf(sts: STSClient, signal: AbortSignal): Promise<Caller> {
  const { GetCallerIdentityCommand } = require('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts');
  const key = await sts.config.credentials().catch((error: unknown) => {
    throw new UsageError('there are no AWS credentials to sign in with', {
      expected: 'the key of your own IAM user, or a session in which people speak to the broker',
      hint: `Name a profile that holds it: --profile NAME, or AWS_PROFILE.${whyNot(error)}`,
    });
  });
  const { Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal }).catch((error) => {
    throw stsRefusal(error, 'who you are');
  });
  const parts = parseArn(arn);
  if (parts === undefined) throw new LeaseError('unavailable', 'AWS did not return your identity', 'Try again.', true);
  const { partition, account, resource } = parts;
  return { arn, partition, account, who: whoIs(resource, key.sessionToken !== undefined) };
}

function whoIs(resource: string, session: boolean): Caller['who'] {
  if (resource.startsWith('user/')) return { is: 'user', name: resource.slice(resource.lastIndexOf('/') + 1), session };
  const [, role, name] = /^assumed-role\/([^/]+)\/([^/]+)$/.exec(resource) ?? [];
  return role === undefined || name === undefined ? { is: 'other' } : { is: 'session', role, name };
}

/**
 * If the profile assumes a role with MFA, the SDK needs a code, but cannot ask for a code here. The SDK's error message
 * states this, and does not contain any secret.
 */
function whyNot(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  return /multi-factor authentication/i.test(said) ? ' One that takes on a role with MFA by itself will not do.' : '';
}
