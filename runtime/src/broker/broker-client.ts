/** The contract of the client that speaks to a broker: one method an operation. */
import type {
  EventList,
  LeaseList,
  LeaseView,
  PrincipalBody,
  PrincipalList,
  PrincipalView,
  RequestBody,
  RevocationAnswer,
  RevokeManyBody,
  RoleList,
} from '@leasehold/contract';
import type { KeyIdentity, LeaseCredentials } from '../credentials/lease-credentials';
import type { ConsoleAddress } from './console-address';

/**
 * How a client is made.
 * @example
 * const options: BrokerClientOptions = { url: 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/leasehold-hermes-dev', region: 'eu-west-1' };
 * @public
 */
export interface BrokerClientOptions {
  /** The broker, its stage included: `https:`, or `http:` on the loopback interface. */
  readonly url: string;
  /** The region for which calls are signed. */
  readonly region: string;
  /** Who calls: an agent's key or its role's credentials, or a person's session. @default the AWS SDK's default chain */
  readonly credentials?: KeyIdentity | (() => Promise<KeyIdentity>);
}

/**
 * What every call takes besides.
 * @example
 * const options: CallOptions = { signal: AbortSignal.timeout(10_000) };
 * @public
 */
export interface CallOptions {
  /** Takes the call back. What it has done by then stays done. @default nothing does */
  readonly signal?: AbortSignal;
}

/**
 * What a request came to. The credentials are there when nothing is left to wait for.
 * @example
 * const { lease, credentials } = await broker.request({ role: 'refund', reason, parameters: { order: '4711' } });
 * @public
 */
export interface RequestedLease {
  readonly lease: LeaseView;
  readonly credentials?: LeaseCredentials;
}

/**
 * A lease that was handed over.
 * @example
 * const { credentials } = await broker.collect('lh-01jd0000000000000000000000');
 * @public
 */
export interface CollectedLease {
  readonly lease: LeaseView;
  readonly credentials: LeaseCredentials;
}

/**
 * A client of one broker, as one caller. Each method is one signed call, sent once; AWS decides by who signed it whether
 * the broker hears it at all.
 *
 * Every method rejects with a {@link BrokerProblem} when the broker refuses, and with another {@link LeaseError} otherwise:
 * `denied` when AWS refuses the caller, `unavailable` when there is no answer, or one that is none of this contract,
 * `invalid-request` before anything is sent, `aborted`.
 * @example
 * const broker = createBrokerClient({ url, region: 'eu-west-1' });
 * const { roles } = await broker.roles();
 * @public
 */
export interface BrokerClient {
  /**
   * Asks for a lease, by role or by intent. With the same `idempotencyKey` again, an answer that was lost is had again,
   * and nothing is asked twice.
   */
  request(body: RequestBody, options?: CallOptions & { readonly idempotencyKey?: string }): Promise<RequestedLease>;
  /** Leases that wait for approvers (`open`), those of a `role` of the last day, or else the caller's own. */
  leases(
    query?: { readonly open?: boolean; readonly role?: string; readonly next?: string },
    options?: CallOptions,
  ): Promise<LeaseList>;
  /**
   * A lease as it is; with `wait`, 0 to 20 seconds, as soon as it has an event after the sequence `after`.
   */
  status(
    lease: string,
    options?: CallOptions & { readonly wait?: number; readonly after?: number },
  ): Promise<LeaseView>;
  /** All events of a lease, each with the hash of the one before. */
  events(lease: string, options?: CallOptions): Promise<EventList>;
  /** The credentials of an approved lease: once, and within a minute again, if the answer was lost. */
  collect(lease: string, options?: CallOptions): Promise<CollectedLease>;
  /** Opens an approved lease as an address of the AWS console; for people. */
  console(lease: string, options?: CallOptions): Promise<ConsoleAddress>;
  /** Says yes to the grant with this hash: the one that was shown. */
  approve(lease: string, approval: { readonly hash: string }, options?: CallOptions): Promise<LeaseView>;
  /** Says no, which ends the lease. */
  deny(lease: string, denial: { readonly because: string }, options?: CallOptions): Promise<LeaseView>;
  /** Takes a lease back. */
  revoke(lease: string, revocation: { readonly because: string }, options?: CallOptions): Promise<RevocationAnswer>;
  /** Takes back every lease of one role, or of all. */
  revokeMany(revocation: RevokeManyBody, options?: CallOptions): Promise<RevocationAnswer>;
  /** The roles that the caller may ask for. */
  roles(options?: CallOptions): Promise<RoleList>;
  /** Every principal with its policy; for administrators. */
  principals(options?: CallOptions): Promise<PrincipalList>;
  /** One principal; with `changes`, also what administrators changed of it. */
  principal(name: string, options?: CallOptions & { readonly changes?: boolean }): Promise<PrincipalView>;
  /** Replaces policy and groups of a principal, if it is still at the version that was read. */
  putPrincipal(name: string, body: PrincipalBody, options?: CallOptions): Promise<PrincipalView>;
}
