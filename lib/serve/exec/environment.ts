/** What of this process's environment a program with a lease may have. */
import { configuresChannel, leadsToCredentials, SHUT } from '@leasehold/runtime/internal';

/** What Leasehold itself is configured with. */
const OURS = /^LEASEHOLD_/i;

/**
 * The environment for a program that is to have a lease and nothing else: without the agent's own key, profile, token
 * files and endpoints of credentials, without what approval channels are configured with. Configuration files and the
 * instance's metadata are shut, since an SDK would read them before an endpoint, or fall back to what it finds there.
 *
 * The program runs as the same user: it can still read that user's files by itself.
 * @example
 * spawn('python3', ['agent.py'], { env: { ...cleanEnvironment(process.env), ...client.environment('s3-deploy') } });
 * @public
 */
export function cleanEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !leadsToCredentials(entry[0], entry[1]) &&
      !OURS.test(entry[0]) &&
      !configuresChannel(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...SHUT };
}

/**
 * The region, under both of the names that SDKs know: what the environment names first, as the AWS CLI reads it, or else
 * the one that is given.
 */
export function regionOf(
  env: Readonly<Record<string, string | undefined>>,
  otherwise: string | undefined,
): Record<string, string> {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || otherwise;
  return region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}
