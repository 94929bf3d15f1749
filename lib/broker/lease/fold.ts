/**
 * Computes the state of a lease as the fold of its events. The state is not stored anywhere else, so no copy can
 * differ from it.
 */
import { defined } from '@leasehold/contract/defined';
import type { Json } from '../canonical';
import { decisionOf } from '../consent/decision';
import { signedChallenge } from '../consent/signature';
import { challengeOf } from '../consent/statement';
import { type Grant, grantHash } from '../grant/grant';
import { isOwnLease, type RequestIdentity } from '../identity';
import { type DenialCode, type EventBody, eventHash, type LeaseEvent, type Review } from './event';
import { LeaseFault } from './fault';
import { actorOf, actorsOf, type LeaseState } from './table';

/** Seconds after the first collection during which a lease can be collected again, in case the response was lost. */
export const COLLECT_AGAIN = 60;
/**
 * Maximum number of times that an issued lease can be collected. A lease needs to be collected again only if a response
 * was lost, and more lost responses than this are not plausible.
 */
export const MOST_COLLECTED = 5;
/**
 * Maximum number of times that a record states that credentials were withheld. The requester decides how often the
 * broker has to refuse, and a long record would delay a revocation.
 */
export const MOST_WITHHELD = 10;
/**
 * Seconds after which a request without a decision lapses. A run of the function ends within 30 seconds, including the
 * reviewer call.
 */
export const DECIDED_WITHIN = 120;

/** A lease, computed from its events. */
export interface FoldedLease extends RequestIdentity {
  readonly id: string;
  /** The state after the last event. {@link stateAt} also considers the current time. */
  readonly state: LeaseState;
  readonly requestedAt: number;
  /** The original request, unchanged. */
  readonly asked: Readonly<Record<string, Json>>;
  /** The result of the review, and the model that performed it. */
  readonly review?: Review & { readonly model: string };
  /** The current grant, and the approvals that the grant needs. */
  readonly proposal?: Proposal;
  /** Names of the approvers of the current grant, in order of approval. */
  readonly approvals: readonly string[];
  readonly issued?: { readonly at: number; readonly until: number } | undefined;
  /** When the lease was first collected. */
  readonly collectedAt?: number | undefined;
  /**
   * How many times the lease has been collected since it was issued. If the lease was collected more than once, several
   * sessions may exist.
   */
  readonly collected: number;
  /** How many times the record states that credentials were withheld. */
  readonly withheld: number;
  /** How many times AWS refused to issue a session, and the time of the last refusal. */
  readonly refused?: { readonly times: number; readonly at: number };
  /** The reason why the lease ended, if an event ended it. */
  readonly because?: string;
  /** Set for a denial. */
  readonly code?: DenialCode;
  /** Nonces of the signatures in the record. */
  readonly nonces: readonly string[];
  /** The last event, whose hash the next event must contain. */
  readonly last: LeaseEvent;
}

export interface Proposal {
  /** When the grant was proposed. */
  readonly at: number;
  readonly grant: Grant;
  readonly hash: string;
  readonly humans: number;
  readonly approvers: readonly string[];
  readonly until: number;
  /** Whether each approval must be signed with a passkey. */
  readonly signed?: true;
}

/**
 * The state at the given time. Undecided requests and approval requests lapse without an event, and leases expire
 * without an event.
 */
export function stateAt(lease: FoldedLease, now: number): LeaseState {
  if (now < endOf(lease)) return lease.state;
  return lease.state === 'issued' ? 'expired' : 'lapsed';
}

/** When the lease last changed: by its last event, or later because it lapsed or expired. */
export function changedAt(lease: FoldedLease, now: number): number {
  const end = endOf(lease);
  return now < end ? lease.last.at : end;
}

/** When the state ends without an event. Infinite for a state that does not. */
function endOf({ state, proposal, issued, requestedAt }: FoldedLease): number {
  if (state === 'requested') return requestedAt + DECIDED_WITHIN;
  const end = state === 'issued' ? issued?.until : isWaiting(state) ? proposal?.until : undefined;
  return end ?? Number.POSITIVE_INFINITY;
}

function isWaiting(state: LeaseState): boolean {
  return state === 'pending' || state === 'approved';
}

/**
 * Whether its requester can collect the lease: it is approved, or it was collected so recently that the response may
 * have been lost.
 */
export function isCollectable(lease: FoldedLease, now: number): boolean {
  const state = stateAt(lease, now);
  return state === 'approved' || (state === 'issued' && isCollectableAgain(lease, now));
}

