/** A client that serves one of several sessions. */
import type { IntentOptions, Lease, LeaseClient } from '../lease-client';

/**
 * Leases for one session. The session shares the gates and the circuit breaker with the client from which it was
 * created, but it shares no requests. If two sessions make the same request at the same time, people are asked twice,
 * and each answer opens one lease.
 */
export interface SessionClient extends Pick<LeaseClient, 'withLease'> {
  /** Opens a lease of the role that fits an intent, runs `work`, and then discards the lease. @throws LeaseError */
  withLeaseFor<T>(intent: string, options: IntentOptions, work: (lease: Lease) => Promise<T>): Promise<T>;
}

/**
 * The client for one session's leases. A client that does not support separate sessions is used unchanged, so it may
 * combine requests of several sessions.
 */
export function apart(client: LeaseClient & { readonly apart?: () => SessionClient }): SessionClient {
  if (typeof client.apart === 'function') return client.apart();
  return {
    withLease: (role, request, work) => client.withLease(role, request, work),
    withLeaseFor: async (intent, options, work) => work(await client.leaseFor(intent, options)),
  };
}
