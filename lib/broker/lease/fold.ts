/** A lease's state is the fold of its events; there is no second copy of the truth that could disagree. */
import type { Json } from '../canonical';
import { type Grant, grantHash } from '../grant/grant';
import { isOwnLease, type RequestIdentity } from '../identity';
import { type DenialCode, type EventBody, eventHash, type LeaseEvent, type Review } from './event';
import { LeaseFault } from './fault';
import { actorOf, actorsOf, type LeaseState } from './table';

/** Seconds in which an answer that was lost can be collected again. */
export const COLLECT_AGAIN = 60;
/** Times that one issue of a lease can be collected: more answers than these are not lost by chance. */
export const MOST_COLLECTED = 5;
/** Seconds in which a request is decided. The function itself ends within half a minute, and a reviewer with it. */
export const DECIDED_WITHIN = 120;

/** A lease as its events tell it. */
export interface Lease extends RequestIdentity {
  readonly id: string;
  /** What the events say; {@link stateAt} adds what time has done since. */
  readonly state: LeaseState;
  readonly requestedAt: number;
  /** What was asked for, as it came. */
  readonly asked: Readonly<Record<string, Json>>;
  /** What the reviewer came to, and which it was. */
  readonly review?: Review & { readonly model: string };
  /** The grant that stands, and what it asks for. */
  readonly proposal?: Proposal;
  /** Names of those who approved the grant that stands, in their order. */
  readonly approvals: readonly string[];
  readonly issued?: { readonly at: number; readonly until: number } | undefined;
  /** When it was first collected. */
  readonly collectedAt?: number | undefined;
  /** How often it was collected since it was issued; from the second on, several sessions may have been cut. */
  readonly collected: number;
  /** Sessions that AWS refused to cut, and when it last did. */
  readonly refused?: { readonly times: number; readonly at: number };
  /** Why it ended, where an event ended it. */
  readonly because?: string;
  /** Of a denial. */
  readonly code?: DenialCode;
  /** The event that the next one must name. */
  readonly last: LeaseEvent;
}

export interface Proposal {
  /** When it was proposed. */
  readonly at: number;
  readonly grant: Grant;
  readonly hash: string;
  readonly humans: number;
  readonly approvers: readonly string[];
  readonly until: number;
}

/** The state at a time: a request that was never decided and a question lapse, and a lease expires, without anybody doing anything. */
export function stateAt({ state, proposal, issued, requestedAt }: Lease, now: number): LeaseState {
  if (state === 'requested' && now >= requestedAt + DECIDED_WITHIN) return 'lapsed';
  if ((state === 'pending' || state === 'approved') && proposal !== undefined && now >= proposal.until) return 'lapsed';
  return state === 'issued' && issued !== undefined && now >= issued.until ? 'expired' : state;
}

/**
 * Folds all events of a lease.
 * @throws {LeaseFault} when the list is empty, or cannot have come about.
 */
export function fold(events: readonly LeaseEvent[]): Lease {
  const [first, ...rest] = events;
  if (first === undefined) throw new LeaseFault('out-of-sequence', 'A lease has at least one event.');
  return rest.reduce(append, begin(first));
}

/**
 * The lease after one more event. The same rules decide what may be appended and what is believed when it is read back.
 * @throws {LeaseFault}
 */
export function append(lease: Lease, event: LeaseEvent): Lease {
  const { last } = lease;
  const follows = event.lease === lease.id && event.sequence === last.sequence + 1 && event.at >= last.at;
  if (!follows || event.previous !== eventHash(last)) {
    throw new LeaseFault(
      'out-of-sequence',
      `Event ${event.sequence} of ${event.lease} does not follow the one before.`,
    );
  }
  const state = stateAt(lease, event.at);
  demandFirst(lease, event.body, state);
  demandActor(event.body, state);
  return { ...lease, ...after(lease, event.body, event.at), last: event };
}

/** Only what {@link actorsOf} lists can happen, and only by whom it lists. */
function demandActor(body: EventBody, state: LeaseState): void {
  const actors = actorsOf(state, body.type);
  const actor = actorOf(body);
  if (actors.some((each) => each === actor)) return;
  const by = actors.length === 0 ? '' : ` by ${actor ?? 'somebody of no known kind'}`;
  throw new LeaseFault('wrong-state', `A lease that is ${state} cannot be ${body.type}${by}.`, state);
}

