/** The interface of the broker client: one method for each operation. */
import type {
  AdministrationRecord,
  ApproveBody,
  BudgetList,
  DenyBody,
  EventList,
  GroupList,
  IssueCodeBody,
  KeyRecord,
  LeaseList,
  LeaseView,
  NonceAnswer,
  PrincipalBody,
  PrincipalList,
  PrincipalView,
  Proposal,
  ProposeBody,
  RegisterKeyBody,
  RemoveKeyBody,
  RequestBody,
  RevocationAnswer,
  RevocationList,
  RevokeBody,
  RevokeManyBody,
  RoleList,
} from '@leasehold/contract';
import type { KeyIdentity, LeaseCredentials } from '../credentials/lease-credentials';
import type { ConsoleAddress } from './console-address';

/**
 * Options of a broker client.
 * @example
 * const options: BrokerClientOptions = { url: 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/leasehold-hermes-dev', region: 'eu-west-1' };
 * @public
 */
export interface BrokerClientOptions {
  /** URL of the broker, including its stage: `https:`, or `http:` on the loopback interface. */
  readonly url: string;
  /** The region for which calls are signed. */
  readonly region: string;
  /**
   * Credentials of the caller: an agent's key, the credentials of an agent's role, or a person's session.
   * @default the AWS SDK's default provider chain
   */
  readonly credentials?: KeyIdentity | (() => Promise<KeyIdentity>);
  /**
   * A person who signed in with a browser, in place of AWS credentials. With this option, calls use the routes for
   * people.
   * @default none: calls are signed with `credentials`
   */
  readonly signIn?: SignedInPerson;
}

/**
 * A person who signed in, and whether the person acts as a requester, an approver or an administrator.
 * @example
 * const signIn: SignedInPerson = { as: 'requester', token: async () => session.accessToken };
 * @public
 */
export interface SignedInPerson {
  readonly as: 'requester' | 'approver' | 'administrator';
  /** Returns a valid access token. Called for each call. */
  readonly token: () => Promise<string>;
}

/**
 * Options that every call accepts.
 * @example
 * const options: CallOptions = { signal: AbortSignal.timeout(10_000) };
 * @public
 */
export interface CallOptions {
  /** Cancels the call. Effects that already occurred are not undone. @default the call is not cancelled */
  readonly signal?: AbortSignal;
}

/**
 * The result of a request. The credentials are present if no approval is pending.
 * @example
 * const { lease, credentials } = await broker.request({ role: 'refund', reason, parameters: { order: '4711' } });
 * @public
 */
export interface RequestedLease {
  readonly lease: LeaseView;
  readonly credentials?: LeaseCredentials;
}

/**
 * A collected lease with its credentials.
 * @example
 * const { credentials } = await broker.collect('lh-01jd0000000000000000000000');
 * @public
 */
export interface CollectedLease {
  readonly lease: LeaseView;
  readonly credentials: LeaseCredentials;
}

/**
 * A client of one broker, for one caller. Each method makes one signed call and sends it once. API Gateway authorizes
 * the call by its signature before the broker receives it.
 *
 * Every method rejects with a {@link BrokerProblem} when the broker refuses, and with another `LeaseError`
 * otherwise: `denied` when AWS refuses the caller, `unavailable` when there is no response or one that does not match
 * the contract, `invalid-request` before anything is sent, `aborted`.
 * @example
 * const broker = createBrokerClient({ url, region: 'eu-west-1' });
 * const { roles } = await broker.roles();
 * @public
 */
