/** What was not read is not said to hold. */
import { verifyExport } from '../../lib/broker/consent/verify-export';
import { auditJson } from '../../lib/cli/render/audit';
import { eventsOf, proposed, REQUESTED } from '../broker/support';

const EVENTS = eventsOf(REQUESTED, proposed(0));
const audited = async (unauthentic: number[] = []) =>
  verifyExport({ leases: [{ lease: 'lh-1', events: [...EVENTS], unauthentic }], people: [] });

it('an audit of everything is valid; one that left something out is not, and states what', async () => {
  expect(auditJson(await audited(), 0)).toMatchObject({ complete: true, holds: true });
  const unread = 'not every record was read';
  expect(auditJson(await audited(), 0, unread)).toMatchObject({ complete: false, holds: false, unread });
});

it('an event that the broker did not write breaks its record', async () => {
  const { leases } = await audited([2]);
  expect(leases[0]?.record).toMatchObject({ kind: 'broken', code: 'unauthentic', events: [EVENTS[0]] });
  expect(auditJson(await audited([2]), 0)).toMatchObject({ holds: false });
});
