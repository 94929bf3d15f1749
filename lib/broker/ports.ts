/**
 * The ports of the broker: interfaces for its dependencies. Each port has one adapter for AWS. Tests and local brokers
 * may use other adapters.
 */
import type { RelyingParty } from '@leasehold/contract/consent';
import type { ANSWERED } from '@leasehold/documents';
import type { Json } from './canonical';
import type { AdministrationEvent } from './consent/administration';
import type { KeyEvent } from './consent/key-record';
import type { Grant } from './grant/grant';
import type { SignedIn, Subject } from './identity';
import type { LeaseEvent } from './lease/event';
import type { FoldedLease } from './lease/fold';
import type { ReviewerFailed } from './port-errors';
import type { ReviewerQuestion } from './verdict/question';

export type { SignedIn } from './identity';

/** Returns the current time in whole seconds since 1970. */
export type Clock = () => number;

/** The append-only log of all leases. Reading is strongly consistent. */
export interface LeaseStore {
  /**
   * All events of a lease in order. Empty for a lease that does not exist.
   * @throws LeaseFault for an invalid list of events; `Unauthentic` if the broker's function did not write all events.
   */
  read(lease: string): Promise<readonly LeaseEvent[]>;
  /**
   * Appends a batch of events, all or nothing.
   * @param events In order; the first one follows the last stored event.
   * @param after The lease after these events, from which the list indexes are made.
   * @returns `conflict` if another writer was first and nothing was appended. This is also the case if the other writer
   * appended the same events: of two concurrent callers that issue a lease, only one may succeed. A lost response to
   * this call is not a conflict.
   * @throws {Unavailable} if it is unknown whether the events were appended.
   */
  append(events: readonly LeaseEvent[], after: FoldedLease): Promise<'appended' | 'conflict'>;
  /**
   * Ids of leases from one of the indexes, newest first. Indexes may lag behind. A lease that was proposed again
   * appears once more in the lists of its role and of waiting leases, at the new time.
   * @throws {NoSuchPage} for a `next` that this list did not return; {@link Unavailable}
   */
  list(query: LeaseQuery): Promise<{ readonly leases: readonly string[]; readonly next?: string }>;
}

export interface LeaseQuery {
  /**
   * Which leases to list: leases that need an approval, leases of the requester with a given `key`, or leases of a
   * role.
   */
  readonly by: { readonly open: true } | { readonly requester: string } | { readonly role: string };
  /**
   * The earliest time in seconds since 1970: that of the request in the list of a requester, otherwise that of the
   * proposal.
   */
  readonly since: number;
  readonly limit: number;
  /** The token that the previous page returned. */
  readonly next?: string;
}

/** The records of people's passkeys. Reads are strongly consistent. */
export interface KeyStore {
  /**
   * All events of a person in order.
   * @throws {LeaseFault} for an unreadable list; `Unauthentic` if the broker's function did not write all events;
   *   {@link Unavailable}
   */
  read(person: string): Promise<readonly KeyEvent[]>;
  /** Appends one event. @returns `conflict` if another writer appended an event first @throws {Unavailable} */
  append(event: KeyEvent, person: string): Promise<'appended' | 'conflict'>;
  /**
   * Stores the signature counter of a passkey, atomically and only if the counter increased. Passkeys that are
   * synchronized between devices have no counter and always send 0.
   * @returns true if the counter increased, or is 0 and always was 0
   * @throws {Unavailable}
   */
  advance(person: string, credential: string, counter: number): Promise<boolean>;
}

/** Authenticates data that the broker sends to callers and later receives back. */
export interface TicketSeal {
  /** @param at The time at which the record was made, in seconds since 1970. @throws {Unavailable} */
  seal(at: number, record: Json): Promise<string>;
  /** Whether the broker's function created this MAC. @throws {Unavailable} */
  holds(at: number, record: Json, mac: string | undefined): Promise<boolean>;
}

/** Ports for consent by passkey. */
export interface ConsentPorts {
  readonly relyingParty: RelyingParty;
  readonly keys: KeyStore;
  readonly tickets: TicketSeal;
  /** Returns 32 random bytes. */
  readonly newNonce: () => Uint8Array;
}

/** How much of a budget is spent in the current window and in the window before it. */
export interface Spent {
  readonly current: number;
  readonly previous: number;
}

