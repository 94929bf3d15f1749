/**
 * One batch of a lease's events as one item of the events table.
 *
 * | attribute | what it is |
 * | --- | --- |
 * | `lease`, `sequence` | key: the lease, and the number of the batch's first event |
 * | `events` | the batch as canonical JSON: the record itself; the other attributes are derived from it |
 * | `writer` | which append wrote the item |
 * | `mac` | proves that the broker's function wrote `events` under this key: {@link sealed} |
 * | `at` | when the first event was appended; sort key of the indexes |
 * | `requester`, `role`, `open` | partition keys of the indexes, on items that belong in them |
 * | `state`, `outcome`, `roleName`, `requesterName` | what the table's stream publishes; never text of an agent |
 *
 * Each index is sparse. The first item of a lease is in `requester`; the item that proposes its grant is in `role` and
 * `open`. A lease that ever waited for a human stays in `open`, because events never change. Readers of the index
 * therefore read the lease itself.
 */
import { createHash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { eventList } from '@leasehold/contract';
import { canonicalJson, type Json } from '../canonical';
import type { EventType, LeaseEvent } from '../lease/event';
import { LeaseFault } from '../lease/fault';
import type { FoldedLease } from '../lease/fold';
import { type Item, readText, readWhole, text, whole } from './attributes';

/**
 * Number of partitions over which the index keys of a popular role, and of all waiting leases, are spread. A partition
 * accepts 1,000 writes a second, and an index that falls behind throttles its table. The key of a requester is not
 * spread: each of their requests already counts in one budget item, which has the same limit. Source:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export const SHARDS = 8;

/**
 * Maximum size of a batch in bytes. An item can have 400 kB. The input limits (request bodies, reviewer answers, IAM's
 * document quotas) limit a batch to a tenth of this size. Source:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MOST_BYTES = 380_000;

/** The index key of one value in one shard. */
export function shardKey(value: string, shard: number): string {
  return `${value}#${shard}`;
}

/**
 * Creates the item for a batch.
 * @param after The state of the lease after these events.
 * @throws RangeError for an empty batch, and for a batch that exceeds the maximum size of an item.
 */
export function leaseItem(
  events: readonly LeaseEvent[],
  after: FoldedLease,
  writer: string,
): Record<string, AttributeValue> {
  const [first] = events;
  if (first === undefined) throw new RangeError('A batch has at least one event.');
  const { lease, sequence, at } = first;
  const record = canonicalJson(events as unknown as Json);
  if (Buffer.byteLength(record) > MOST_BYTES) {
    throw new RangeError(
      `Together, these events of ${lease} have more than ${MOST_BYTES} bytes. Limit the size of the values in the events.`,
    );
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

/** The values that the MAC of an item covers: the item's key, and the serialized batch. */
export function sealed(item: Item): Json {
  return ['lease events', readText(item, 'lease'), readWhole(item, 'sequence'), readText(item, 'events')];
}

/**
 * Reads the events of an item.
 * @throws {LeaseFault} `malformed` for an item that does not have this form. The sequence of the events is checked by
 *   the fold.
 */
export function itemEvents(item: Item): readonly LeaseEvent[] {
  const lease = readText(item, 'lease');
  const sequence = readWhole(item, 'sequence');
  const events = parsed(item.events?.S ?? '');
  const [first] = events ?? [];
  if (events !== undefined && first?.sequence === sequence && events.every((event) => event.lease === lease)) {
    return events;
  }
  throw new LeaseFault('malformed', `Event ${sequence} in the record of ${lease} cannot be read.`);
}

/** Parses events so that they can be shown. Does not check whether the events are authentic. */
function parsed(json: string): readonly LeaseEvent[] | undefined {
  try {
    const events: unknown = JSON.parse(json);
    // Returns the original objects, not the output of the schema's parser, because the hash must cover the stored
    // values.
    return eventList.safeParse({ events }).success ? (events as readonly LeaseEvent[]) : undefined;
  } catch {
    return undefined;
  }
}

function indexKeys(events: readonly LeaseEvent[], after: FoldedLease): Record<string, AttributeValue> {
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

/** Event types that are outcomes. An outcome is published on the event bus. */
const IS_OUTCOME = {
  requested: false,
  reviewed: false,
  proposed: true,
  approved: true,
  denied: true,
  lapsed: true,
  issued: true,
  failed: true,
  withheld: true,
  collected: false,
  revoked: true,
} as const satisfies Readonly<Record<EventType, boolean>>;

/**
 * The outcome of a batch: the type of its last event that is an outcome. Undefined for a lease that is still being
 * decided.
 */
function outcomeOf(events: readonly LeaseEvent[], { state }: FoldedLease): string | undefined {
  const type = events.findLast(({ body }) => IS_OUTCOME[body.type])?.body.type;
  if (type === 'proposed') return state === 'pending' ? 'pending' : undefined;
  if (type === 'approved') return state === 'approved' ? 'approved' : undefined;
  return type;
}
