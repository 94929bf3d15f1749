/**
 * Connections for AWS clients. The connections use the certificates and the proxy that environment variables specify.
 */
import type { Host } from './host';

/** The client configuration for a service in a region. */
export function awsConnection(service: string, region: string, { env }: Pick<Host, 'env'>): object {
  const { connectionTo } = require('@leasehold/runtime/internal') as typeof import('@leasehold/runtime/internal');
  const own = env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`];
  return {
    requestHandler: connectionTo(own || env.AWS_ENDPOINT_URL || `https://${service}.${region}.amazonaws.com`, env),
  };
}
