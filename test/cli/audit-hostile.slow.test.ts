/** An exported record that somebody made up cannot control the terminal of the auditor. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstUnseen } from '@leasehold/contract/text';
import { exportText } from '../../lib/broker/consent/export-text';
import { grantHash } from '../../lib/broker/grant/grant';
import { type EventBody, type LeaseEvent, nextEvent } from '../../lib/broker/lease/event';
import { aGrant, proposed, REQUESTED } from '../broker/support';
import { leasehold, newFolder, removeFolders } from './support';

afterAll(removeFolders);

const HOSTILE = '\u001b[2J\u009b2J\u202e';
const LEASE = `lh-1${HOSTILE}`;
const NAME = `lead${HOSTILE}`;

/** A record that follows the rules. Writing one needs no secret. */
function record(): readonly LeaseEvent[] {
  const grant = aGrant({ reason: `Upload${HOSTILE}` });
  const bodies: readonly EventBody[] = [
    REQUESTED,
    { ...proposed(1, grant), approvers: [NAME, 'oncall'] } as EventBody,
    { type: 'approved', by: { name: NAME }, hash: grantHash(grant) },
  ];
  const events: LeaseEvent[] = [];
  for (const body of bodies) events.push(nextEvent(LEASE, events.at(-1), events.length, body));
  return events;
}

it.each(['', '--json', '--signed', '--signed --json'])('audit --verify FILE %s', async (options) => {
  const cwd = newFolder();
  writeFileSync(join(cwd, 'audit.json'), exportText({ leases: [{ lease: LEASE, events: [...record()] }], people: [] }));
  const line = ['audit', '--verify', 'audit.json', ...options.split(' ').filter(Boolean)];
  const signed = options.startsWith('--signed');
  const { code, out, err } = await leasehold(line, { cwd });
  expect(code).toBe(signed ? 1 : 0);
  expect(out).toContain('lead');
  expect(firstUnseen(out)).toBeUndefined();
  expect(firstUnseen(err)).toBeUndefined();
  expect(err === '').toBe(!signed);
});

it('an export escapes what it contains', () => {
  const text = exportText({ leases: [{ lease: LEASE, events: [...record()] }], people: [] });
  expect(firstUnseen(text)).toBeUndefined();
  expect(JSON.parse(text).leases[0].lease).toBe(LEASE);
});
