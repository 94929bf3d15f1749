/** What was not read is not said to hold. */
import { readRecord } from '../../lib/broker/lease/record';
import { auditJson } from '../../lib/cli/render/audit';
import { eventsOf, proposed, REQUESTED } from '../broker/support';

const EVENTS = eventsOf(REQUESTED, proposed(0));
const audited = (told?: object) => ({
  id: 'lh-1',
  stored: [],
  record: readRecord('lh-1', EVENTS, told),
  decisions: [],
});

it('an audit of everything holds; one that left something out does not, and says what', () => {
  expect(auditJson([audited()], 0)).toMatchObject({ complete: true, holds: true });
  const unread = 'not every record was read';
  expect(auditJson([audited()], 0, unread)).toMatchObject({ complete: false, holds: false, unread });
});

it('an event that the broker did not write breaks its record', () => {
  const { record } = audited({ unauthentic: [2] });
  expect(record).toMatchObject({ kind: 'broken', code: 'unauthentic', events: [EVENTS[0]] });
  expect(auditJson([audited({ unauthentic: [2] })], 0)).toMatchObject({ holds: false });
});