/**
 * Folds all events of a lease.
 * @throws {LeaseFault} if the list is empty or violates the rules.
 */
export function fold(events: readonly LeaseEvent[]): FoldedLease {
  const [first, ...rest] = events;
  if (first === undefined) throw new LeaseFault('out-of-sequence', 'A lease has at least one event.');
  return rest.reduce(append, begin(first));
}

/**
 * The lease after one more event. The rules that determine which events may be appended also determine which stored
 * events are valid.
 * @throws {LeaseFault}
 */
export function append(lease: FoldedLease, event: LeaseEvent): FoldedLease {
  const { last } = lease;
  const follows = event.lease === lease.id && event.sequence === last.sequence + 1 && event.at >= last.at;
  if (!follows || event.previous !== eventHash(last)) {
    throw new LeaseFault(
      'out-of-sequence',
      `Event ${event.sequence} of ${event.lease} does not follow the previous event.`,
    );
  }
  const state = stateAt(lease, event.at);
  demandFirst(lease, event.body, state);
  demandActor(event.body, state);
  const nonces = demandBinding(lease, event.body);
  return { ...lease, ...after(lease, event.body, event.at), nonces, last: event };
}

/**
 * Throws unless a signature covers exactly this decision about this lease, and the nonce is new. The signature itself
 * is verified elsewhere: by the broker before it appends the event, and by an audit.
 * @returns the nonces afterwards
 */
function demandBinding(lease: FoldedLease, body: EventBody): readonly string[] {
  const { nonces } = lease;
  if (!('assertion' in body) || body.assertion === undefined) return nonces;
  const { assertion } = body;
  const statement = decisionOf(lease, body);
  if (statement === undefined || signedChallenge(assertion) !== challengeOf(assertion.nonce, statement)) {
    throw new LeaseFault('consent-invalid', 'The statement signed with the passkey does not match this decision.');
  }
  if (nonces.includes(assertion.nonce)) throw new LeaseFault('consent-invalid', 'The nonce was used before.');
  return [...nonces, assertion.nonce];
}

/** Throws unless {@link actorsOf} permits this actor to cause the event in this state. */
function demandActor(body: EventBody, state: LeaseState): void {
  const actors = actorsOf(state, body.type);
  const actor = actorOf(body);
  if (actors.some((each) => each === actor)) return;
  const by = actors.length === 0 ? '' : ` by ${actor ?? 'an unknown kind of actor'}`;
  throw new LeaseFault('wrong-state', `A lease that is ${state} cannot be ${body.type}${by}.`, state);
}

/**
 * Reports a person's second approval of the same grant as a repetition, even if the grant needed no further approval
 * after the first approval.
 */
function demandFirst({ approvals, proposal }: FoldedLease, body: EventBody, state: LeaseState): void {
  if (body.type !== 'approved' || body.hash !== proposal?.hash) return;
  if (!['pending', 'approved', 'issued'].includes(state) || !approvals.includes(body.by.name)) return;
  throw new LeaseFault('said-already', 'This lease is already approved by you.', state);
}

function begin(event: LeaseEvent): FoldedLease {
  const { lease: id, sequence, previous, body, at } = event;
  if (sequence !== 1 || previous !== '' || body.type !== 'requested') {
    throw new LeaseFault('out-of-sequence', `${id} does not begin with a request.`);
  }
  const { type: _, ...request } = body;
  return {
    ...request,
    id,
    state: 'requested',
    requestedAt: at,
    approvals: [],
    collected: 0,
    withheld: 0,
    nonces: [],
    last: event,
  };
}

function after(lease: FoldedLease, body: EventBody, at: number): Partial<FoldedLease> {
  switch (body.type) {
    case 'requested':
      return {};
    case 'reviewed':
      return { review: { model: body.model, ...body.review } };
    case 'proposed':
      return proposed(lease, body, at);
    case 'approved':
      return approved(lease, body);
    case 'denied':
      if (body.by !== 'broker') mustBeApprover(lease, body.by.name);
      return { state: 'denied', because: body.because, code: body.code };
    case 'lapsed':
      if (lease.state === 'lapsed')
        throw new LeaseFault('wrong-state', 'The record already states that the lease lapsed.');
      return { state: 'lapsed' };
    case 'issued':
      return issued(lease, body, at);
    case 'failed':
      return failed(lease, at);
    case 'withheld':
      return withheld(lease);
    case 'collected':
      return collected(lease, body.by, at);
    case 'revoked':
      return { state: 'revoked', because: body.because };
  }
}

