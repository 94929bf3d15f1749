/** Reads how long approvals took. */
import { type LeaseEvent, readRecord } from '@leasehold/broker/core';
import type { Broker, Capacity } from '../api/client.ts';

/** Records that are read at the same time. */
const AT_ONCE = 4;

/**
 * The seconds from the request to the last approval. A broken record is left out, because its times cannot be trusted.
 */
export async function approvalSeconds(
  broker: Broker,
  as: Capacity,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly number[]> {
  const waiting = [...ids];
  const found: number[] = [];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const { events, unauthentic } = await broker('events', { as, path: { lease: id }, signal });
      const record = readRecord(id, events, unauthentic === undefined ? {} : { unauthentic });
      const seconds = record.kind === 'holds' ? secondsToApproval(record.events) : undefined;
      if (seconds !== undefined) found.push(seconds);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

/** From the first event to the last approval. */
function secondsToApproval(events: readonly LeaseEvent[]): number | undefined {
  const approved = events.filter(({ body }) => body.type === 'approved').at(-1);
  const [first] = events;
  return approved === undefined || first === undefined ? undefined : approved.at - first.at;
}
