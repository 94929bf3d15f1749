/**
 * Detects calls that environment variables or configuration files redirect to an address outside AWS.
 */

/** The parts of a client's configuration that determine its endpoint. */
interface EndpointConfig {
  readonly endpointProvider?: (parameters: object) => { readonly url: URL };
  readonly useFipsEndpoint?: () => Promise<boolean>;
  readonly useDualstackEndpoint?: () => Promise<boolean>;
  readonly credentials?: () => Promise<{ readonly accountId?: string }>;
}

/** A call of an SDK client. */
export interface AddressedCall {
  /** Name of the service. Only `s3` and `dynamodb` have additional hosts. */
  readonly service: string;
  readonly region: string;
  /** The input of the command. */
  readonly input: object;
}

/** The address of a request. */
export interface RequestAddress {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
}

/**
 * Whether a call's request is sent to AWS, according to the endpoint rules in the SDK. AWS_ENDPOINT_URL and
 * `endpoint_url` do not affect these rules.
 *
 * @param config the configuration of the SDK client
 */
export async function isOfAws(
  { service, region, input }: AddressedCall,
  { protocol, hostname, port }: RequestAddress,
  config: object,
): Promise<boolean> {
  const { endpointProvider, useFipsEndpoint, useDualstackEndpoint } = config as EndpointConfig;
  if (endpointProvider === undefined || protocol !== 'https:' || (port !== undefined && port !== 443)) return false;
  const own = endpointProvider({
    Region: region,
    UseFIPS: (await useFipsEndpoint?.()) ?? false,
    UseDualStack: (await useDualstackEndpoint?.()) ?? false,
  }).url.hostname;
  if (hostname === own) return true;
  if (service === 's3') return isBucketHost(hostname, own, input);
  return service === 'dynamodb' && isAccountHost(hostname, own, input, config);
}

/**
 * Whether the host belongs to the bucket in the call. The host of another bucket returns files that the owner of that
 * bucket chose.
 */
function isBucketHost(hostname: string, own: string, input: object): boolean {
  const { Bucket: bucket } = input as { readonly Bucket?: unknown };
  if (typeof bucket !== 'string') return false;
  return (
    hostname === `${bucket}.${own}` || (own.endsWith('.amazonaws.com') && hostname === `${bucket}.s3.amazonaws.com`)
  );
}

/** Whether the host is the DynamoDB host of the credentials' account, or of an account in a table ARN in the call. */
async function isAccountHost(
  hostname: string,
  own: string,
  input: object,
  { credentials }: EndpointConfig,
): Promise<boolean> {
  const [, account, host] = /^(\d{12})\.(ddb\..+)$/.exec(hostname) ?? [];
  if (account === undefined || host !== own.replace(/^dynamodb/, 'ddb')) return false;
  const named = Object.values(input).map((value) => /^arn:[^:]+:dynamodb:[^:]+:(\d{12}):/.exec(String(value))?.[1]);
  return named.includes(account) || (await credentials?.())?.accountId === account;
}