/** A principal's settings, as changed by administrators. */
export interface StoredPrincipal {
  readonly policy: string;
  readonly groups: readonly string[];
  /** Starts at 1. */
  readonly version: number;
  readonly changedBy: string;
  readonly changedAt: number;
}

/** The append-only records of what administrators do. Reads are strongly consistent. */
export interface AdministrationLog {
  /**
   * All events of a record in order.
   * @throws {LeaseFault} for an unreadable list; `Unauthentic` if the broker's function did not write all events;
   *   {@link Unavailable}
   */
  read(record: string): Promise<readonly AdministrationEvent[]>;
  /**
   * Appends one event, which is also published on the event bus.
   * @returns `conflict` if another writer appended an event first
   * @throws {Unavailable}
   */
  append(event: AdministrationEvent): Promise<'appended' | 'conflict'>;
}

/** The spending of a principal, and the principal's stored settings. */
export interface Account {
  readonly requests: Spent;
  readonly denials: Spent;
  readonly stored?: StoredPrincipal;
}

/** Principals and their budgets. */
export interface PrincipalStore {
  /**
   * Counts one request or denial atomically, and returns the new totals in the same call.
   * @throws {Unavailable}
   */
  spend(principal: string, what: 'requests' | 'denials', now: number): Promise<Account>;
  /**
   * Counts one request or denial atomically, but only if the count of the current window is then at most `most`. This
   * maximum also holds for concurrent calls.
   * @returns the new totals. Undefined if the limit was reached.
   * @throws {Unavailable}
   */
  reserve(principal: string, what: 'requests' | 'denials', now: number, most: number): Promise<Spent | undefined>;
  /** Removes from the count one request or denial that was counted at the given time. @throws {Unavailable} */
  giveBack(principal: string, what: 'requests' | 'denials', now: number): Promise<void>;
  /** The spending of a principal, and the principal's stored settings, without counting anything. @throws {Unavailable} */
  account(principal: string, now: number): Promise<Account>;
  /** All principals whose settings administrators changed. */
  all(): Promise<Readonly<Record<string, StoredPrincipal>>>;
  get(principal: string): Promise<StoredPrincipal | undefined>;
  /** @returns `conflict` if the stored version is not the direct predecessor of the new version. */
  put(principal: string, value: StoredPrincipal): Promise<'stored' | 'conflict'>;
}

/** Temporary credentials. Kept in memory only. */
export interface IssuedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** The session to issue: it has exactly this grant and duration. */
export interface Cut {
  readonly lease: string;
  readonly grant: Grant;
  /** Names of the approvers, sorted. */
  readonly approvers: readonly string[];
  /** Seconds from now until the session ends. A duration below 900 seconds requires `sts:GetScopedCredentials`. */
  readonly seconds: number;
}

/** Issues sessions. */
export interface Issuer {
  /**
   * @throws {Refused} if AWS rejected the call, so that no session exists; {@link Unavailable} if the outcome is
   * unknown.
   */
  cut(cut: Cut): Promise<IssuedCredentials>;
  /**
   * A console sign-in URL for issued credentials. The URL is valid for 15 minutes at most. Undefined if there is no AWS
   * console, for example on a developer's machine.
   */
  console?(credentials: IssuedCredentials): Promise<{ readonly url: string; readonly expiresAt: number }>;
}

/** A lease that was revoked before it expired. */
export interface Revocation {
  readonly lease: string;
  readonly role: string;
  /** Time at which the lease would have ended, in seconds since 1970. The deny statement must remain until then. */
  readonly until: number;
}

/** A role all of whose sessions are denied. */
export interface RoleDenial {
  readonly role: string;
  /** Time at which the last lease of the role ends, in seconds since 1970. */
  readonly until: number;
}

/** A role that is blocked. */
export interface ShutRole {
  readonly role: string;
  /** Time until which the role is blocked, in seconds since 1970. */
  readonly until: number;
  /** Whether the role has the tag that denies every session. */
  readonly tag: Denied;
  /** Whether the revocation policy denies the role. `none`: the role does not have the policy. */
  readonly policy: Denied | 'none';
}

/** Whether AWS has a denial. */
export type Denied = 'present' | 'missing' | 'not-read';

