/** The services whose calls the proxy passes on: those whose requests can be read, so that every call is logged. */
import { formParameters, SERVICE_MAPPINGS, type ServiceMapping, UnmappedRequest } from '@leasehold/sandbox/requests';

/** STS, only for `GetCallerIdentity`. Its other operations return credentials or are about credentials. */
const STS: ServiceMapping = {
  signingNames: ['sts'],
  eventSource: 'sts.amazonaws.com',
  protocols: ['query'],
  map: (request) => {
    const { Action } = formParameters(request);
    if (Action === 'GetCallerIdentity') {
      const need = { action: 'sts:GetCallerIdentity', resource: '*', context: {} };
      return { operation: Action, needs: [need], parameters: {} };
    }
    throw new UnmappedRequest(
      'of STS, only GetCallerIdentity is passed on, because other operations return credentials',
    );
  },
};

/** Tables by the service's name in a signature. This name is also the first label of the service's host. */
export const SERVICES: ReadonlyMap<string, ServiceMapping> = new Map(
  [...SERVICE_MAPPINGS, STS].flatMap((mapping) => mapping.signingNames.map((name) => [name, mapping] as const)),
);
