/** A broker on this machine, and whoever speaks to it. */
import { type BrokerClient, createBrokerClient } from '@leasehold/runtime/broker';
import { type Dev, type DevOptions, startDev } from 'leasehold/dev';
import type { Environment, People } from '../../../lib/definitions/model';
import { aBroker, aBrokeredEnvironment, aPerson } from '../../sandbox/support/broker';
import { plain } from '../../sandbox/support/sandbox';
import type { Keys } from '../../sandbox/support/wire';
import { definitions } from '../../support/environment';
import { ISSUER, somePeople } from '../../support/people-environment';

/** A request that is in order. */
export const ASK = {
  role: 's3-deploy',
  parameters: { release: '1.4.2' },
  reason: 'Upload build 1.4.2 for the release',
} as const;

/** Starts the broker of an environment. */
export function aDev(environment: Environment = aBrokeredEnvironment(), options: DevOptions = {}): Promise<Dev> {
  return startDev({ source: { definitions: definitions(environment) }, ...options });
}

/** The runtime's client, as somebody. */
export function speakingAs({ broker }: Dev, keys: Keys): BrokerClient {
  return createBrokerClient({ ...broker, credentials: plain(keys) });
}

/** What any client of the AWS SDK is made with, as somebody. */
export function awsAs({ sandbox, broker }: Dev, keys: Keys) {
  return { endpoint: sandbox.url, region: broker.region, credentials: plain(keys), maxAttempts: 1 };
}

/** Credentials that were handed over; the runtime's hide what they hold. */
export function keysOf(credentials: Keys | undefined): Keys {
  if (credentials?.sessionToken === undefined) throw new Error('no credentials were handed over');
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** `alice` asks, `lead` approves, `root` administers; `oncall` has no account. */
export function anEnvironmentWithAccounts(signIn: People['signIn'] = ISSUER, overrides: Partial<People> = {}) {
  return aBrokeredEnvironment({
    broker: aBroker({ people: somePeople(signIn, overrides) }),
    principals: [
      aPerson('alice', { signIn: 'alice@example.com' }),
      aPerson('lead', { signIn: 'lead@example.com' }),
      aPerson('oncall', { signIn: false }),
      aPerson('root', { administrator: true, signIn: 'root@example.com' }),
    ],
  });
}