/** Adds and removes the deny statements that revoke leases. Cannot grant permissions. */
export interface Revoker {
  /**
   * Makes AWS deny all further calls of these leases, which all belong to one role. If the leases need more tags than
   * the role can have, the whole role is blocked.
   * @returns the time at which the block ends, if the role is blocked.
   */
  revoke(role: string, leases: readonly Revocation[]): Promise<{ readonly shutUntil?: number }>;
  /**
   * Makes AWS deny every call of every existing and new lease of a role until the given time. Uses a tag on the role.
   */
  shut(role: string, until: number): Promise<void>;
  /**
   * Makes AWS deny every call of every session of these roles. Uses the revocation policy, so no tag is needed. Ignores
   * roles that do not have the policy.
   */
  deny(roles: readonly RoleDenial[]): Promise<void>;
  /**
   * The blocked roles, and the current state of each block in AWS.
   * @throws {Unavailable} if the records cannot be read. State that cannot be read from IAM is `not-read`.
   */
  standing(): Promise<readonly ShutRole[]>;
  /** Removes the deny statements for leases that have ended. */
  prune(now: number): Promise<void>;
}

/** Reads a secret that may change over time. */
export interface SecretReader {
  /**
   * @param refused A value of the secret that the service rejected. The secret is read again, unless it has already
   * been read since this value was returned.
   * @throws {Unavailable}
   */
  read(refused?: string): Promise<string>;
}

/** A model that answers one question. */
export interface ReviewerPort {
  /** Provider and model, for the record. */
  readonly model: string;
  /**
   * Identifies the model and the settings with which it is called. When this value changes, the test question is asked
   * again.
   * @default `model`
   */
  readonly target?: string;
  /**
   * @param feedback The faults in the previous answer.
   * @returns The answer, which was not validated yet.
   * @throws {ReviewerFailed} if there is no answer: the model timed out, was throttled, refused, or returned an
   *   unusable response.
   */
  review(question: ReviewerQuestion, feedback?: readonly string[]): Promise<unknown>;
}

/** One run of the schedule. */
export interface Heartbeat {
  readonly now: number;
  /** Whether all the scheduled work succeeded. */
  readonly isComplete: boolean;
  /** The reviewer to which a test question may be sent, and its address. Absent if there is no reviewer. */
  readonly target?: string;
}

/** The function's reports about its own health, which the doctor reads. They contain no text from requests. */
export interface HealthStore {
  /**
   * Records that the function is running.
   * @returns Whether the caller must ask this question now. This is true for only one caller per target within
   *   {@link import('@leasehold/documents').QUESTION_SECONDS}.
   * @throws {Unavailable}
   */
  beat(beat: Heartbeat): Promise<boolean>;
  /** Records the result of the most recent test question. @throws {Unavailable} */
  answered(result: typeof ANSWERED | ReviewerFailed['why']): Promise<void>;
}

/** Verifies tokens of signed-in users. */
export interface TokenVerifier {
  /** @throws {TokenInvalid} */
  verify(token: string): Promise<Subject>;
}

/** Verifies access tokens of people who call the broker themselves. */
export interface SignInVerifier {
  readonly issuer: string;
  readonly nameClaim: string;
  /** @throws {TokenInvalid} */
  verify(token: string): Promise<SignedIn>;
}

/** A request to which the broker has responded, as it is logged. */
export interface Answered {
  readonly operation: string;
  readonly status: number;
  readonly milliseconds: number;
  /** Kind and name of the caller, if known. */
  readonly caller?: string;
  /** Problem code. Set for a refusal. */
  readonly code?: string;
  /** The lease in the answer. */
  readonly lease?: string | undefined;
}

/** Counts and times for operators. Never contains an agent's text or a secret. */
export interface Telemetry {
  count(
    what: 'GroupsGiven' | 'LeaseRequested' | 'LeaseDenied' | 'LeaseIssued' | 'LeaseRevoked' | 'Throttled' | 'Failed',
    fields?: Readonly<Record<string, string>>,
  ): void;
  /**
   * Milliseconds from the request to the credentials, without the time in which the broker waited for people.
   */
  issueLatency(milliseconds: number): void;
  /** Logs one line for each request. */
  answered(line: Answered): void;
  /** Logs the name of an error. The error's message is omitted, because it may quote an agent's text. */
  error(what: string, error: unknown): void;
}
