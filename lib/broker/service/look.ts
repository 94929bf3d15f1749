/** Reads leases and roles. The functions in this file have no side effects. */

import type { EventList, LeaseList, RoleView } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { isForPeopleOnly, managedArns, permissions, permitted, roleArn } from '@leasehold/documents';
import { Unauthentic } from '../lease/fault';
import { type FoldedLease, stateAt } from '../lease/fold';
import { isEligible } from '../rules';
import { type Caller, groupsOf, requesterOf } from './caller';
import { ownEvents, ownLease } from './collect';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { believed, notFound, readEvents, readLease } from './log';
import { viewOf } from './view';

/** Milliseconds between reads of a lease while a caller waits for a change: short at first, then longer. */
const PAUSES = [500, 500, 1000, 1000, 2000];

/**
 * Returns a lease immediately. With `wait`, returns the lease when it has an event after the event `after`, or when the
 * waiting time has passed. Each read of the lease is one call.
 * @throws {BrokerFault}
 */
export async function status(
  deps: Deps,
  caller: Caller,
  id: string,
  { wait = 0, after }: { readonly wait?: number | undefined; readonly after?: number | undefined },
): Promise<FoldedLease> {
  const until = deps.clock() + wait;
  for (let looks = 0; ; looks += 1) {
    const lease = await visibleLease(deps, caller, id);
    const now = deps.clock();
    const waits =
      ['requested', 'pending'].includes(stateAt(lease, now)) && lease.last.sequence <= (after ?? lease.last.sequence);
    if (!waits || now >= until) return lease;
    await deps.pause(Math.min(PAUSES[looks] ?? 3000, (until - now) * 1000));
  }
}

/**
 * The events of a lease. Everyone who may see the lease can verify its chain with these events. Approvers and
 * administrators can also read a record that cannot be trusted, so that they can find the error in it.
 * @throws {BrokerFault}
 */
export async function events(deps: Deps, caller: Caller, id: string): Promise<EventList> {
  if (caller.kind === 'agent' || caller.kind === 'requester') {
    const own = await ownEvents(deps, caller, id);
    believed(own, id);
    return { events: [...own] };
  }
  try {
    return { events: [...(await readEvents(deps, id))] };
  } catch (error) {
    const cause = error instanceof BrokerFault ? error.cause : undefined;
    if (!(cause instanceof Unauthentic)) throw error;
    return { events: [...cause.events], unauthentic: [...cause.sequences] };
  }
}

const PAGE = 25;
const DAY = 86_400;

/**
 * Leases of the last day, newest first. Approvers get the leases that need an approval, requesters get their own
 * leases. A lease whose record cannot be trusted is listed with its id only; the other leases are still listed.
 */
export async function list(
  deps: Deps,
  caller: Caller,
  {
    open,
    role,
    next,
  }: { readonly open?: string | undefined; readonly role?: string | undefined; readonly next?: string | undefined },
): Promise<LeaseList> {
  const watches = caller.kind === 'approver' || caller.kind === 'administrator';
  if (!watches && role !== undefined) throw new BrokerFault('forbidden', 'Requesters see their own leases.');
  const by = !watches ? { requester: caller.key } : role !== undefined ? { role } : { open: true as const };
  const query = { by, since: deps.clock() - DAY, limit: PAGE, ...defined({ next }) };
  const found = await deps.leases.list(query);
  const read = await Promise.all(found.leases.map((id) => leaseOrBroken(deps, id)));
  const leases = read.filter((each) => typeof each !== 'string');
  const broken = read.filter((each) => typeof each === 'string');
  // An index lags behind and does not consider the time, so the lease itself is read.
  const isOpen = (lease: FoldedLease) => stateAt(lease, deps.clock()) === 'pending';
  const shown = open !== undefined || (watches && role === undefined) ? leases.filter(isOpen) : leases;
  return {
    leases: shown.map((lease) => viewOf(lease, deps)),
    broken,
    ...defined({ next: found.next }),
  };
}

/** The roles that the caller may request. */
export async function roles(deps: Deps, caller: Caller): Promise<readonly RoleView[]> {
  const person = caller.kind === 'agent' ? undefined : await deps.principals.get(caller.name);
  const requester = requesterOf(caller, groupsOf(caller, person, deps.environment));
  return deps.roles
    .filter((brokered) => isEligible(brokered, requester))
    .map(({ role, humans, reviewer }) => ({
      name: role.name,
      arn: roleArn(role, deps.environment),
      purpose: role.purpose,
      access: role.access,
      actions: [...new Set(permitted(role).flatMap(({ actions }) => actions))].sort(),
      policy: { ...permissions(role) },
      ...(isForPeopleOnly(role) ? { managedPolicies: [...managedArns(role)] } : {}),
      parameters: Object.fromEntries(
        role.parameters.map(({ name, description, pattern, values, from }) => [
          name,
          {
            description,
            ...defined({ pattern: pattern?.source, values: values && [...values], from }),
          },
        ]),
      ),
      lease: role.lease,
      humans,
      reviewer,
    }));
}

/** A lease. If the record is broken, the id of the lease. */
async function leaseOrBroken(deps: Deps, id: string): Promise<FoldedLease | string> {
  try {
    return await readLease(deps, id);
  } catch (error) {
    if (error instanceof BrokerFault && error.code === 'broken-record') return id;
    throw error;
  }
}

async function visibleLease(deps: Deps, caller: Caller, id: string): Promise<FoldedLease> {
  if (caller.kind === 'agent' || caller.kind === 'requester') return ownLease(deps, caller, id);
  const lease = await readLease(deps, id);
  if (lease.proposal !== undefined && lease.proposal.grant.environment !== deps.environment.name) throw notFound(id);
  return lease;
}
