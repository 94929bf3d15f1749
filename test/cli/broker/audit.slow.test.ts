/** An auditor asks who did what on whose say-so, and gets an answer that cannot have been edited unseen. */
import { eventHash, type LeaseEvent, nextEvent } from '../../../lib/broker/lease/event';
import { AGENT_ARN } from '../../broker/http/support';
import { expectGoldenText, removeFolders } from '../support';
import { anOffice, aWaitingLease, type Office } from './support';

let office: Office;
let lease: string;
beforeEach(async () => {
  office = await anOffice();
  lease = await aWaitingLease(office);
  for (const name of ['lead', 'oncall']) {
    office.world.now += 60;
    await office.as(name, `approve ${lease}`, { types: ['yes'] });
  }
  office.world.now += 60;
  await office.call('collect', { as: AGENT_ARN, path: { lease } });
});
afterEach(() => office.stop());
afterAll(removeFolders);

const events = () => office.world.events.get(lease) ?? [];
const audit = (line = `audit ${lease}`, columns = 80) => office.as('oncall', line, { columns });

describe('the story of a lease', () => {
  it('has every event, who, when and what, the grant, and the hash of the last', async () => {
    office.world.now += 60;
    await office.as('lead', ['revoke', lease, '--because', 'Wrong bucket', '--yes']);
    const { code, out } = await audit();
    expect(code).toBe(0);
    expectGoldenText('audit-80.txt', out);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('as JSON has the events as they are stored', async () => {
    const { code, out } = await audit(`audit ${lease} --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      version: 1,
      complete: true,
      holds: true,
      roots: [],
      leases: [
        {
          lease,
          holds: true,
          state: 'issued',
          last: eventHash(events().at(-1) as LeaseEvent),
          decisions: ['lead', 'oncall'].map((by) => ({
            sequence: expect.any(Number),
            decision: 'approve',
            by,
            proof: { kind: 'unsigned' },
          })),
          events: events(),
        },
      ],
    });
  });

  it('is told of a denied request, which has no grant, and to an administrator', async () => {
    const { body } = await office.call('request', {
      as: AGENT_ARN,
      body: { role: 'ops-read', reason: 'Look at the queue' },
    });
    const { code, out } = await office.as('root', `audit ${body.lease} --kind administrator`, { columns: 500 });
    expect(code).toBe(0);
    expect(out).toMatch(/: denied\n/);
    expect(out).toMatch(/asked for ops-read: “Look at the queue”, as 123456789012 user\/agents\/hermes-dev-agent/);
    expect(out).toMatch(/broker +denied it \(not-eligible\): /);
  });

  it('is told to the person who asked, and to no other requester', async () => {
    const as = 'arn:aws:sts::123456789012:assumed-role/hermes-dev-requester/lead';
    const { body } = await office.call('request', { as, body: { role: 'ops-read', reason: 'Look at the queue' } });
    const id = body.lease.id;
    expect(await office.as('lead', `audit ${id} --kind requester`)).toMatchObject({ code: 0 });
    expect(await office.as('alice', `audit ${id} --kind requester`)).toMatchObject({ code: 2, out: '' });
  });
});

describe('a record that was edited in the table', () => {
  /** What somebody did who can write there, and what is found. */
  it.each<[string, () => void, RegExp]>([
    [
      'the reason',
      () => {
        const { body } = events()[1] ?? {};
        if (body?.type === 'proposed') Object.assign(body.grant, { reason: 'Nothing to see here at all' });
      },
      /broken at event 3 \[out-of-sequence\].* \(3 events\) proves nothing\./,
    ],
    ['an approval', () => events().splice(3, 1), /broken at event 4 \[out-of-sequence\]/],
    [
      'an approval, and all hashes after it made to fit',
      () => {
        const [one, two] = events();
        const issued = events()[4];
        if (one && two && issued) events().splice(2, 9, nextEvent(lease, two, issued.at, issued.body));
      },
      /broken at event 3 \[wrong-state\]/,
    ],
  ])('%s', async (_, edit, found) => {
    edit();
    const { code, out } = await audit(`audit ${lease}`, 500);
    expect([code, out]).toEqual([1, expect.stringMatching(found)]);
    expect(out).toContain(`${lease}: the record is broken`);
    const json = await audit(`audit ${lease} --json`);
    expect([json.code, JSON.parse(json.out)]).toMatchObject([1, { holds: false, leases: [{ events: events() }] }]);
  });

  it('at its end is found by whoever has seen the hash that it ended with', async () => {
    const seen = /hash\s+([0-9a-f]{64})\n$/.exec((await audit()).out)?.[1];
    expect(await audit(`audit ${lease} --seen ${seen}`)).toMatchObject({ code: 0 });
    events().pop();
    expect(await audit()).toMatchObject({ code: 0 });
    expect(await audit(`audit ${lease} --seen ${seen}`)).toMatchObject({
      code: 1,
      out: expect.stringContaining('not the one that was seen before'),
    });
  });
});

describe('all leases of a role', () => {
  it('each have a row, and their records hold', async () => {
    const second = await aWaitingLease(office);
    const { code, out } = await audit('audit --role s3-deploy');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`${lease} +issued +agent +lead, oncall +6 +holds`));
    expect(out).toMatch(new RegExp(`${second} +pending +agent +2 +holds`));
    expect(out).toMatch(/\n2 records: all are valid\n$/);
  });

  it('have a row each where the record of one is broken', async () => {
    const second = await aWaitingLease(office);
    events().splice(3, 1);
    const { code, out } = await audit('audit --role s3-deploy', 500);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`${lease} +5 +broken`));
    expect(out).toMatch(new RegExp(`${second} +pending +agent +2 +holds`));
    expect(out).toMatch(/broken at event 4 \[out-of-sequence\]/);
    expect(out).toMatch(/\n2 records: 1 not valid\n$/);
  });

  it('have a row each where what is stored of one is no list of events', async () => {
    office.world.unreadable.add(lease);
    const { code, out } = await audit('audit --role s3-deploy', 500);
    expect(code).toBe(1);
    expect(out).toMatch(/The stored value is not a list of events\./);
  });

  it('are none where there was none', async () => {
    expect(await audit('audit --role quick')).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 records: all are valid'),
    });
  });
});

it.each([
  ['audit', 'nothing is named'],
  [`audit lh-1 --role quick`, 'too much is named'],
  ['audit LH-1', '"LH-1" is not a lease id'],
  ['audit --role Quick!', 'is not a role name'],
  ['audit lh-1 --seen 1234', 'is not a hash'],
  ['audit --role quick --seen 1234', 'cannot be used with'],
])('%s is a mistake in the line, and nobody is asked for a code', async (line, message) => {
  const asked = office.asked();
  expect(await audit(line)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
  expect(office.asked()).toBe(asked);
});
