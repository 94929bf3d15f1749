/** The small script and the command line agree about an export, honest or not. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditExport } from '@leasehold/contract/consent';
import { thumbprint } from '../../lib/broker/consent/key-record';
import { consentStatement } from '../../lib/broker/consent/statement';
import { verifyExport } from '../../lib/broker/consent/verify-export';
import { nextEvent } from '../../lib/broker/lease/event';
import { fold } from '../../lib/broker/lease/fold';
import { Authenticator } from '../broker/consent/authenticator';
import { aHouse } from '../broker/consent/people';
import { personArn } from '../broker/http/support';
import { inTemporaryFolder } from '../support/synth';

const SCRIPT = join(__dirname, '..', '..', 'examples', 'verify-audit', 'verify-audit.mjs');

/** A lease with every kind of decision and key: hardware and RSA keys, a further key, a removed one, wrong codes. */
async function anExport() {
  const house = aHouse();
  const root = await house.enrol('administrator', 'root', { name: 'root' }, true);
  const by = { name: 'root', key: root };
  const lead = await house.enrol('approver', 'lead', by, false, new Authenticator('RS256'));
  const { code } = await house.issueCode('oncall', by);
  await house.register('approver', 'oncall', new Authenticator(), { code: 'a'.repeat(40) });
  const lost = new Authenticator();
  await house.register('approver', 'oncall', lost, { code });
  const oncall = new Authenticator();
  await house.register('approver', 'oncall', oncall, { key: lost });
  house.world.now += 1;
  await house.remove('administrator', by, 'oncall', lost);
  house.world.now += 1;
  const { id, grant } = await house.pending('Upload the café menu');
  const leaseNow = () => fold(house.world.events.get(id) ?? []);
  for (const [name, key] of [
    ['lead', lead],
    ['oncall', oncall],
  ] as const) {
    const consent = await house.signed('approver', name, key, consentStatement(leaseNow(), 'approve', name));
    await house.call('approve', {
      as: personArn('approver', name),
      path: { lease: id },
      body: { hash: grant.hash, consent },
    });
  }
  // Credentials that were withheld at first, for example at night.
  const events = house.world.events.get(id) ?? [];
  const withheld = {
    type: 'withheld',
    code: 'outside-hours',
    because: 'The broker issues no leases at this hour.',
  } as const;
  house.world.events.set(id, [...events, nextEvent(id, events.at(-1), house.world.now, withheld)]);
  await house.call('collect', { path: { lease: id } });
  const because = 'Cafe\u0301 is closed';
  const consent = await house.signed('approver', 'lead', lead, consentStatement(leaseNow(), 'revoke', 'lead', because));
  await house.call('revoke', { as: personArn('approver', 'lead'), path: { lease: id }, body: { because, consent } });
  const audit: AuditExport = {
    format: 'leasehold.audit/1',
    leases: [{ lease: id, events: house.world.events.get(id) ?? [] }],
    people: [...house.store.events].map(([person, events]) => ({ person, events })),
  };
  return { audit: JSON.parse(JSON.stringify(audit)) as AuditExport, root: thumbprint(root.publicKey) };
}

function script(audit: AuditExport, root: string) {
  return inTemporaryFolder((folder) => {
    const file = join(folder, 'lease.json');
    writeFileSync(file, JSON.stringify(audit));
    return spawnSync(process.execPath, [SCRIPT, file, root], { encoding: 'utf8' });
  });
}

async function commandLine(audit: AuditExport, root: string): Promise<boolean> {
  const { leases } = await verifyExport(audit, { roots: [root] });
  return leases.every(
    ({ record, decisions }) => record.kind === 'holds' && decisions.every(({ proof }) => proof.kind === 'signed'),
  );
}

it('is at most 100 lines, and imports only what Node has', () => {
  const code = readFileSync(SCRIPT, 'utf8');
  expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(100);
  expect([...code.matchAll(/from '([^']+)'/g)].map(([, name]) => name)).toEqual(['node:crypto', 'node:fs']);
});

it('accepts what is honest, and tells whose key signed what', async () => {
  const { audit, root } = await anExport();
  const { status, stdout, stderr } = script(audit, root);
  expect([status, stderr]).toEqual([0, '']);
  const keys = /approve, signed by lead .*\n.*approve, signed by oncall .*\n.*revoke, signed by lead /;
  expect(stdout).toMatch(keys);
  expect(await commandLine(audit, root)).toBe(true);
});

// biome-ignore lint/suspicious/noExplicitAny: tests edit whatever they like.
type Edit = (audit: any) => void;
const eventOf = (audit: AuditExport, type: string) =>
  // biome-ignore lint/suspicious/noExplicitAny: tests edit whatever they like.
  [...audit.leases, ...audit.people].flatMap(({ events }) => events as any[]).find(({ body }) => body.type === type);

it.each<[string, Edit]>([
  ['another grant', (audit) => Object.assign(eventOf(audit, 'proposed').body.grant, { seconds: 901 })],
  ['another approver', (audit) => Object.assign(eventOf(audit, 'approved').body.by, { name: 'oncall' })],
  ['another reason of a revocation', (audit) => Object.assign(eventOf(audit, 'revoked').body, { because: 'No' })],
  ['a signature that was left out', (audit) => delete eventOf(audit, 'revoked').body.assertion],
  [
    'a signature of another event',
    (audit) => Object.assign(eventOf(audit, 'revoked').body, { assertion: eventOf(audit, 'approved').body.assertion }),
  ],
  ['a record of keys that is missing', (audit) => audit.people.splice(1, 1)],
  [
    'a key that was exchanged',
    (audit) => Object.assign(eventOf(audit, 'key-registered').body.key, { publicKey: new Authenticator().publicKey }),
  ],
  [
    'a code that nobody signed',
    (audit) => {
      for (const { events } of audit.people.slice(1)) delete events[0].body.assertion;
    },
  ],
  ['an event that is missing', (audit) => audit.leases[0].events.splice(1, 1)],
  [
    'another reason for which credentials were withheld',
    (audit) => Object.assign(eventOf(audit, 'withheld').body, { because: 'No' }),
  ],
  [
    'a record of keys that is there twice',
    (audit) => audit.people.push(audit.people.find(({ person }: { person: string }) => person === 'lead')),
  ],
  ...['broker', 'agent builder'].map((by): [string, Edit] => [
    `a revocation that claims to be by ${by}`,
    (audit) => {
      const { body } = eventOf(audit, 'revoked');
      delete body.assertion;
      Object.assign(body, { by });
    },
  ]),
])('both refuse %s', async (_, edit) => {
  const { audit, root } = await anExport();
  edit(audit);
  expect(script(audit, root).status).toBe(1);
  expect(await commandLine(audit, root)).toBe(false);
});

it('both refuse another root', async () => {
  const { audit } = await anExport();
  expect(script(audit, '0'.repeat(64)).status).toBe(1);
  expect(await commandLine(audit, '0'.repeat(64))).toBe(false);
});

it('proves nothing with an export in which nobody decided anything', async () => {
  const { audit, root } = await anExport();
  const { status, stdout, stderr } = script({ ...audit, leases: [] }, root);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('no person decided anything');
});
