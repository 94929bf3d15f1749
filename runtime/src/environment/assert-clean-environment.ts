/** Complains of AWS credentials that a process could take instead of a lease. */
import { homedir } from 'node:os';
import { LeaseError } from '../errors';
import { visible } from '../visible';
import { cachedCredentials } from './caches';
import type { CredentialPlace } from './credential-place';
import { instanceCredentials } from './instance-endpoint';
import { profileCredentials } from './profiles';
import { variableCredentials } from './variables';

/**
 * What belongs to the agent itself, and is no complaint.
 * @public
 */
export interface OwnCredentials {
  /** Access key id of the agent's long-term key, in the environment or in a profile. @default none */
  readonly accessKeyId?: string;
  /** Address of a credentials endpoint that serves leases, for example `leasehold serve`'s. @default none */
  readonly endpoint?: string;
}

/**
 * Other AWS credentials are within the process's reach. Names where, never what. Its code is `environment-not-clean`.
 * @public
 */
export class EnvironmentNotClean extends LeaseError {
  override readonly name = 'EnvironmentNotClean';

  constructor(
    /** Every place at which credentials were found; never empty. */
    readonly places: readonly CredentialPlace[],
  ) {
    super(
      'environment-not-clean',
      `other AWS credentials are within reach: ${places.map(({ what, where }) => `${what} (${where})`).join('; ')}`,
      'Take them away from where the agent runs: a lease bounds nothing as long as others lie beside it.',
      false,
    );
  }
}

/**
 * Makes sure that no AWS credentials but the agent's own are within the process's reach: environment variables, profiles
 * of the shared files, caches of SSO, sign-in and the AWS CLI, endpoints of containers, and that of EC2 instances, which
 * is asked over the network and given a second. What cannot be read cannot be taken either, and is no complaint; a file
 * that can be read but not understood is one.
 *
 * Not looked at: other processes, other users' homes, and what a program keeps for itself.
 * @throws {@link EnvironmentNotClean} with every place that was found
 * @example
 * await assertCleanEnvironment({ own: { accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '' } });
 * @public
 */
export async function assertCleanEnvironment(options: { readonly own?: OwnCredentials } = {}): Promise<void> {
  await assertClean(options.own ?? {}, { env: process.env, homes: [homedir(), process.env.HOME ?? homedir()] });
}

/** What a process can reach. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly homes: readonly string[];
}

/** {@link assertCleanEnvironment} in given surroundings. @internal */
export async function assertClean(own: OwnCredentials, { env, homes }: Surroundings): Promise<void> {
  const each = [...new Set(homes)];
  const places = [
    ...variableCredentials(env, own),
    ...profileCredentials(env, each, own),
    ...cachedCredentials(each),
    ...(await instanceCredentials(env)),
  ];
  if (places.length === 0) return;
  throw new EnvironmentNotClean(
    places.map(({ kind, what, where }) => ({ kind, what: visible(what), where: visible(where) })),
  );
}
