/**
 * Checks that apply to all requests to all services. They ensure that every server interprets a request in the same way
 * as the authorization.
 */
import { partitionOf } from '@leasehold/policy';
import { type SignedRequest, UnmappedRequest } from '../../service-mapping';

/**
 * Refuses a request whose host is not an endpoint of the service in the signed region, whose region is not in the
 * caller's partition, or whose headers would turn it into another request.
 * @param endpoint the service's name in its host names, for example `monitoring`.
 */
export function checkPlain(request: SignedRequest, endpoint: string): void {
  checkRegion(request);
  checkHeaders(request);
  if (!isLocal(request.host) && awsHost(request.host, request.region)?.name !== endpoint) {
    throw new UnmappedRequest(`the host is not an endpoint of ${endpoint} in ${request.region}`);
  }
}

/** Refuses a region that is not in the partition of the caller's account. */
export function checkRegion({ region, partition }: SignedRequest): void {
  if (partitionOf(region) !== partition)
    throw new UnmappedRequest(`the region ${region} is not in the caller's partition`);
}

/** Refuses headers that would cause some servers to process a different request. */
export function checkHeaders({ headers }: SignedRequest): void {
  const header = Object.keys(headers).find((name) => OVERRIDES.has(name));
  if (header !== undefined) throw new UnmappedRequest(`the header ${header} would turn it into another request`);
}

const OVERRIDES: ReadonlySet<string> = new Set([
  'forwarded',
  'x-forwarded-host',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
]);

/** Whether a host name refers to this machine and not to a service. */
export function isLocal(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}

/**
 * The part of an AWS host name before the given region. The name of any other region is not removed. The result is
 * `undefined` for host names outside AWS.
 */
export function awsHost(host: string, region: string): { readonly name: string } | undefined {
  const suffix = AWS_SUFFIXES.find((candidate) => host.endsWith(`.${candidate}`));
  if (suffix === undefined) return undefined;
  const rest = host.slice(0, -suffix.length - 1);
  const name = rest.endsWith(`.${region}`) ? rest.slice(0, -region.length - 1) : rest;
  return { name: name.replace(/-fips$/, '') };
}

const AWS_SUFFIXES = ['amazonaws.com', 'amazonaws.com.cn', 'api.aws'] as const;
