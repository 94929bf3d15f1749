/** What people see and do beside approving: lists, a no, taking back, principals. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstUnseen } from '@leasehold/contract/text';
import { AGENT_ARN, personArn } from '../../broker/http/support';
import { expectGoldenText, removeFolders } from '../support';
import { anOffice, aWaitingLease, type Office } from './support';

let office: Office;
let lease: string;
beforeEach(async () => {
  office = await anOffice();
  lease = await aWaitingLease(office);
});
afterEach(() => office.stop());
afterAll(removeFolders);

/** The two humans that `s3-deploy` asks say yes, and the agent collects. */
const issue = async (id = lease) => {
  for (const name of ['lead', 'oncall']) await office.as(name, `approve ${id}`, { types: ['yes'] });
  await office.call('collect', { as: AGENT_ARN, path: { lease: id } });
};
const told = (id = lease) => office.world.told(id);

describe('leasehold leases', () => {
  it('lists what waits, with who has said yes and until when', async () => {
    office.world.now += 61;
    await office.as('lead', `approve ${lease}`, { types: ['yes'] });
    await aWaitingLease(office, {
      reason: 'Roll the release back, which has broken the checkout for everybody since noon',
    });
    const { code, out } = await office.as('oncall', 'leases');
    expect(code).toBe(0);
    expectGoldenText('leases-80.txt', out);
  });

  it('says so when nothing waits', async () => {
    await issue();
    expect(await office.as('oncall', 'leases')).toMatchObject({ code: 0, out: 'Nothing waits for an approver.\n' });
  });

  it('lists what a role opened in whatever state, and what became of it', async () => {
    await issue();
    const denied = await aWaitingLease(office);
    await office.as('lead', ['deny', denied, '--because', 'Not during the freeze']);
    const { out } = await office.as('oncall', 'leases --role s3-deploy', { columns: 500 });
    expect(out).toMatch(new RegExp(`${lease} {2}issued\n[\\s\\S]+open until .* UTC, approved by lead and oncall\n`));
    expect(out).toMatch(new RegExp(`${denied} {2}denied\n[\\s\\S]+because: Not during the freeze\n`));
    office.world.now += 901;
    expect((await office.as('oncall', 'leases --role s3-deploy')).out).toContain('expired');
  });

  it('names those whose record is broken, beside the others', async () => {
    const other = await aWaitingLease(office);
    office.world.events.get(lease)?.reverse();
    const { code, out, err } = await office.as('oncall', 'leases');
    expect([code, out.includes(other), out.includes(lease)]).toEqual([1, true, false]);
    const warning = `warning: the record of ${lease} is broken; leasehold audit ${lease}\n`;
    expect(err).toContain(warning);
    expect((await office.as('oncall', 'approve', { types: ['no'] })).err).toContain(warning);
  });

  it('lists one’s own with --mine, and nobody else’s', async () => {
    const body = { role: 'ops-read', reason: 'Look at the queue' };
    const { body: own } = await office.call('request', { as: personArn('requester', 'alice'), body });
    const { out } = await office.as('alice', 'leases --mine');
    expect(out).toContain(own.lease.id);
    expect(out).not.toContain(lease);
    expect(await office.as('lead', 'leases --mine')).toMatchObject({
      code: 0,
      out: 'There was none in the last day.\n',
    });
  });

  it('as JSON has the grants with their hashes, for --yes of another approver', async () => {
    const { leases } = JSON.parse((await office.as('lead', 'leases --json', { columns: 0 })).out);
    expect(leases).toMatchObject([
      { id: lease, state: 'pending', grant: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ]);
    const line = `approve ${lease} --yes ${leases[0].grant.hash}`;
    expect(await office.as('lead', line, { columns: 0 })).toMatchObject({ code: 0 });
  });
});

describe('leasehold deny', () => {
  it('ends a lease with a reason that the agent reads', async () => {
    const { code, out } = await office.as('lead', ['deny', lease, '--because', ' Not during the freeze ']);
    expect([code, out]).toEqual([0, `Denied as lead: ${lease}, s3-deploy for agent.\n`]);
    expect(office.world.events.get(lease)?.at(-1)?.body).toMatchObject({
      type: 'denied',
      because: 'Not during the freeze',
    });
    expect((await office.call('collect', { path: { lease } })).body.detail).toBe('Not during the freeze');
  });

  it('is refused where there is nothing to deny', async () => {
    await issue();
    expect(await office.as('lead', ['deny', lease, '--because', 'Too late'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('[wrong-state]'),
    });
  });

  it.each([
    [[], 'no reason is given'],
    [['--because', 'x'], 'cannot be put on record'],
    [['--because', 'two\nlines'], 'cannot be put on record'],
  ])('with %j is a mistake in the line, and nobody is asked for a code', async (more, message) => {
    expect(await office.as('lead', ['deny', lease, ...more])).toMatchObject({
      code: 2,
      err: expect.stringContaining(message),
    });
    expect(office.asked()).toBe(0);
  });
});

describe('leasehold revoke', () => {
  const because = ['--because', 'The agent is compromised'];

  it('takes one lease back once somebody says yes', async () => {
    await issue();
    expect(await office.as('lead', ['revoke', lease, ...because], { types: ['no'] })).toMatchObject({
      code: 1,
      out: '',
    });
    expect(told().at(-1)).toBe('collected');
    const { code, out, err } = await office.as('lead', ['revoke', lease, ...because], { types: ['yes'] });
    expect([code, out]).toEqual([0, `Taken back, and denied from the next call on:\n  ${lease}\n`]);
    expect(err).toContain(`Take back ${lease}? Type yes: `);
    expect(office.world.calls.at(-1)).toMatchObject({ call: 'revoke', leases: [{ lease, role: 's3-deploy' }] });
  });

  it('takes a role back, and says until when it is shut', async () => {
    await issue();
    const { code, out } = await office.as('lead', ['revoke', '--role', 's3-deploy', ...because, '--yes'], {
      columns: 0,
    });
    expect(code).toBe(0);
    expect(out).toContain(`  ${lease}\n`);
    expect(out).toContain(
      'Role s3-deploy is blocked until 2027-01-15 08:30:30 UTC: AWS denies every call that uses a lease of the role, and nobody can open a new lease of the role.',
    );
  });

  it('takes everything back, as an administrator too', async () => {
    const line = ['revoke', '--all', ...because, '--yes', '--kind', 'administrator'];
    const { code, out } = await office.as('root', line);
    expect(code).toBe(0);
    expect(out.match(/^Role \S+ is blocked until/gm)).toHaveLength(office.environment.roles.length);
  });

  it('is refused where there is nothing to take back, and where there is no such role', async () => {
    expect(await office.as('lead', ['revoke', lease, ...because, '--yes'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/The lease is pending.* \[wrong-state\]\n {2}hint: {5}Deny it\./),
    });
    expect(await office.as('lead', ['revoke', '--role', 'nothing', ...because, '--yes'])).toMatchObject({ code: 2 });
  });

  it.each([
    [[], 'nothing is named'],
    [['lh-1', '--all'], 'too much is named'],
    [['lh-1', '--role', 'quick'], 'too much is named'],
    [['--all', '--role', 'quick'], 'cannot be used with'],
  ])('with %j is a mistake in the line', async (more, message) => {
    const { code, err } = await office.as('lead', ['revoke', ...more, ...because, '--yes']);
    expect([code, office.asked()]).toEqual([2, 0]);
    expect(err).toContain(message);
  });

  it('asks for a terminal or --yes, and always for a reason', async () => {
    expect(await office.as('lead', ['revoke', lease, ...because], { types: ['yes'], columns: 0 })).toMatchObject({
      code: 2,
      err: expect.stringContaining('a terminal, or --yes'),
    });
    expect(await office.as('lead', ['revoke', lease, '--yes'])).toMatchObject({ code: 2 });
    expect(told()).toEqual(['requested', 'proposed']);
  });
});

describe('leasehold principals', () => {
  const policy = (text: string) => writeFileSync(join(office.folder, 'alice.txt'), text);

  it('lists everybody, and shows one with the whole policy', async () => {
    office.world.stored.set('alice', {
      policy: 'Alice may look.\nNothing at night.',
      groups: ['ops'],
      version: 3,
      changedBy: 'root',
      changedAt: office.world.now,
    });
    const all = await office.as('root', 'principals');
    expect(all.code).toBe(0);
    expectGoldenText('principals-80.txt', all.out);
    const { out } = await office.as('root', 'principals alice');
    expect(out).toBe(
      [
        'alice, person',
        '',
        '  Groups   ops',
        '  Version  3, by root, 2027-01-15 08:00:00 UTC',
        '  Policy   Alice may look.',
        '           Nothing at night.',
        '',
      ].join('\n'),
    );
    const { principals } = JSON.parse((await office.as('root', 'principals alice --json')).out);
    expect(principals).toMatchObject([{ name: 'alice', version: 3 }]);
  });

  it('replaces policy and groups, and leaves alone what is not named', async () => {
    policy('Alice may look.\n');
    const { code, err } = await office.as('root', 'principals alice --policy-file alice.txt');
    expect([code, err]).toEqual([0, expect.stringContaining('note: stored as version 1, over version 0')]);
    expect(office.world.stored.get('alice')).toMatchObject({
      policy: 'Alice may look.',
      groups: ['ops'],
      changedBy: 'root',
    });
    await office.as('root', ['principals', 'alice', '--groups', 'support, ops']);
    expect(office.world.stored.get('alice')).toMatchObject({
      policy: 'Alice may look.',
      groups: ['ops', 'support'],
      version: 2,
    });
    await office.as('root', ['principals', 'alice', '--groups', '']);
    expect(office.world.stored.get('alice')).toMatchObject({ groups: [], version: 3 });
    // What was changed can be read again, the newest first.
    const { out } = await office.as('root', 'audit --principal alice', { columns: 0 });
    expect(out).toContain('3 changes of alice: all are valid');
    expect(out.indexOf('-ops -support')).toBeLessThan(out.indexOf('+support'));
    const told = JSON.parse((await office.as('root', 'audit --principal alice --json')).out);
    expect(told).toMatchObject({ record: 'settings#alice', holds: true });
    expect(told.events.map(({ body }: { body: { by: string; version: number } }) => [body.by, body.version])).toEqual([
      ['root', 3],
      ['root', 2],
      ['root', 1],
    ]);
    // Nothing is signed here, which is a finding only if it was asked for.
    expect(told.events[0].proof).toEqual({ kind: 'unsigned' });
    expect(await office.as('root', 'audit --principal alice --signed')).toMatchObject({
      code: 1,
      err: expect.stringContaining('event 1 by root is not signed'),
    });
    const [first, ...rest] = office.world.administration.get('settings#alice') ?? [];
    if (first === undefined) throw new Error('nothing is recorded');
    const hostile = { ...first, body: { ...first.body, by: 'root\u202e\u009b2J' } };
    office.world.administration.set('settings#alice', [hostile]);
    for (const line of ['--signed', '--signed --json']) {
      const { out, err } = await office.as('root', `audit --principal alice ${line}`, { columns: 0 });
      expect(err).toContain('error: event 1 by root\\u{202e}\\x9b2J is not signed\n');
      expect(firstUnseen(out)).toBeUndefined();
    }
    office.world.administration.set('settings#alice', [{ ...first, at: first.at - 1 }, ...rest]);
    const broken = await office.as('root', 'audit --principal alice', { columns: 0 });
    expect([broken.code, broken.out]).toEqual([1, expect.stringContaining('The record is broken after 1 event')]);
    expect(await office.as('root', 'audit --principal nobody')).toMatchObject({ code: 2, out: '' });
    expect(await office.as('lead', 'audit --principal alice')).not.toMatchObject({ code: 0 });
  });

  it('does not overwrite what somebody else has stored meanwhile', async () => {
    policy('Alice may look.');
    let meanwhile = () => {};
    const { get } = office.world.stored;
    office.world.stored.get = (name) => {
      const found = get.call(office.world.stored, name);
      meanwhile();
      return found;
    };
    meanwhile = () => {
      meanwhile = () => {};
      const value = { policy: 'Theirs.', groups: [], version: 1, changedBy: 'other', changedAt: 1 };
      office.world.stored.set('alice', value);
    };
    const { code, err } = await office.as('root', 'principals alice --policy-file alice.txt');
    expect(code).toBe(1);
    expect(err).toContain('[version-conflict]');
    expect(office.world.stored.get('alice')?.policy).toBe('Theirs.');
  });

  it.each([
    ['principals --groups ops', 'whom to change is not named'],
    ['principals alice --groups Ops', 'these are not group names'],
    ['principals alice --policy-file none.txt', 'no such file'],
    ['principals alice --policy-file long.txt', 'at most 4,000 characters; it has 4001'],
    ['principals a/b', 'is not the name of a principal'],
  ])('%s is a mistake in the line, and nobody is asked for a code', async (line, message) => {
    writeFileSync(join(office.folder, 'long.txt'), 'x'.repeat(4001));
    expect(await office.as('root', line)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
    expect(office.asked()).toBe(0);
  });

  it.each([
    ['of nobody whom the definitions know', 'principals nobody', 2],
    ['of oneself', 'principals root --groups ops', 1],
    ['of an agent, which is in no group', 'principals agent --groups ops', 2],
  ])('does not change the policy %s', async (_, line, code) => {
    expect(await office.as('root', line)).toMatchObject({ code, out: '' });
    expect(office.world.stored.size).toBe(0);
  });
});
