/**
 * Issues a lease: first records that the lease is issued, then gets the session from STS. A lease is issued once. If
 * the response was lost, the lease can be issued again within a minute.
 */
import type { Requester } from '../identity';
import type { EventBody, LeaseEvent } from '../lease/event';
import { Unauthentic } from '../lease/fault';
import { type FoldedLease, stateAt } from '../lease/fold';
import { POLICY_CHANGED, Refused, Unavailable } from '../port-errors';
import type { IssuedCredentials } from '../ports';
import type { Caller } from './caller';
import type { Deps } from './deps';
import { refusalFault, refusalOf } from './entitled';
import { BrokerFault } from './fault';
import { believed, change, notFound, readEvents } from './log';
import { recordWithheld } from './withheld';

/** A lease, with credentials if a session was issued. */
export interface Handed {
  readonly lease: FoldedLease;
  readonly credentials?: IssuedCredentials;
}

/**
 * Returns the credentials for an approved lease.
 * @throws {BrokerFault}
 */
export async function collect(deps: Deps, caller: Caller, id: string): Promise<Required<Handed>> {
  const read = () => ownLease(deps, caller, id);
  const permit = async (lease: FoldedLease) => {
    const refusal = await refusalOf(deps, lease, caller);
    if (refusal === undefined) return;
    await recordWithheld(deps, id, refusal);
    throw refusalFault(deps, refusal, id);
  };
  return handOver(deps, await change(deps, id, next, { read, permit }));
}

/** Gets the session for a lease that is recorded as issued and collected. */
export async function handOver(deps: Deps, lease: FoldedLease): Promise<Required<Handed>> {
  const { proposal, issued, id } = lease;
  if (proposal === undefined || issued === undefined) throw new TypeError('a lease that was not issued is handed over');
  // When a lease is collected for the first time, it has its full approved duration, so that a lease of 15 minutes
  // needs only one call. Later, it has the remaining time, by a clock that is not behind the clock of the record.
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

/** The events of issuing and collecting a lease, which are recorded together. */
export function issuing(hash: string, seconds: number, { key }: Requester, now: number): readonly EventBody[] {
  return [
    { type: 'issued', hash, until: now + seconds },
    { type: 'collected', by: key },
  ];
}

function next(lease: FoldedLease, now: number): readonly EventBody[] {
  const state = stateAt(lease, now);
  const { proposal, requester, id } = lease;
  if (state === 'approved' && proposal !== undefined) {
    demandPause(lease, now);
    return issuing(proposal.hash, proposal.grant.seconds, requester, now);
  }
  if (state === 'issued') return [{ type: 'collected', by: requester.key }];
  throw new BrokerFault(...why(lease, state), { lease: id });
}

/** Maximum pause in seconds after AWS refused to issue a session. */
const LONGEST_PAUSE = 300;

/**
 * Makes a requester wait who collects repeatedly while AWS refuses. The pause doubles each time, because each attempt
 * is recorded and could delay a revocation. After the first refusal there is no pause, because it may be a coincidence.
 */
function demandPause({ id, refused }: FoldedLease, now: number): void {
  if (refused === undefined || refused.times < 2) return;
  const left = refused.at + Math.min(LONGEST_PAUSE, 2 ** (refused.times - 1)) - now;
  if (left > 0)
    throw new BrokerFault('busy', 'AWS refused to open the session again.', { lease: id, retryAfter: left });
}

function why({ code, because }: FoldedLease, state: ReturnType<typeof stateAt>): [BrokerFault['code'], string] {
  switch (state) {
    case 'denied':
      return [code ?? 'approver-denied', because ?? 'The lease was denied.'];
    case 'lapsed':
      return ['lapsed', 'Nobody answered in time.'];
    case 'expired':
      return ['expired', 'The lease is over.'];
    case 'revoked':
      return ['revoked', 'The lease was revoked.'];
    default:
      return ['wrong-state', `The lease is ${state}.`];
  }
}

/**
 * Records that no session was issued, so that the lease can be issued again. Not recorded if another caller may have
 * received a session in the meantime. If the record cannot be written, the lease remains collected.
 */
async function undo(deps: Deps, { id, last, collected }: FoldedLease, { call, code }: Refused): Promise<void> {
  if (collected > 1) return;
  try {
    await change(deps, id, (current) =>
      current.last.sequence === last.sequence ? [{ type: 'failed', call, code }] : [],
    );
  } catch (error) {
    deps.telemetry.error('failed-unrecorded', error);
  }
}

/** The call that issues a lease which is shorter than AWS's minimum session. */
const SCOPE = 'sts:GetScopedCredentials';

function asFault(error: unknown, lease: string): unknown {
  if ((error instanceof Refused || error instanceof Unavailable) && error.call === SCOPE) {
    const because = `${SCOPE} failed. The broker cannot issue a lease of less than 15 minutes without this call.`;
    const hint =
      'Send the same request again. If you use a local server instead of AWS and the server does not support this call, request 900 seconds.';
    return new BrokerFault('unavailable', because, { lease, retryAfter: 2, hint }, { cause: error });
  }
  if (!(error instanceof Refused)) return error;
  if (error.code === POLICY_CHANGED) {
    const because =
      'AWS changed the text of a managed policy of the role after that text was pinned, so nobody has approved the new text.';
    const hint = 'Ask the maintainers of the roles to read the new text and pin it.';
    return new BrokerFault('role-shut', because, { lease, retryAfter: 60, hint });
  }
  // AWS returns this error for a blocked role, because of the role's trust policy. It also returns it for a role whose
  // deployed version differs from the definitions.
  return error.code === 'AccessDenied'
    ? new BrokerFault(
        'role-shut',
        'AWS does not let the broker assume the role: the role is blocked, or the deployed role differs from the definitions.',
        {
          lease,
          retryAfter: 60,
        },
      )
    : new BrokerFault('unavailable', 'AWS did not create the session.', { lease, retryAfter: 2 });
}

/** The lease, if the caller is its requester. @throws {BrokerFault} */
export async function ownLease(deps: Deps, caller: Caller, id: string): Promise<FoldedLease> {
  return believed(await ownEvents(deps, caller, id), id);
}

/** The events of a lease, if the caller is its requester. @throws {BrokerFault} */
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
    // Checks that the caller is the requester before any detail is reported, even the fact that the record is broken.
    if (error instanceof BrokerFault && error.cause instanceof Unauthentic) demandOwn(error.cause.events);
    throw error;
  }
}
