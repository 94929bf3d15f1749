/** Reading a record in pages: the whole record, or an error. */
import type { AdministrationRecord } from '@leasehold/contract';
import fc from 'fast-check';
import {
  type AdministrationEvent,
  foldAdministration,
  nextAdministration,
  REVOCATIONS,
} from '../../../lib/broker/consent/administration';
import { IncompleteRecord, readAdministrationPages } from '../../../lib/broker/consent/administration-pages';
import { verifyAdministration } from '../../../lib/broker/consent/verify-administration';
import { verifyKeys } from '../../../lib/broker/consent/verify-keys';

const AT = 'hermes/dev/123456789012';

function recordOf(length: number): readonly AdministrationEvent[] {
  const events: AdministrationEvent[] = [];
  while (events.length < length) {
    const state = foldAdministration(REVOCATIONS, AT, events);
    const body = { type: 'leases-revoked', by: 'approver lead', scope: { role: 'one' }, because: 'Enough.' } as const;
    events.push(nextAdministration(state, events.length, body));
  }
  return events;
}

/** A page as the broker makes it. */
function pageOf(events: readonly AdministrationEvent[], after: number, size: number): AdministrationRecord {
  const later = events.filter(({ sequence }) => sequence > after);
  const page = later.slice(0, size);
  const next = later.length > page.length ? page.at(-1)?.sequence : undefined;
  return {
    record: REVOCATIONS,
    events: page as AdministrationRecord['events'],
    ...(next === undefined ? {} : { next }),
  };
}

it('reads every event once, whatever the size of a page (property)', () => {
  return fc.assert(
    fc.asyncProperty(fc.nat(9), fc.integer({ min: 1, max: 10 }), async (length, size) => {
      const events = recordOf(length);
      const read = await readAdministrationPages(REVOCATIONS, async (after) => ({
        ...pageOf(events, after, size),
        unauthentic: [1, 3],
      }));
      expect(read).toMatchObject({ record: REVOCATIONS, events, unauthentic: [1, 3] });
      expect(read.first.events).toEqual(events.slice(0, size));
    }),
  );
});

/** What a broker does to its second page of two events, after a first page of two events. */
const ROWS: readonly (readonly [what: string, change: (page: AdministrationRecord) => AdministrationRecord])[] = [
  ['sends nothing, and continues', (page) => ({ ...page, events: [], next: 4 })],
  ['sends nothing, and continues where it was', (page) => ({ ...page, events: [], next: 2 })],
  ['continues before the page', (page) => ({ ...page, next: 1 })],
  ['continues at its beginning', (page) => ({ ...page, next: 2 })],
  ['continues inside the page', (page) => ({ ...page, next: 3 })],
  ['leaves out an event after the page', (page) => ({ ...page, next: 5 })],
  ['sends the first page again', () => pageOf(recordOf(6), 0, 2)],
];

it.each(ROWS)('fails if the broker %s', async (_, change) => {
  const events = recordOf(6);
  let pages = 0;
  const read = readAdministrationPages(REVOCATIONS, async (after) => {
    pages += 1;
    const page = pageOf(events, after, 2);
    return pages === 2 ? change(page) : page;
  });
  await expect(read).rejects.toThrow(IncompleteRecord);
  await expect(read).rejects.toMatchObject({ code: 'incomplete-record' });
  expect(pages).toBe(2);
});

it('does not verify a record of which a page leaves out its first event', async () => {
  const events = recordOf(4);
  const read = await readAdministrationPages(REVOCATIONS, async (after) => {
    const page = pageOf(events, after, 2);
    return after === 0 ? page : { ...page, events: page.events.slice(1) };
  });
  expect(await verifyAdministration(read, AT, await verifyKeys([], AT))).toMatchObject({
    valid: false,
    because: 'Event 4 does not follow the previous event.',
  });
});
