/**
 * One batch of a lease's events as one item of the events table.
 *
 * | attribute | what it is |
 * | --- | --- |
 * | `lease`, `sequence` | key: the lease, and the number of the batch's first event |
 * | `events` | the batch, as canonical JSON: the record itself; everything else is made from it |
 * | `writer` | which append put it |
 * | `mac` | shows that the broker's function wrote `events`, for this key: {@link sealed} |
 * | `at` | when the first event was appended; sort key of the indexes |
 * | `requester`, `role`, `open` | partition keys of the indexes, where the item belongs there |
 * | `state`, `outcome`, `roleName`, `requesterName` | what the table's stream tells the world; never prose of an agent |
 *
 * Each index is sparse. A lease is in `requester` by its first item, and in `role` and `open` by the item that proposes
 * its grant; in `open` for ever, if a human was ever asked: events are never changed. Its reader asks the lease.
 */
import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { eventList } from '@leasehold/contract';
import { canonicalJson, type Json } from '../canonical';
import type { EventType, LeaseEvent } from '../lease/event';
import { LeaseFault } from '../lease/fault';
import type { Lease } from '../lease/fold';
import { type Item, readText, readWhole, text, whole } from './attributes';

/**
 * Partitions that the keys of a popular role, and of all that wait, are spread over: a partition takes 1,000 writes a
 * second, and an index that does not keep up holds up its table. A requester's key is not spread: every request of theirs
 * counts in the one item of their budget, which takes no more either.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export const SHARDS = 8;

/**
 * Bytes of a batch. An item has at most 400 kB; what goes into a batch is bounded on its way in (bodies of requests,
 * answers of reviewers, documents by IAM's quotas) to a tenth of that.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MOST_BYTES = 380_000;

/** The key of an index for one value in one shard. */
export function shardKey(value: string, shard: number): string {
  return `${value}#${shard}`;
}

/**
 * The item of a batch.
 * @param after The lease with it.
 * @throws RangeError for no events, and for more than an item holds.
 */
export function leaseItem(events: readonly LeaseEvent[], after: Lease, writer: string): Record<string, AttributeValue> {
  const [first] = events;
  if (first === undefined) throw new RangeError('A batch has at least one event.');
  const { lease, sequence, at } = first;
  const record = canonicalJson(events as unknown as Json);
  if (Buffer.byteLength(record) > MOST_BYTES) {
    throw new RangeError(`Events of ${lease} take more than ${MOST_BYTES} bytes. Bound what goes into them.`);
  }
  const outcome = outcomeOf(events, after);
  const role = after.proposal?.grant.role;
  return {
    lease: text(lease),
    sequence: whole(sequence),
    events: text(record),
    writer: text(writer),
    at: whole(at),
    ...indexKeys(events, after),
    state: text(after.state),
    ...(outcome === undefined ? {} : { outcome: text(outcome) }),
    ...(role === undefined ? {} : { roleName: text(role) }),
    requesterName: text(after.requester.name),
  };
}

/** What the MAC of an item covers: its key, and the batch as it is written. */
export function sealed(item: Item): Json {
  return ['lease events', readText(item, 'lease'), readWhole(item, 'sequence'), readText(item, 'events')];
}

/**
 * The events of an item.
 * @throws {LeaseFault} `malformed` for one that is not as it was written. That they follow one another is the fold's to see.
 */
export function itemEvents(item: Item): readonly LeaseEvent[] {
  const lease = readText(item, 'lease');
  const sequence = readWhole(item, 'sequence');
  const events = parsed(item.events?.S ?? '');
  const [first] = events ?? [];
  if (events !== undefined && first?.sequence === sequence && events.every((event) => event.lease === lease)) {
    return events;
  }
  throw new LeaseFault('malformed', `The record of ${lease} at ${sequence} cannot be read.`);
}

/** What can be shown as events: whether they can be believed is another question. */
function parsed(json: string): readonly LeaseEvent[] | undefined {
  try {
    const events: unknown = JSON.parse(json);
    // Themselves, not what the schema makes of them: what is hashed is what came.
    return eventList.safeParse({ events }).success ? (events as readonly LeaseEvent[]) : undefined;
  } catch {
    return undefined;
  }
}

function indexKeys(events: readonly LeaseEvent[], after: Lease): Record<string, AttributeValue> {
  const [first] = events;
  const proposal = events.findLast(({ body }) => body.type === 'proposed')?.body;
  const shard = shardOf(after.id);
  return {
    ...(first?.sequence === 1 ? { requester: text(after.requester.key) } : {}),
    ...(proposal?.type === 'proposed' ? { role: text(shardKey(proposal.grant.role, shard)) } : {}),
    ...(proposal?.type === 'proposed' && proposal.humans > 0 ? { open: text(shardKey('open', shard)) } : {}),
  };
}

function shardOf(lease: string): number {
  return createHash('sha256').update(lease).digest().readUInt8(0) % SHARDS;
}

/** Whether an event is an outcome that the world is told of. */
const IS_OUTCOME = {
  requested: false,
  reviewed: false,
  proposed: true,
  approved: true,
  denied: true,
  lapsed: true,
  issued: true,
  failed: true,
  collected: false,
  revoked: true,
} as const satisfies Readonly<Record<EventType, boolean>>;

/** What a batch came to: the last of its events that is an outcome. A lease that waits for nobody was not yet decided. */
function outcomeOf(events: readonly LeaseEvent[], { state }: Lease): string | undefined {
  const type = events.findLast(({ body }) => IS_OUTCOME[body.type])?.body.type;
  if (type === 'proposed') return state === 'pending' ? 'pending' : undefined;
  if (type === 'approved') return state === 'approved' ? 'approved' : undefined;
  return type;
}
