/** Hands a lease over: on record first, then cut by STS; once, and within a minute again where the answer was lost. */
import type { Requester } from '../identity';
import type { EventBody, LeaseEvent } from '../lease/event';
import { Unauthentic } from '../lease/fault';
import { type Lease, stateAt } from '../lease/fold';
import { type IssuedCredentials, Refused, Unavailable } from '../ports';
import type { Caller } from './caller';
import type { Deps } from './deps';
import { demandEntitled } from './entitled';
import { BrokerFault } from './fault';
import { believed, change, notFound, readEvents } from './log';

/** A lease, with its credentials where they were cut. */
export interface Handed {
  readonly lease: Lease;
  readonly credentials?: IssuedCredentials;
}

/**
 * The credentials of an approved lease.
 * @throws {BrokerFault}
 */
export async function collect(deps: Deps, caller: Caller, id: string): Promise<Required<Handed>> {
  const read = () => ownLease(deps, caller, id);
  return handOver(deps, await change(deps, id, next, { read, permit: (lease) => demandEntitled(deps, lease) }));
}

/** Cuts the session of a lease that is on record as issued and collected. */
export async function handOver(deps: Deps, lease: Lease): Promise<Required<Handed>> {
  const { proposal, issued, id } = lease;
  if (proposal === undefined || issued === undefined) throw new TypeError('a lease that was not issued is handed over');
  // Handed over as it is issued, a lease is as long as was approved, so that one of 15 minutes is cut by one call. Later it
  // is what is left, by a clock that is not behind the one that wrote the record.
  const first = lease.collected === 1;
  const seconds = issued.until - (first ? issued.at : Math.max(deps.clock(), lease.last.at));
  if (seconds < 1) throw new BrokerFault('expired', 'The lease is over.', { lease: id });
  try {
    const approvers = [...lease.approvals].sort();
    const credentials = await deps.issuer.cut({ lease: id, grant: proposal.grant, approvers, seconds });
    deps.telemetry.count('LeaseIssued', { role: proposal.grant.role });
    return { lease, credentials };
  } catch (error) {
    if (error instanceof Refused) await undo(deps, lease, error);
    throw asFault(error, id);
  }
}

/** A lease is issued as it is handed over: both are one entry of its record. */
export function issuing(hash: string, seconds: number, { key }: Requester, now: number): readonly EventBody[] {
  return [
    { type: 'issued', hash, until: now + seconds },
    { type: 'collected', by: key },
  ];
}

function next(lease: Lease, now: number): readonly EventBody[] {
  const state = stateAt(lease, now);
  const { proposal, requester, id } = lease;
  if (state === 'approved' && proposal !== undefined) {
    demandPause(lease, now);
    return issuing(proposal.hash, proposal.grant.seconds, requester, now);
  }
  if (state === 'issued') return [{ type: 'collected', by: requester.key }];
  throw new BrokerFault(...why(lease, state), { lease: id });
}

/** Longest pause after AWS refused to cut a session, in seconds. */
const LONGEST_PAUSE = 300;

/**
 * Who collects again and again while AWS refuses has to wait, twice as long each time: each try is on record, and would
 * hold up whoever takes the lease back. The first refusal may be by chance.
 */
function demandPause({ id, refused }: Lease, now: number): void {
  if (refused === undefined || refused.times < 2) return;
  const left = refused.at + Math.min(LONGEST_PAUSE, 2 ** (refused.times - 1)) - now;
  if (left > 0) throw new BrokerFault('busy', 'AWS refused the session again.', { lease: id, retryAfter: left });
}

function why({ code, because }: Lease, state: ReturnType<typeof stateAt>): [BrokerFault['code'], string] {
  switch (state) {
    case 'denied':
      return [code ?? 'approver-denied', because ?? 'The lease was denied.'];
    case 'lapsed':
      return ['lapsed', 'Nobody answered in time.'];
    case 'expired':
      return ['expired', 'The lease is over.'];
    case 'revoked':
      return ['revoked', 'The lease was taken back.'];
    default:
      return ['wrong-state', `The lease is ${state}.`];
  }
}

/**
 * Nothing was cut: the lease can be issued anew. Not where somebody else may have had a session cut meanwhile, and not
 * where this cannot be put on record: the lease is then collected, as the record says.
 */
async function undo(deps: Deps, { id, last, collected }: Lease, { call, code }: Refused): Promise<void> {
  if (collected > 1) return;
  try {
    await change(deps, id, (current) =>
      current.last.sequence === last.sequence ? [{ type: 'failed', call, code }] : [],
    );
  } catch (error) {
    deps.telemetry.error('failed-unrecorded', error);
  }
}

/** The call that cuts a lease of less than AWS's shortest session. */
const SCOPE = 'sts:GetScopedCredentials';

function asFault(error: unknown, lease: string): unknown {
  if ((error instanceof Refused || error instanceof Unavailable) && error.call === SCOPE) {
    const because = `${SCOPE} failed, without which no lease of less than 15 minutes is cut.`;
    const hint =
      'Send the same request again. Where a server stands in for AWS that does not know the call, ask for 900 seconds.';
    return new BrokerFault('unavailable', because, { lease, retryAfter: 2, hint }, { cause: error });
  }
  if (!(error instanceof Refused)) return error;
  // A role that is shut is refused by its own trust policy, as is one that is not deployed as the broker knows it.
  return error.code === 'AccessDenied'
    ? new BrokerFault('role-shut', 'AWS refuses to open the role: it is shut, or not deployed as expected.', {
        lease,
        retryAfter: 60,
      })
    : new BrokerFault('unavailable', 'AWS did not cut the session.', { lease, retryAfter: 2 });
}

/** The lease, if the caller asked for it. @throws {BrokerFault} */
export async function ownLease(deps: Deps, caller: Caller, id: string): Promise<Lease> {
  return believed(await ownEvents(deps, caller, id), id);
}

/** The events of a lease, if the caller asked for it. @throws {BrokerFault} */
export async function ownEvents(deps: Deps, { key }: Caller, id: string): Promise<readonly LeaseEvent[]> {
  const demandOwn = ([first]: readonly LeaseEvent[]) => {
    const body = first?.body;
    if (body?.type !== 'requested' || body.requester?.key !== key) throw notFound(id);
  };
  try {
    const events = await readEvents(deps, id);
    demandOwn(events);
    return events;
  } catch (error) {
    // Before anything is said of it, be it that it is broken.
    if (error instanceof BrokerFault && error.cause instanceof Unauthentic) demandOwn(error.cause.events);
    throw error;
  }
}
