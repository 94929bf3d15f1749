/** Applies the mapping table of a service to a request. */
import { type MappedCall, type ServiceMapping, type SignedRequest, UnmappedRequest } from './service-mapping';

/** Maps a request with the service's mapping table. If the table throws an error, the request counts as not mapped. */
export function mapRequest(mapping: ServiceMapping, request: SignedRequest): MappedCall {
  let mapped: MappedCall;
  try {
    mapped = mapping.map(request);
  } catch (cause) {
    if (cause instanceof UnmappedRequest) throw cause;
    throw new UnmappedRequest(`the table of ${mapping.signingNames[0]} could not read it`, undefined, { cause });
  }
  if (mapped.needs.length === 0) {
    throw new UnmappedRequest(
      `the table of ${mapping.signingNames[0]} contains nothing to authorize`,
      mapped.operation,
    );
  }
  return mapped;
}
