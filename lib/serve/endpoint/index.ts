/**
 * `@leasehold/serve`: the container credentials endpoint, for AWS SDKs in every language. One POST requests a lease
 * and waits for a person's decision. After that, SDKs fetch the lease's credentials from the endpoint's memory.
 */

export { askEndpoint, type EndpointQuestion, EndpointRefusal } from './ask';
export { type CredentialsEndpoint, type EndpointOptions, startCredentialsEndpoint } from './endpoint';
export { EndpointClient, type HeldLease } from './endpoint-client';
export type { RequestDefaults } from './routes';
