/** Selects the environment variables that a program with a lease may receive. */
import { configuresChannel, leadsToCredentials, SHUT } from '@leasehold/runtime/internal';

/** Variables that configure Leasehold itself. */
const OURS = /^LEASEHOLD_/i;

/**
 * The environment for a program that must have a lease and no other credentials. Removes the agent's own key, profile,
 * token files and credential endpoints, and the settings of approval channels. Disables configuration files and
 * instance metadata, because an SDK would read them before an endpoint or fall back to them.
 *
 * The program runs as the same user and can still read that user's files itself.
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
 * The region, in both environment variables that SDKs use. If the environment contains a region, that region is used,
 * and the variables have the same precedence as in the AWS CLI. Otherwise, the given region is used.
 */
export function regionOf(
  env: Readonly<Record<string, string | undefined>>,
  otherwise: string | undefined,
): Record<string, string> {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || otherwise;
  return region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
}
