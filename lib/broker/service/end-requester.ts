/** Revokes every lease of one requester. */
import type { RevocationAnswer } from '@leasehold/contract';
import { stateAt } from '../lease/fold';
import { actorsOf } from '../lease/table';
import type { Caller } from './caller';
import { countedEach } from './counted';
import { denyByAws } from './deny-by-aws';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { earliestRevocable, listedLeases } from './listed-leases';
import { change } from './log';

/**
 * Revokes every lease of a requester that AWS accepts or that may still be collected. The requester's roles stay open
 * for others, and the requester can request again.
 * @throws {BrokerFault} `unavailable` if one of the leases could not be revoked
 */
export async function endRequester(
  deps: Deps,
  caller: Caller,
  requester: string,
  because: string,
): Promise<RevocationAnswer> {
  const all = await listedLeases(deps, { requester }, earliestRevocable(deps.clock()));
  const shut: Record<string, number> = {};
  const ended = await countedEach(deps, 'revoke-of-requester', all, async (id) => {
    const lease = await change(deps, id, (current, now) =>
      actorsOf(stateAt(current, now), 'revoked').some((actor) => actor === caller.kind)
        ? [{ type: 'revoked', by: `${caller.kind} ${caller.name}`, because }]
        : [],
    );
    // Also a lease that was revoked before: AWS may not have been told.
    if (lease.state !== 'revoked') return { id, isRevoked: false };
    const until = await denyByAws(deps, lease);
    const role = lease.proposal?.grant.role;
    if (until !== undefined && role !== undefined) shut[role] = Math.max(until, shut[role] ?? 0);
    return { id, isRevoked: true };
  });
  const left = all.filter((_, index) => ended[index] === undefined);
  if (left.length > 0) {
    const named = left.slice(0, MOST_NAMED).map((id) => `\`${id}\``);
    const more = left.length > MOST_NAMED ? [`${left.length - MOST_NAMED} more`] : [];
    throw new BrokerFault(
      'unavailable',
      `Not revoked, or not denied by AWS: ${[...named, ...more].join(', ')}. Every other lease of the requester is revoked.`,
      { hint: 'Revoke again.', retryAfter: 1 },
    );
  }
  return { leases: ended.flatMap((each) => (each?.isRevoked ? [each.id] : [])).sort(), shut };
}

/** Maximum number of leases that an error names. */
const MOST_NAMED = 10;
