/**
 * An SDK client that uses one lease and sends requests to one AWS service only. Some input members contain a host, for
 * example the URL of an SQS queue. A request to any host outside the service is not sent, because its headers contain
 * the lease's session token.
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
   * Whether the operation is read-only. Only a read-only call is retried after a failure, because any other call may
   * have had an effect even if the response was lost.
   */
  readonly isRead: boolean;
}

/** Maximum attempts of a read-only call. */
const MOST_ATTEMPTS = 3;

/**
 * S3 host names. A bucket or access point is a label before the service's label, and the host of a directory bucket
 * contains a zone ID.
 */
const S3_HOST = /(?:^|\.)s3[a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws)$/;

export async function guardedClient(operation: SdkOperation, options: ClientOptions): Promise<SdkClient> {
  const endpoint = endpointOf(operation, options.env);
  const client = operation.newClient({
    region: options.region,
    credentials: options.credentials,
    requestHandler: connectionTo(endpoint ?? `https://${options.region}.amazonaws.com`, options.env),
    // Every call is signed with the lease's credentials. A bearer token in the environment, which Bedrock supports, is
    // not used.
    authSchemePreference: ['sigv4', 'sigv4a'],
    maxAttempts: options.isRead ? MOST_ATTEMPTS : 1,
    // Without these settings, SQS requests go to the host in the queue URL, and DynamoDB requests to a host for the
    // account.
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
 * The endpoint in the environment variables, for example a sandbox. Source:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
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

/** The service's URL in the region, from the SDK's endpoint rules without any operation input. */
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
      'Omit input members that specify a host or an endpoint.',
    );
  };
}

/** The port as a number. An omitted port means the default port of the protocol. */
function portOf(protocol: string, port: number | string | undefined): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

/** Whether a host is this domain or a subdomain of it. */
function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