function proposed(
  { requester, subject }: FoldedLease,
  { grant, humans, approvers, until, signed }: Extract<EventBody, { type: 'proposed' }>,
  at: number,
): Partial<FoldedLease> {
  const whose = subject === undefined ? undefined : `${subject.issuer} ${subject.sub}`;
  if (grant.requester !== requester.key || grant.subject !== whose) {
    throw new LeaseFault('malformed', 'The grant is for another requester.');
  }
  if (!Number.isInteger(humans) || humans < 0 || until <= at) {
    throw new LeaseFault(
      'malformed',
      'The event must contain the number of humans who must approve, and a deadline after the time of the event.',
    );
  }
  const proposal = { at, grant, hash: grantHash(grant), humans, approvers, until, ...defined({ signed }) };
  return { state: humans === 0 ? 'approved' : 'pending', proposal, approvals: [] };
}

function approved(
  lease: FoldedLease,
  { by, hash, assertion }: Extract<EventBody, { type: 'approved' }>,
): Partial<FoldedLease> {
  if (isOwnLease(by, lease.requester, lease.subject)) {
    throw new LeaseFault('own-lease', `${by.name} cannot approve a lease of their own.`);
  }
  const proposal = mustBeApprover(lease, by.name);
  if (hash !== proposal.hash) {
    throw new LeaseFault('another-grant', 'The grant has changed since you read it. Read the current grant.');
  }
  if (proposal.signed && assertion === undefined) {
    throw new LeaseFault('consent-required', 'Approvals of this lease must be signed with a passkey.');
  }
  const approvals = [...lease.approvals, by.name];
  return { approvals, ...(approvals.length >= proposal.humans ? { state: 'approved' as const } : {}) };
}

function issued(
  lease: FoldedLease,
  { hash, until }: Extract<EventBody, { type: 'issued' }>,
  at: number,
): Partial<FoldedLease> {
  const { proposal, approvals } = lease;
  if (proposal === undefined || approvals.length < proposal.humans) {
    throw new LeaseFault('wrong-state', 'The lease lacks approvals.');
  }
  if (hash !== proposal.hash) throw new LeaseFault('another-grant', 'The issued grant is not the approved one.');
  if (!Number.isInteger(until) || until <= at || until > at + proposal.grant.seconds) {
    throw new LeaseFault('malformed', 'A lease must end after it begins, and no later than the approved time.');
  }
  return { state: 'issued', issued: { at, until } };
}

function collected(lease: FoldedLease, by: string, at: number): Partial<FoldedLease> {
  const { requester, collectedAt, collected: times } = lease;
  if (by !== requester.key) throw new LeaseFault('not-the-requester', 'Only its requester can collect a lease.');
  if (collectedAt === undefined) return { collectedAt: at, collected: 1 };
  if (!isCollectableAgain(lease, at)) {
    throw new LeaseFault('collected-already', 'The lease has already been collected. Request a new lease.');
  }
  return { collected: times + 1 };
}

function isCollectableAgain({ collectedAt, collected: times }: FoldedLease, now: number): boolean {
  return collectedAt !== undefined && now - collectedAt <= COLLECT_AGAIN && times < MOST_COLLECTED;
}

/** Does not change the state, because the requester may become eligible again while the approval is valid. */
function withheld({ withheld: times }: FoldedLease): Partial<FoldedLease> {
  if (times >= MOST_WITHHELD) {
    throw new LeaseFault(
      'wrong-state',
      'The record already contains the maximum number of events for withheld credentials.',
    );
  }
  return { withheld: times + 1 };
}

/** Sets the lease back to the state in which it can be issued, but only if nobody can have received its credentials. */
function failed({ collected: collections, refused }: FoldedLease, at: number): Partial<FoldedLease> {
  if (collections > 1) throw new LeaseFault('wrong-state', 'A session of the lease may have been cut.');
  const times = (refused?.times ?? 0) + 1;
  return { state: 'approved', issued: undefined, collectedAt: undefined, collected: 0, refused: { times, at } };
}

function mustBeApprover({ proposal }: FoldedLease, name: string): Proposal {
  if (proposal === undefined) throw new LeaseFault('wrong-state', 'Nothing has been proposed yet.');
  if (!proposal.approvers.includes(name)) {
    throw new LeaseFault('not-an-approver', `${name} is not among the approvers of this lease.`);
  }
  return proposal;
}
