/**
 * Detects calls that environment variables or configuration files redirect to an address outside AWS.
 */

/** The parts of a client's configuration that determine its endpoint. */
interface EndpointConfig {
  readonly endpointProvider?: (parameters: object) => { readonly url: URL };
  readonly useFipsEndpoint?: () => Promise<boolean>;
  readonly useDualstackEndpoint?: () => Promise<boolean>;
}

/** The address of a request. */
export interface RequestAddress {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
}

/**
 * Whether a request goes to AWS, according to the endpoint rules in the SDK. AWS_ENDPOINT_URL and `endpoint_url` do not
 * affect these rules.
 *
 * @param service `s3`, `dynamodb` or any other name: only these two services have further hosts
 * @param config the configuration of the SDK client
 */
export async function isOfAws(
  service: string,
  region: string,
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
  // S3 uses a host for each bucket, and DynamoDB a host for each account.
  if (service === 's3') return hostname.endsWith(`.${own}`) || hostname.endsWith('.s3.amazonaws.com');
  return (
    service === 'dynamodb' && /^\d{12}\.ddb\./.test(hostname) && hostname.slice(13) === own.replace(/^dynamodb/, 'ddb')
  );
}
