/** Whether calls go to AWS, or to an address that the caller's environment or configuration files name. */
import type { Service } from './modules';

/** The parts of a client's configuration that decide its address. */
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
 * Whether a request goes to the endpoint of AWS, by the rules that the SDK contains. AWS_ENDPOINT_URL and `endpoint_url` do
 * not change these rules.
 */
export async function isOfAws(
  service: Service,
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
  // The host of a bucket, and the host of DynamoDB for one account.
  if (service === 's3') return hostname.endsWith(`.${own}`) || hostname.endsWith('.s3.amazonaws.com');
  return (
    service === 'dynamodb' && /^\d{12}\.ddb\./.test(hostname) && hostname.slice(13) === own.replace(/^dynamodb/, 'ddb')
  );
}
