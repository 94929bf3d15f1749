/** Reads leases and roles. The functions in this file have no side effects. */

import type { EventList, LeaseList, LeasesQuery, RoleList, RoleReach, RoleView } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { ROUTES } from '@leasehold/contract/routes';
import { isForPeopleOnly, managedArns, mfaAgents, permissions, permitted, roleArn } from '@leasehold/documents';
import { Unauthentic } from '../lease/fault';
import { type FoldedLease, stateAt } from '../lease/fold';
import type { LeaseQuery } from '../ports';
import { type BrokeredRole, isEligible, isOffered } from '../rules';
import { mayNeedApproval } from '../words/approval';
import { type Caller, groupsOf, requesterKey, requesterOf } from './caller';
import { ownEvents, ownLease } from './collect';
import type { Deps } from './deps';
import { BrokerFault, isBrokenRecord } from './fault';
import { believed, notFound, readEvents, readLease } from './log';
import { viewOf } from './view';

/** Milliseconds between reads of a lease while a caller waits for a change: short at first, then longer. */
const PAUSES = [500, 500, 1000, 1000, 2000];

/**
 * Returns a lease immediately. With `wait`, returns the lease when it has an event after the event `after`, or when the
 * waiting time has passed. Each read of the lease is one call to the store.
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
  if (!isWatching(caller)) {
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
 * Leases of the last days, newest first. Approvers get the leases that need an approval, those of a role, or those of a
 * requester; requesters get their own leases. A lease whose record cannot be trusted is listed with its id only; the
 * other leases are still listed.
 * @throws {BrokerFault}
 */
export async function list(
  deps: Deps,
  caller: Caller,
  { open, role, requester, days = 1, next }: LeasesQuery,
): Promise<LeaseList> {
  const watches = isWatching(caller);
  if (!watches && (role ?? requester) !== undefined) {
    throw new BrokerFault('forbidden', 'Requesters see their own leases.');
  }
  const by = watches ? watchedBy({ open, role, requester }, deps) : { requester: caller.key };
  const query = { by, since: deps.clock() - days * DAY, limit: PAGE, ...defined({ next }) };
  const found = await deps.leases.list(query);
  const read = await Promise.all(found.leases.map((id) => leaseOrBroken(deps, id)));
  const leases = read.filter((each) => typeof each !== 'string');
  const broken = read.filter((each) => typeof each === 'string');
  // An index lags behind and does not consider the time, so the lease itself is read.
  const isOpen = (lease: FoldedLease) => stateAt(lease, deps.clock()) === 'pending';
  const shown = open !== undefined || 'open' in by ? leases.filter(isOpen) : leases;
  return {
    leases: shown.map((lease) => viewOf(lease, deps)),
    broken,
    ...defined({ next: found.next }),
  };
}

/** Whether the caller sees the leases and roles of everybody. */
function isWatching({ kind }: Caller): boolean {
  return kind === 'approver' || kind === 'administrator';
}

/** The list that an approver or an administrator reads. @throws {BrokerFault} */
function watchedBy({ open, role, requester }: LeasesQuery, deps: Deps): LeaseQuery['by'] {
  if (requester === undefined) return role === undefined ? { open: true } : { role };
  if ((role ?? open) !== undefined) {
    throw new BrokerFault(
      'malformed',
      'List the leases of one requester, the leases of one role, or the waiting leases. You cannot combine these filters.',
    );
  }
  return { requester: requesterKey(requester, deps) };
}

/**
 * The roles that the caller may request, without roles for single calls. Approvers and administrators see all roles,
 * and who can open each.
 */
export async function roles(deps: Deps, caller: Caller): Promise<RoleList> {
  if (isWatching(caller)) {
    return { roles: deps.roles.map((brokered) => ({ ...viewOfRole(brokered, deps), reach: reachOf(brokered) })) };
  }
  const person = caller.kind === 'agent' ? undefined : await deps.principals.get(caller.name);
  const requester = requesterOf(caller, groupsOf(caller, person, deps.environment));
  const visible = deps.roles.filter((brokered) => isOffered(brokered) && isEligible(brokered, requester));
  const proposes =
    deps.reviewer !== undefined &&
    (ROUTES.propose.callers as readonly string[]).includes(caller.kind) &&
    visible.some(({ reviewer }) => reviewer !== 'off');
  return { roles: visible.map((brokered) => viewOfRole(brokered, deps)), ...(proposes ? { proposes } : {}) };
}

function viewOfRole({ role, humans, reviewer }: BrokeredRole, deps: Deps): RoleView {
  return {
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
  };
}

function reachOf(brokered: BrokeredRole): RoleReach {
  const { role, eligible, environment } = brokered;
  const withCode = mfaAgents(role, environment).map(({ name }) => name);
  return {
    agents: isForPeopleOnly(role) ? [] : [...eligible.agents],
    groups: [...eligible.groups],
    mfaAgents: withCode,
    approvers: mayNeedApproval(brokered) || withCode.length > 0 ? [...environment.approvers] : [],
  };
}

/** A lease. If the record is broken, the id of the lease. */
async function leaseOrBroken(deps: Deps, id: string): Promise<FoldedLease | string> {
  try {
    return await readLease(deps, id);
  } catch (error) {
    if (isBrokenRecord(error)) return id;
    throw error;
  }
}

async function visibleLease(deps: Deps, caller: Caller, id: string): Promise<FoldedLease> {
  if (!isWatching(caller)) return ownLease(deps, caller, id);
  const lease = await readLease(deps, id);
  if (lease.proposal !== undefined && lease.proposal.grant.environment !== deps.environment.name) throw notFound(id);
  return lease;
}
