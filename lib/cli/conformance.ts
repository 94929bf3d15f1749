/** Runs the conformance probes for the command line: provides connections, signal handling, and a progress line. */
import type { AccountOptions, Federation } from '@leasehold/conformance';
import { defined } from '@leasehold/contract/defined';
import { consoleEndpoints, FEDERATION_PATH } from '@leasehold/documents';
import { partitionOf } from '@leasehold/policy';
import { awsConnection } from './aws-connection';
import type { Host } from './host';

type Regions = AccountOptions['regions'];

/**
 * Regions in which delays are measured, in addition to the environment's region. By default, these regions are enabled
 * in every account.
 */
const USUAL_REGIONS: Regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];

/** The regions of a run: the named regions, or three regions beginning with the environment's region. */
export function regionsOf(named: readonly string[] | undefined, { env }: Pick<Host, 'env'>): Regions {
  const [first, ...rest] = named ?? [];
  if (first !== undefined) return [first, ...rest];
  const own = env.AWS_REGION || env.AWS_DEFAULT_REGION || USUAL_REGIONS[0];
  // Other partitions have different regions, so only the environment's region is used.
  if (/^(cn|us-gov|us-iso)/.test(own)) return [own];
  return [own, ...USUAL_REGIONS.filter((region) => region !== own)].slice(0, 3) as unknown as Regions;
}

/** Client options for the environment's proxy and certificates, and for the profile. */
export function accountOptions(
  { account, regions, profile }: { readonly account: string; readonly regions: Regions; readonly profile?: string },
  host: Pick<Host, 'env'>,
): AccountOptions {
  return {
    account,
    regions,
    configure: (service, region) => ({ ...defined({ profile }), ...awsConnection(service, region, host) }),
  };
}

/**
 * The console's federation endpoint, the one that the broker uses. `undefined` if calls do not go to AWS's own endpoint.
 */
export function federationOf(region: string, { env }: Pick<Host, 'env'>): Federation | undefined {
  if (Object.keys(env).some((name) => name.startsWith('AWS_ENDPOINT_URL') && env[name])) return undefined;
  const partition = partitionOf(region);
  if (partition === undefined) return undefined;
  const { signIn } = consoleEndpoints({ partition, region });
  return { url: new URL(FEDERATION_PATH, signIn).href, fetch };
}

/**
 * Runs a task that a signal cancels. Further signals do not interrupt the cleanup, because leftovers in the account are
 * worse than waiting.
 */
export async function interruptible<T>(
  { err }: Pick<Host, 'err'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const interrupt = () => {
    err(
      stop.signal.aborted
        ? '\nStill removing the probe identities.\n'
        : '\nInterrupted. Removing the probe identities.\n',
    );
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await work(stop.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
