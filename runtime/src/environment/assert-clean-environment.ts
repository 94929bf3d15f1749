/** Reports AWS credentials that a process could use instead of a lease. */

import { homedir, userInfo } from 'node:os';
import { visible } from '@leasehold/contract/text';
import { EnvironmentNotClean } from '../errors';
import { cachedCredentials } from './caches';
import { instanceCredentials } from './instance-endpoint';
import type { OwnCredentials } from './own-credentials';
import { profileCredentials } from './profiles';
import { variableCredentials } from './variables';

/** Runs {@link assertClean} on the environment of this process. */
export function assertCleanHere(own: OwnCredentials): Promise<void> {
  return assertClean(own, { env: process.env, homes: homesHere() });
}

/** The home folders to check: the user's home folder, and the folder in `HOME` if it is set. */
function homesHere(): readonly string[] {
  const { HOME } = process.env;
  const set = HOME === undefined || HOME === '' ? [] : [HOME];
  try {
    return [homedir(), userInfo().homedir, ...set];
  } catch {
    return set;
  }
}

/** The parts of a process's environment that can contain credentials. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly homes: readonly string[];
}

/** Throws an error that lists every location that contains credentials other than the agent's own. */
export async function assertClean(own: OwnCredentials, { env, homes }: Surroundings): Promise<void> {
  const each = [...new Set(homes)];
  const places = [
    ...variableCredentials(env, own),
    ...profileCredentials(env, each, own),
    ...cachedCredentials(env, each),
    ...(await instanceCredentials(env)),
  ];
  if (places.length === 0) return;
  throw new EnvironmentNotClean(
    places.map(({ kind, what, where }) => ({ kind, what: visible(what), where: visible(where) })),
  );
}
