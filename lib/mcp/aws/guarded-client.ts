/**
 * An SDK client that uses one lease and sends to one service of AWS only. Some members of inputs name a host (the URL of an
 * SQS queue, for example). A request to another host than that of the service is not sent: its headers contain the lease's
 * session token.
 */
import type { LeaseCredentialsProvider } from '@leasehold/runtime';
import { connectionTo } from '@leasehold/runtime/internal';
import { Refusal } from '../error';
import type { SdkClient, SdkMiddleware, SdkOperation } from './sdk-package';

export interface ClientOptions {
  readonly region: string;
  readonly credentials: LeaseCredentialsProvider;
  readonly env: NodeJS.ProcessEnv;
}

/** Hosts of S3: buckets, access points and directory buckets are labels before the service's own, or name a zone in it. */
const S3_HOST = /(?:^|\.)s3[a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws)$/;

export async function guardedClient(operation: SdkOperation, options: ClientOptions): Promise<SdkClient> {
  const plain = operation.newClient({ region: options.region, credentials: options.credentials });
  const endpoint = endpointOf(plain, options.env);
  plain.destroy();
  const client = operation.newClient({
    region: options.region,
    credentials: options.credentials,
    requestHandler: connectionTo(endpoint ?? `https://${options.region}.amazonaws.com`, options.env),
    // The lease signs every call. A bearer token of the environment, as Bedrock knows them, is not used.
    authSchemePreference: ['sigv4', 'sigv4a'],
    // SQS would send to the host of the queue's URL, and DynamoDB to one of the account.
    useQueueUrlAsEndpoint: false,
    accountIdEndpointMode: 'disabled',
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
  });
  const expected = endpoint === undefined ? await resolvedHost(client, options.region) : new URL(endpoint).hostname;
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
function endpointOf({ config }: SdkClient, env: NodeJS.ProcessEnv): string | undefined {
  const id = config.serviceId?.replaceAll(' ', '_').toUpperCase();
  const url = env[`AWS_ENDPOINT_URL_${id}`] || env.AWS_ENDPOINT_URL || undefined;
  if (url === undefined || URL.canParse(url)) return url;
  throw new Refusal('unsupported', 'AWS_ENDPOINT_URL is no URL', 'Tell the human who runs the MCP server.');
}

/** The host of the service in the region, by the SDK's own rules and without any input. */
async function resolvedHost({ config }: SdkClient, Region: string): Promise<string | undefined> {
  const [UseFIPS, UseDualStack] = await Promise.all([config.useFipsEndpoint?.(), config.useDualstackEndpoint?.()]);
  try {
    const found = config.endpointProvider?.(
      { Region, UseFIPS: UseFIPS ?? false, UseDualStack: UseDualStack ?? false },
      {},
    );
    return found?.url.hostname;
  } catch {
    return undefined;
  }
}

/** Runs last, immediately before the request is sent. */
function sameHost({ config }: SdkClient, expected: string | undefined): SdkMiddleware {
  return (next) => async (args) => {
    const { hostname } = args.request;
    const isS3 = config.serviceId === 'S3' || config.serviceId === 'S3 Control';
    if (expected !== undefined && isWithin(hostname, expected)) return next(args);
    if (isS3 && expected !== undefined && S3_HOST.test(expected) && S3_HOST.test(hostname)) return next(args);
    throw new Refusal(
      'unsupported',
      'the call leads to another host than that of the service, and nothing was sent',
      'Leave out members that name a host or an endpoint.',
    );
  };
}

/** Whether a host is the domain itself or below it. */
function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