export interface BrokerClient {
  /**
   * Requests a lease, by role or by intent. If the response was lost, a call with the same `idempotencyKey` returns the
   * same response, and no reviewer or approver is asked twice.
   */
  request(body: RequestBody, options?: CallOptions & { readonly idempotencyKey?: string }): Promise<RequestedLease>;
  /**
   * Describes a task in plain words, and returns the lease that the reviewer proposes. Does not create a lease: a
   * request with the proposed values needs a new decision. Counts as a request in the budgets. Only for people.
   */
  propose(body: ProposeBody, options?: CallOptions): Promise<Proposal>;
  /**
   * Lists leases: with `open`, leases that need an approval; with `role`, leases of the role in the last day;
   * otherwise, the caller's own leases.
   */
  leases(
    query?: { readonly open?: boolean; readonly role?: string; readonly next?: string },
    options?: CallOptions,
  ): Promise<LeaseList>;
  /**
   * The current state of a lease. With `wait` (0 to 20 seconds), the call returns as soon as the lease has an event
   * after the sequence number `after`.
   */
  status(
    lease: string,
    options?: CallOptions & { readonly wait?: number; readonly after?: number },
  ): Promise<LeaseView>;
  /** Returns all events of a lease, each with the hash of the previous event. */
  events(lease: string, options?: CallOptions): Promise<EventList>;
  /**
   * Gets the credentials of an approved lease. Can be called once, and again within a minute if the response was lost.
   */
  collect(lease: string, options?: CallOptions): Promise<CollectedLease>;
  /** Opens an approved lease and returns a sign-in URL for the AWS console. Only for people. */
  console(lease: string, options?: CallOptions): Promise<ConsoleAddress>;
  /**
   * Approves the grant with the given hash, which must be the hash of the grant that was shown. If passkeys are
   * required, the approval contains the signature.
   */
  approve(lease: string, approval: ApproveBody, options?: CallOptions): Promise<LeaseView>;
  /** Denies a lease, which ends it. */
  deny(lease: string, denial: DenyBody, options?: CallOptions): Promise<LeaseView>;
  /** Revokes a lease. */
  revoke(lease: string, revocation: RevokeBody, options?: CallOptions): Promise<RevocationAnswer>;
  /** Revokes every lease of one role, of all roles, or of one requester. */
  revokeMany(revocation: RevokeManyBody, options?: CallOptions): Promise<RevocationAnswer>;
  /**
   * The roles that are currently blocked, and the unverified record of the revocations that affected more than one
   * lease. A response contains at most 100 events; `after` is the sequence number after which the response starts.
   */
  revocations(options?: CallOptions & { readonly after?: number }): Promise<RevocationList>;
  /** The roles that the caller may request. */
  roles(options?: CallOptions): Promise<RoleList>;
  /** Returns every principal with its policy. Only for administrators. */
  principals(options?: CallOptions): Promise<PrincipalList>;
  /** One principal. */
  principal(name: string, options?: CallOptions): Promise<PrincipalView>;
  /**
   * The unverified record of the changes that administrators made to a principal. A response contains at most 100
   * events; `after` is the sequence number after which the response starts. Only for administrators.
   */
  principalEvents(name: string, options?: CallOptions & { readonly after?: number }): Promise<AdministrationRecord>;
  /** Replaces the policy and groups of a principal if the principal's version has not changed since it was read. */
  putPrincipal(name: string, body: PrincipalBody, options?: CallOptions): Promise<PrincipalView>;
  /** How much of their budgets the requesters in the definitions have used. Only for administrators. */
  budgets(options?: CallOptions): Promise<BudgetList>;
  /** The groups, their members, and the roles for which their members are eligible. Only for administrators. */
  groups(options?: CallOptions): Promise<GroupList>;
  /** Returns a nonce for one signature with a passkey. */
  nonce(options?: CallOptions): Promise<NonceAnswer>;
  /** Returns the events of a person's passkeys. The events are not verified. */
  keys(person: string, options?: CallOptions): Promise<KeyRecord>;
  /** Records a one-time code for a person's first passkey. Only for administrators. */
  issueCode(person: string, code: IssueCodeBody, options?: CallOptions): Promise<KeyRecord>;
  /** Registers a passkey of the caller. */
  registerKey(person: string, registration: RegisterKeyBody, options?: CallOptions): Promise<KeyRecord>;
  /** Removes a passkey. */
  removeKey(person: string, removal: RemoveKeyBody, options?: CallOptions): Promise<KeyRecord>;
}
