/** Reads all pages of a record of what administrators do. */
import type { AdministrationRecord } from '@leasehold/contract';
import { append } from '@leasehold/contract/any-length';
import { LeaseholdError } from '@leasehold/contract/error';
import type { ReceivedAdministration } from './verify-administration';

/** The error for a page after which it is not known whether the record is complete. */
export class IncompleteRecord extends LeaseholdError<'incomplete-record'> {
  override readonly name = 'IncompleteRecord';

  constructor(record: string, last: number, next: number) {
    super({
      code: 'incomplete-record',
      message: `The broker did not send the whole record \`${record}\`: its page ends with event ${last}, but the broker continues after event ${next}.`,
      hint: 'Read the record again. If the error persists, tell the owner of the broker.',
    });
  }
}

/** A whole record, unverified. */
export interface ReadAdministration<P> extends ReceivedAdministration {
  /** The first page, for the data that a page contains in addition to events. */
  readonly first: P;
}

/**
 * Reads a record page by page. The next page must begin after the last event of the page before it. Otherwise it is an
 * error: if reading ended there instead, the beginning of a record would look like the whole record.
 * @param record Name of the record.
 * @param read Reads the page after an event.
 * @throws {IncompleteRecord}
 */
export async function readAdministrationPages<P extends AdministrationRecord>(
  record: string,
  read: (after: number) => Promise<P>,
): Promise<ReadAdministration<P>> {
  const events: AdministrationRecord['events'] = [];
  const unauthentic = new Set<number>();
  const first = await read(0);
  for (let page = first, after = 0; ; page = await read(after)) {
    append(events, page.events);
    for (const sequence of page.unauthentic ?? []) unauthentic.add(sequence);
    const { next } = page;
    if (next === undefined) return { record, events, unauthentic: [...unauthentic], first };
    const last = page.events.at(-1)?.sequence ?? after;
    // A broker that sends a page again would make this run forever.
    if (next !== last || last <= after) throw new IncompleteRecord(record, last, next);
    after = next;
  }
}
