/** What the broker needs of the world. Each port has one adapter for AWS; tests and laptops may bring others. */
import type { Grant } from './grant/grant';
import type { Subject } from './identity';
import type { LeaseEvent } from './lease/event';
import type { Lease } from './lease/fold';
import type { ReviewerQuestion } from './verdict/question';

/** Seconds since 1970, whole. */
export type Clock = () => number;

/** The append-only log of all leases. Reading is strongly consistent. */
export interface LeaseStore {
  /**
   * All events of a lease in their order; none for a lease that is not there.
   * @throws LeaseFault for what is no list of events; `Unauthentic` where somebody else wrote some of them.
   */
  read(lease: string): Promise<readonly LeaseEvent[]>;
  /**
   * Appends events as one, all or nothing.
   * @param events In their order; the first follows the last that is stored.
   * @param after The lease as it is with them: what lists of leases are made from.
   * @returns `conflict` when somebody else was first, and nothing was appended; also where somebody else appended the very
   * same, since of two who issue a lease at once only one may. That the answer to this call was lost is no conflict.
   * @throws {Unavailable} when it is not known whether they were appended.
   */
  append(events: readonly LeaseEvent[], after: Lease): Promise<'appended' | 'conflict'>;
  /**
   * Ids of leases by one of the indexes, the newest first. Indexes may lag behind. A lease that was proposed anew is in
   * the lists of its role and of those that wait once more, at that time.
   * @throws {NoSuchPage} for a `next` that this list did not give; {@link Unavailable}
   */
  list(query: LeaseQuery): Promise<{ readonly leases: readonly string[]; readonly next?: string }>;
}

export interface LeaseQuery {
  /** Leases that wait for approvers, or those of a requester's key, or those of a role's name. */
  readonly by: { readonly open: true } | { readonly requester: string } | { readonly role: string };
  /** The earliest time at which they were asked for, in seconds since 1970. */
  readonly since: number;
  readonly limit: number;
  /** Where the page before ended. */
  readonly next?: string;
}

/** How much of a budget is spent: in the current window, and in the one before. */
export interface Spent {
  readonly current: number;
  readonly previous: number;
}

/** What administrators changed of a principal. */
export interface StoredPrincipal {
  readonly policy: string;
  readonly groups: readonly string[];
  /** From 1. */
  readonly version: number;
  readonly changedBy: string;
  readonly changedAt: number;
}

/** What an administrator changes of a principal, for the record. */
export interface PrincipalChange {
  readonly principal: string;
  readonly before: Pick<StoredPrincipal, 'policy' | 'groups'>;
  readonly after: StoredPrincipal;
  /** Roles that they may ask for with it, and could not before. */
  readonly opens: readonly string[];
}

/** The append-only record of what administrators change. */
export interface ChangeLog {
  /** Puts a change on record, before it has effect. The world is told of it. @throws {Unavailable} */
  record(change: PrincipalChange): Promise<void>;
  /**
   * The newest changes of a principal, the newest first, each with whether the broker's function wrote it.
   * @returns at most `limit` of them, and whether there are more
   * @throws {Unavailable}
   */
  read(principal: string, limit: number): Promise<RecordedChanges>;
}

/** What is on record of one principal. */
export interface RecordedChanges {
  readonly changes: readonly (PrincipalChange & { readonly authentic: boolean })[];
  readonly more: boolean;
}

/** Everything that is spent by a principal, and what is stored of it. */
export interface Account {
  readonly requests: Spent;
  readonly denials: Spent;
  readonly stored?: StoredPrincipal;
}

/** Principals and their budgets. */
export interface PrincipalStore {
  /**
   * Counts one request or denial, atomically, and tells what has been spent with it: one call.
   * @throws {Unavailable}
   */
  spend(principal: string, what: 'requests' | 'denials', now: number): Promise<Account>;
  /**
   * Counts one only if no more than `most` are counted in the current window with it, atomically: of many at once exactly
   * so many are let through.
   * @returns what has been spent with it; nothing where there was no room @throws {Unavailable}
   */
  reserve(principal: string, what: 'requests' | 'denials', now: number, most: number): Promise<Spent | undefined>;
  /** Takes back one that was counted at this time. @throws {Unavailable} */
  giveBack(principal: string, what: 'requests' | 'denials', now: number): Promise<void>;
  /** Those that administrators changed. */
  all(): Promise<Readonly<Record<string, StoredPrincipal>>>;
  get(principal: string): Promise<StoredPrincipal | undefined>;
  /** @returns `conflict` when the stored version is not the one before. */
  put(principal: string, value: StoredPrincipal): Promise<'stored' | 'conflict'>;
}

