/**
 * `@leasehold/serve`: the container credentials endpoint, for every AWS SDK in every language. A lease is asked
 * for with one POST, which waits for the human; from then on SDKs fetch its credentials from memory.
 */

export { askEndpoint, type EndpointQuestion, EndpointRefusal } from './ask';
export { type CredentialsEndpoint, type EndpointOptions, startCredentialsEndpoint } from './endpoint';
export { EndpointClient, type HeldLease } from './endpoint-client';
export type { RequestDefaults } from './routes';
