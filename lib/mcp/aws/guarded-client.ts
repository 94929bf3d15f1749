/**
 * An SDK client that uses one lease and sends to one service of AWS only. Some members of inputs name a host (the URL of an
 * SQS queue, for example). A request to another host than that of the service is not sent: its headers contain the lease's
 * session token.
 */
import type { LeaseCredentialsProvider } from '@leasehold/runtime';
import { connectionTo, isLoopback } from '@leasehold/runtime/internal';
import { Refusal } from '../error';
import type { SdkClient, SdkMiddleware, SdkOperation } from './sdk-package';

export interface ClientOptions {
  readonly region: string;
  readonly credentials: LeaseCredentialsProvider;
  readonly env: NodeJS.ProcessEnv;
  /**
   * Whether the operation only reads. Only such a call is repeated after a failure: another one may have taken effect
   * although its answer was lost.
   */
  readonly isRead: boolean;
}

/** How often a call that only reads is sent at most. */
const MOST_ATTEMPTS = 3;

/** Hosts of S3: buckets, access points and directory buckets are labels before the service's own, or name a zone in it. */
const S3_HOST = /(?:^|\.)s3[a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws)$/;

export async function guardedClient(operation: SdkOperation, options: ClientOptions): Promise<SdkClient> {
  const endpoint = endpointOf(operation, options.env);
  const client = operation.newClient({
    region: options.region,
    credentials: options.credentials,
    requestHandler: connectionTo(endpoint ?? `https://${options.region}.amazonaws.com`, options.env),
    // The lease signs every call. A bearer token of the environment, as Bedrock knows them, is not used.
    authSchemePreference: ['sigv4', 'sigv4a'],
    maxAttempts: options.isRead ? MOST_ATTEMPTS : 1,
    // SQS would send to the host of the queue's URL, and DynamoDB to one of the account.
    useQueueUrlAsEndpoint: false,
    accountIdEndpointMode: 'disabled',
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
  });
  const expected = endpoint === undefined ? await resolvedUrl(client, options.region) : new URL(endpoint);
  client.middlewareStack.add(sameHost(client, expected), {
    step: 'deserialize',
    priority: 'low',
    name: 'leaseholdSameHost',
  });
  return client;
}

/**
 * The endpoint that the environment sets, for example a sandbox.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
function endpointOf({ serviceId }: SdkOperation, env: NodeJS.ProcessEnv): string | undefined {
  const id = serviceId?.replaceAll(' ', '_').toUpperCase();
  const url = env[`AWS_ENDPOINT_URL_${id}`] || env.AWS_ENDPOINT_URL || undefined;
  if (url === undefined) return undefined;
  const { protocol = '', hostname = '' } = URL.canParse(url) ? new URL(url) : {};
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return url;
  throw new Refusal(
    'unsupported',
    'AWS_ENDPOINT_URL is neither an https URL nor an address of this machine, and the lease is not sent in the clear',
    'Tell the human who runs the MCP server.',
  );
}

/** The address of the service in the region, by the SDK's own rules and without any input. */
async function resolvedUrl({ config }: SdkClient, Region: string): Promise<URL | undefined> {
  const [UseFIPS, UseDualStack] = await Promise.all([config.useFipsEndpoint?.(), config.useDualstackEndpoint?.()]);
  try {
    const found = config.endpointProvider?.(
      { Region, UseFIPS: UseFIPS ?? false, UseDualStack: UseDualStack ?? false },
      {},
    );
    return found?.url;
  } catch {
    return undefined;
  }
}

/** Runs last, immediately before the request is sent. */
function sameHost({ config }: SdkClient, expected: URL | undefined): SdkMiddleware {
  const isS3 = config.serviceId === 'S3' || config.serviceId === 'S3 Control';
  return (next) => async (args) => {
    const { protocol, hostname, port } = args.request;
    if (
      expected !== undefined &&
      protocol === expected.protocol &&
      portOf(protocol, port) === portOf(expected.protocol, expected.port)
    ) {
      if (isWithin(hostname, expected.hostname)) return next(args);
      if (isS3 && S3_HOST.test(expected.hostname) && S3_HOST.test(hostname)) return next(args);
    }
    throw new Refusal(
      'unsupported',
      'the call leads to another host than that of the service, and nothing was sent',
      'Leave out members that name a host or an endpoint.',
    );
  };
}

/** The port as a number, also where it is that of the protocol and therefore left out. */
function portOf(protocol: string, port: number | string | undefined): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

/** Whether a host is the domain itself or below it. */
function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