/** A second yes to the same grant is told as one, also where the first was the last that was needed. */
function demandFirst({ approvals, proposal }: Lease, body: EventBody, state: LeaseState): void {
  if (body.type !== 'approved' || body.hash !== proposal?.hash) return;
  if (!['pending', 'approved', 'issued'].includes(state) || !approvals.includes(body.by.name)) return;
  throw new LeaseFault('said-already', 'This lease is already approved by you.', state);
}

function begin(event: LeaseEvent): Lease {
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
    last: event,
  };
}

function after(lease: Lease, body: EventBody, at: number): Partial<Lease> {
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
      if (lease.state === 'lapsed') throw new LeaseFault('wrong-state', 'That the lease lapsed is on record already.');
      return { state: 'lapsed' };
    case 'issued':
      return issued(lease, body, at);
    case 'failed':
      return failed(lease, at);
    case 'collected':
      return collected(lease, body.by, at);
    case 'revoked':
      return { state: 'revoked', because: body.because };
  }
}

function proposed(
  { requester, subject }: Lease,
  { grant, humans, approvers, until }: Extract<EventBody, { type: 'proposed' }>,
  at: number,
): Partial<Lease> {
  const whose = subject === undefined ? undefined : `${subject.issuer} ${subject.sub}`;
  if (grant.requester !== requester.key || grant.subject !== whose) {
    throw new LeaseFault('malformed', 'The grant is for somebody else.');
  }
  if (!Number.isInteger(humans) || humans < 0 || until <= at) {
    throw new LeaseFault(
      'malformed',
      'The grant asks for a number of humans, and for a time in which they can answer.',
    );
  }
  const proposal = { at, grant, hash: grantHash(grant), humans, approvers, until };
  return { state: humans === 0 ? 'approved' : 'pending', proposal, approvals: [] };
}

function approved(lease: Lease, { by, hash }: Extract<EventBody, { type: 'approved' }>): Partial<Lease> {
  if (isOwnLease(by, lease.requester, lease.subject)) {
    throw new LeaseFault('own-lease', `${by.name} cannot approve a lease of their own.`);
  }
  const proposal = mustBeApprover(lease, by.name);
  if (hash !== proposal.hash) {
    throw new LeaseFault('another-grant', 'The grant has changed since it was shown. Look at it anew.');
  }
  const approvals = [...lease.approvals, by.name];
  return { approvals, ...(approvals.length >= proposal.humans ? { state: 'approved' as const } : {}) };
}

function issued(lease: Lease, { hash, until }: Extract<EventBody, { type: 'issued' }>, at: number): Partial<Lease> {
  const { proposal, approvals } = lease;
  if (proposal === undefined || approvals.length < proposal.humans) {
    throw new LeaseFault('wrong-state', 'The lease lacks approvals.');
  }
  if (hash !== proposal.hash) throw new LeaseFault('another-grant', 'What is issued is not what was approved.');
  if (!Number.isInteger(until) || until <= at || until > at + proposal.grant.seconds) {
    throw new LeaseFault('malformed', 'A lease ends after it begins, and no later than was approved.');
  }
  return { state: 'issued', issued: { at, until } };
}

function collected({ requester, collectedAt, collected: times }: Lease, by: string, at: number): Partial<Lease> {
  if (by !== requester.key) throw new LeaseFault('not-the-requester', 'Only who asked for a lease can collect it.');
  if (collectedAt === undefined) return { collectedAt: at, collected: 1 };
  if (at - collectedAt > COLLECT_AGAIN || times >= MOST_COLLECTED) {
    throw new LeaseFault('collected-already', 'The lease has been collected. Ask for a new one.');
  }
  return { collected: times + 1 };
}

/** Takes the lease back to where it can be issued. Only while nobody can have been given credentials of it. */
function failed({ collected: collections, refused }: Lease, at: number): Partial<Lease> {
  if (collections > 1) throw new LeaseFault('wrong-state', 'A session of the lease may have been cut.');
  const times = (refused?.times ?? 0) + 1;
  return { state: 'approved', issued: undefined, collectedAt: undefined, collected: 0, refused: { times, at } };
}

function mustBeApprover({ proposal }: Lease, name: string): Proposal {
  if (proposal === undefined) throw new LeaseFault('wrong-state', 'Nothing has been proposed yet.');
  if (!proposal.approvers.includes(name)) {
    throw new LeaseFault('not-an-approver', `${name} is not among the approvers of this lease.`);
  }
  return proposal;
}