/** Temporary credentials. In memory alone. */
export interface IssuedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** A session to cut: exactly this, and no longer. */
export interface Cut {
  readonly lease: string;
  readonly grant: Grant;
  /** Who approved, in the order of their names. */
  readonly approvers: readonly string[];
  /** Seconds from now until its end; less than 900 is cut with `sts:GetScopedCredentials`. */
  readonly seconds: number;
}

/** Cuts sessions. */
export interface Issuer {
  /** @throws {Refused} when AWS said no, so that nothing was cut; {@link Unavailable} when it is not known. */
  cut(cut: Cut): Promise<IssuedCredentials>;
  /** A sign-in address of the console for credentials that were cut; it is good for 15 minutes at most. */
  console(credentials: IssuedCredentials): Promise<{ readonly url: string; readonly expiresAt: number }>;
}

/** A lease that was taken back while it ran. */
export interface Revocation {
  readonly lease: string;
  readonly role: string;
  /** When the lease would have ended: until then the deny has to stand. Seconds since 1970. */
  readonly until: number;
}

/** Denies that can only subtract. */
export interface Revoker {
  /**
   * Makes AWS deny the next call of these leases, all of one role. Where they are more than fit, the role is shut.
   * @returns until when the role is shut, where it is.
   */
  revoke(role: string, leases: readonly Revocation[]): Promise<{ readonly shutUntil?: number }>;
  /** Makes AWS deny every call of every lease of a role, and every new lease, until a time. */
  shut(role: string, until: number): Promise<void>;
  /** Takes away the denies whose leases have ended. */
  prune(now: number): Promise<void>;
}

/** A secret text, which changes now and then. */
export interface SecretReader {
  /**
   * @param refused A value that its taker refused: unless it has been read anew since, it is read anew.
   * @throws {Unavailable}
   */
  read(refused?: string): Promise<string>;
}

/** The model, asked one question. */
export interface ReviewerPort {
  /** Which, for the record: provider and model. */
  readonly model: string;
  /**
   * @param feedback What was wrong with the answer before.
   * @returns What it answered, whatever that is.
   * @throws {ReviewerFailed} when there is no answer: it timed out, was throttled, refused, or spoke nonsense.
   */
  review(question: ReviewerQuestion, feedback?: readonly string[]): Promise<unknown>;
}

/** Verifies tokens of signed-in users. */
export interface TokenVerifier {
  /** @throws {SubjectInvalid} */
  verify(token: string): Promise<Subject>;
}

/** A request that was answered. */
export interface Answered {
  readonly operation: string;
  readonly status: number;
  readonly milliseconds: number;
  /** Kind and name of the caller, once known. */
  readonly caller?: string;
  /** Of a refusal. */
  readonly code?: string;
  /** The lease that the answer is about. */
  readonly lease?: string | undefined;
}

/** Counts and times, for people who watch. Never prose of an agent, never a secret. */
export interface Telemetry {
  count(
    what: 'GroupsGiven' | 'LeaseRequested' | 'LeaseDenied' | 'LeaseIssued' | 'LeaseRevoked' | 'Throttled' | 'Failed',
    fields?: Readonly<Record<string, string>>,
  ): void;
  /** Milliseconds in which the broker itself turned a request into credentials; humans' time is not in it. */
  issueLatency(milliseconds: number): void;
  /** One line for each request. */
  answered(line: Answered): void;
  /** An error by its name; its message may quote an agent and is left out. */
  error(what: string, error: unknown): void;
}

/** AWS did not answer, or not in a way that tells what happened. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';

  constructor(
    /** The call, for example `sts:AssumeRole`. */
    readonly call: string,
    options?: ErrorOptions,
  ) {
    super(`${call} gave no answer`, options);
  }
}

/** AWS said no. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly call: string,
    /** AWS's code, for example `AccessDenied`. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`${call} was refused: ${code}`, options);
  }
}

/** A page of a list that does not exist: its token was made up, or belongs to another list. */
export class NoSuchPage extends Error {
  override readonly name = 'NoSuchPage';

  constructor() {
    super('there is no such page of this list');
  }
}

/** There is no answer of the reviewer. */
export class ReviewerFailed extends Error {
  override readonly name = 'ReviewerFailed';

  constructor(
    readonly why: 'timeout' | 'throttled' | 'refused' | 'nonsense' | 'unavailable',
    options?: ErrorOptions,
  ) {
    super(`the reviewer failed: ${why}`, options);
  }
}

/** A token that proves nothing. Says why, and holds nothing of the token. */
export class SubjectInvalid extends Error {
  override readonly name = 'SubjectInvalid';

  constructor(
    readonly why:
      | 'malformed'
      | 'unknown-issuer'
      | 'signature'
      | 'algorithm'
      | 'audience'
      | 'expired'
      | 'not-yet-valid'
      | 'token-use'
      | 'claims'
      | 'keys-unavailable',
    options?: ErrorOptions,
  ) {
    super(`the subject's token is not accepted: ${why}`, options);
  }
}
