/**
 * The services whose calls the proxy forwards. The proxy can read the requests of these services, so every call is
 * logged.
 */
import { ANYTHING, on, query, SERVICE_MAPPINGS, type ServiceMapping, serviceOf } from '@leasehold/sandbox/requests';

/** STS, only for `GetCallerIdentity`. Other STS operations return credentials or relate to credentials. */
const STS = serviceOf({
  prefix: 'sts',
  eventSource: 'sts.amazonaws.com',
  wires: [query('query', '2011-06-15')],
  rows: { GetCallerIdentity: on(ANYTHING) },
  shown: [],
});

/**
 * Maps the service's name in a signature to the service's table. The name is also the first label of the service's
 * host.
 */
export const SERVICES: ReadonlyMap<string, ServiceMapping> = new Map(
  [...SERVICE_MAPPINGS, STS].flatMap((mapping) => mapping.signingNames.map((name) => [name, mapping] as const)),
);
