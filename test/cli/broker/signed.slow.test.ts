/** An auditor sees whose key signed what, takes the proof elsewhere, and verifies it there without a broker. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { thumbprint } from '../../../lib/broker/consent/key-record';
import { consentStatement } from '../../../lib/broker/consent/statement';
import { fold } from '../../../lib/broker/lease/fold';
import { aBankWithChief, consentOf, Keys, peopleAt, withPasskeys } from '../../broker/consent/people';
import { personArn } from '../../broker/http/support';
import { leasehold, newFolder, removeFolders } from '../support';
import { anOffice, type Office } from './support';

let office: Office;
let store: Keys;
let lease: string;
let root: string;
beforeEach(async () => {
  store = new Keys();
  const environment = withPasskeys(aBankWithChief());
  office = await anOffice(environment, { consent: consentOf(store) });
  const { call, world } = office;
  const people = peopleAt({ call, world, store, environment });
  const rootKey = await people.enrol('administrator', 'root', { name: 'root' }, true);
  root = thumbprint(rootKey.publicKey);
  world.now += 1;
  const lead = await people.enrol('approver', 'lead', { name: 'root', key: rootKey });
  world.now += 1;
  const waiting = await people.pending();
  lease = waiting.id;
  const statement = consentStatement(fold(world.events.get(lease) ?? []), 'approve', 'lead');
  const body = { hash: waiting.grant.hash, consent: await people.signed('approver', 'lead', lead, statement) };
  await call('approve', { as: personArn('approver', 'lead'), path: { lease }, body });
});
afterEach(() => office.stop());
afterAll(removeFolders);

const audit = (line: string) => office.as('oncall', `audit ${line}`, { columns: 500 });

async function anExport(): Promise<string> {
  const { code, out } = await audit(`${lease} --export`);
  expect(code).toBe(0);
  const file = join(newFolder(), 'lease.json');
  writeFileSync(file, out);
  return file;
}

const offline = (line: string) => leasehold(line, { cwd: newFolder(), env: {} });

it('shows the key that signed, and the root', async () => {
  const { code, out } = await audit(lease);
  expect(code).toBe(0);
  expect(out).toMatch(/Event 3: approve by lead, signed with the passkey “Laptop” [0-9a-f]{16}… at https:\/\/leases/);
  expect(out).toContain(`All trust depends on the passkey of root with the thumbprint ${root}.`);
});

it('as JSON too', async () => {
  const { out } = await audit(`${lease} --json`);
  expect(JSON.parse(out).leases[0].decisions).toEqual([
    {
      sequence: 3,
      decision: 'approve',
      by: 'lead',
      proof: expect.objectContaining({ kind: 'signed', person: 'lead', counterReused: false }),
    },
  ]);
  expect(JSON.parse(out)).toMatchObject({ holds: true, roots: [{ person: 'root', thumbprint: root }] });
});

it('verifies an export without a broker and without credentials', async () => {
  const file = await anExport();
  for (const line of [`--verify ${file}`, `${lease} --verify ${file} --root ${root} --signed`]) {
    expect(await offline(`audit ${line}`)).toMatchObject({ code: 0, err: '' });
  }
  expect(await offline(`audit --verify ${file} --root ${'0'.repeat(64)}`)).toMatchObject({ code: 1 });
  expect(await offline(`audit lh-other --verify ${file}`)).toMatchObject({ code: 2 });
});

it('refuses an export that was edited, and a file that is none', async () => {
  const file = await anExport();
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"name":"lead"', '"name":"oncall"').replace('"name": "lead"', '"name": "oncall"'));
  expect(await offline(`audit --verify ${file}`)).toMatchObject({ code: 1 });
  for (const other of ['{}', 'x', text.replace('"format"', '"format": "x", "format"')]) {
    writeFileSync(file, other);
    expect(await offline(`audit --verify ${file}`)).toMatchObject({ code: 2, out: '' });
  }
  expect(await offline('audit --verify no-such-file.json')).toMatchObject({ code: 2 });
});

it('counts decisions without a signature where signatures are expected', async () => {
  const body = { because: 'Not during the freeze' };
  await office.call('deny', { as: personArn('approver', 'oncall'), path: { lease }, body });
  expect(await audit(lease)).toMatchObject({ code: 0, out: expect.stringContaining('deny by oncall, not signed') });
  expect(await audit(`${lease} --signed`)).toMatchObject({
    code: 1,
    err: expect.stringContaining('deny by oncall is not signed'),
  });
});

it('a record of keys that cannot be read makes what it signed invalid, in every output', async () => {
  store.events.delete('root');
  expect(await audit(lease)).toMatchObject({ code: 1, out: expect.stringContaining('the signature is not valid') });
  const role = await audit('--role s3-deploy');
  expect([role.code, role.out]).toEqual([1, expect.stringContaining('1 record: 1 not valid')]);
  expect(role.out).toContain('signature not valid');
  for (const line of [lease, '--role s3-deploy']) {
    const json = JSON.parse((await audit(`${line} --json`)).out);
    expect(json).toMatchObject({ holds: false, roots: [], leases: [{ holds: false }] });
    expect(json.leases[0].decisions[0].proof).toMatchObject({ kind: 'invalid' });
  }
});
