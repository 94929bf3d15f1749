/** An approver says yes: to exactly what is on the screen. */
import { grantHash } from '../../../lib/broker/grant/grant';
import { type LeaseEvent, nextEvent } from '../../../lib/broker/lease/event';
import { aBank, rules } from '../../broker/http/support';
import { aReleaseRole } from '../../support/environment';
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

const told = () => office.world.told(lease);
const lastOf = (): LeaseEvent => office.world.events.get(lease)?.at(-1) as LeaseEvent;
const grantOf = () => {
  const body = office.world.events.get(lease)?.findLast((event) => event.body.type === 'proposed')?.body;
  if (body?.type !== 'proposed') throw new Error('nothing is proposed');
  return body;
};

/** The broker's own reviewer narrows the grant once more, as it may while nobody has issued it. */
const propose = (change: object) => {
  const last = lastOf();
  const body = grantOf();
  const grant = { ...body.grant, ...change };
  office.world.events.get(lease)?.push(nextEvent(lease, last, last.at, { ...body, grant }));
};

describe('leasehold approve', () => {
  it.each([80, 60])(
    'shows at %i columns who, what, why, how long and the hash, and asks before it sends that hash',
    async (columns) => {
      const { code, out, err } = await office.as('lead', `approve ${lease}`, { types: ['yes'], columns });
      expectGoldenText(`approve-${columns}.txt`, out);
      expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(code).toBe(0);
      expect(err).toMatch(/Approve grant [0-9a-f]{12}… of agent as lead\? Type yes: /);
      expect(lastOf().body).toEqual({ type: 'approved', by: { name: 'lead' }, hash: grantHash(grantOf().grant) });
    },
  );

  it('shows every value that the hash covers, and says what the second yes does', async () => {
    await office.as('lead', `approve ${lease}`, { types: ['yes'] });
    const { code, out } = await office.as('oncall', `approve ${lease}`, { types: ['YES'], columns: 500 });
    const { grant } = grantOf();
    const { policy: _, tags, seconds, version, ...texts } = grant;
    expect([seconds, version]).toEqual([900, 1]);
    for (const text of [
      ...Object.values({ ...texts, parameters: '1.4.2' }),
      ...Object.values(tags),
      grantHash(grant),
    ]) {
      expect(out).toContain(text);
    }
    expect(out).toContain('15 minutes');
    expect(out).toContain('1 of 2 humans: lead');
    expect(out).toMatch(
      /Approved as oncall: that was the last yes it needed\.\nagent can collect it, until .* UTC\.\n$/,
    );
    expect(code).toBe(0);
    expect(told().slice(-2)).toEqual(['approved', 'approved']);
  });

  it.each([['no'], ['y'], [''], ['yes please'], []])('sends nothing for the answer %j', async (...types) => {
    const { code, err } = await office.as('lead', `approve ${lease}`, { types });
    expect([code, told()]).toEqual([1, ['requested', 'proposed']]);
    expect(err).toContain(`To end it: leasehold deny ${lease}`);
  });

  it('shows anew, and asks anew, what was changed while somebody read', async () => {
    const answers = [
      async () => {
        propose({ seconds: 60 });
        return 'yes';
      },
      async () => 'yes',
    ];
    const line = async () => answers.shift()?.();
    const { code, out, err } = await office.as('lead', `approve ${lease}`, { keyboard: { line } });
    expect(code).toBe(0);
    expect(err).toContain('the grant has changed since it was shown');
    expect(out).toMatch(/15 minutes from[\s\S]+1 minute from/);
    expect(lastOf().body).toMatchObject({ type: 'approved', hash: grantHash(grantOf().grant) });
  });

  it.each<[string, string, RegExp]>([
    ['who is no approver of it', 'third', /third is not among the approvers of lh-/],
    ['who has said yes already', 'lead', /lh-\S+ is already approved by you/],
  ])('asks nobody %s', async (_, name, message) => {
    await office.as('lead', `approve ${lease}`, { types: ['yes'] });
    const events = office.world.events.get(lease) ?? [];
    if (name === 'third') {
      const body = { ...grantOf(), approvers: ['lead', 'oncall'] };
      office.world.events.set(lease, [...events.slice(0, 1), nextEvent(lease, events[0], lastOf().at, body)]);
    }
    const line = async () => {
      throw new Error('nobody should be asked');
    };
    expect(await office.as(name, `approve ${lease}`, { keyboard: { line } })).toMatchObject({
      code: 1,
      err: expect.stringMatching(message),
    });
  });

  it('asks nobody about a lease of their own', async () => {
    const { body } = await office.call('request', {
      as: 'arn:aws:sts::123456789012:assumed-role/hermes-dev-requester/lead',
      body: { role: 'ops-read', reason: 'See why the queue is full' },
    });
    expect(await office.as('lead', `approve ${body.lease.id}`, { types: ['yes'] })).toMatchObject({
      code: 1,
      err: expect.stringContaining('lead cannot approve a lease of their own'),
    });
    expect(office.world.told(body.lease.id)).toEqual(['requested', 'proposed']);
  });

  it.each<[string, () => void, RegExp]>([
    ['lapsed', () => (office.world.now += 1800), /waits for nobody: it is lapsed/],
    [
      'denied',
      () => {
        const body = { type: 'denied', by: { name: 'oncall' }, code: 'approver-denied', because: 'Freeze.' } as const;
        office.world.events.get(lease)?.push(nextEvent(lease, lastOf(), lastOf().at, body));
      },
      /waits for nobody: it is denied: Freeze/,
    ],
  ])('says of a lease that is %s that nobody is waited for', async (_, end, message) => {
    end();
    expect(await office.as('lead', `approve ${lease}`)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(message),
    });
  });

  it('takes a lease that is not there for a mistake', async () => {
    expect(await office.as('lead', 'approve lh-none')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/error: lh-none: This lease does not exist.*\n {2}hint: /),
    });
  });
});

describe('without an id', () => {
  it('answers the only lease that waits for whoever signs in, with one code', async () => {
    const other = await aWaitingLease(office, { reason: 'Another one, which lead has approved already' });
    await office.as('lead', `approve ${other}`, { types: ['yes'] });
    const asked = office.asked();
    expect(await office.as('lead', 'approve', { types: ['yes'] })).toMatchObject({ code: 0 });
    expect([lastOf().body.type, office.asked() - asked]).toEqual(['approved', 1]);
    expect(await office.as('lead', 'approve')).toMatchObject({
      code: 0,
      out: 'Nothing waits for lead at the broker.\n',
    });
  });

  it('lists them where there are several, and approves none', async () => {
    const other = await aWaitingLease(office);
    const { code, out, err } = await office.as('lead', 'approve', { types: ['yes'] });
    expect(code).toBe(0);
    for (const id of [lease, other]) expect(out).toContain(`${id}  pending`);
    expect(err).toContain('note: name the one to answer: leasehold approve <id>');
    expect(told()).toEqual(['requested', 'proposed']);
  });

  it('takes no hash', async () => {
    expect(await office.as('lead', 'approve --yes 0123abcd')).toMatchObject({ code: 2, out: '' });
  });

  it.each(['approve --list', 'approve --deny'])('`%s` is of this machine alone', async (line) => {
    expect(await office.as('lead', line)).toEqual({ code: 0, out: 'Nothing waits for an approver.\n', err: '' });
  });
});

describe('what the broker shows is not believed', () => {
  const edit = (change: (events: LeaseEvent[]) => void) => change(office.world.events.get(lease) ?? []);

  it('where the record was edited', async () => {
    edit((events) => {
      const [, proposed] = events;
      if (proposed?.body.type === 'proposed') Object.assign(proposed.body.grant, { seconds: 3600 });
      Object.assign(events[0] ?? {}, { at: 1 });
    });
    const { code, out, err } = await office.as('lead', `approve ${lease}`, { types: ['yes'] });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/the record of lh-\S+ does not hold: [\s\S]+leasehold audit/);
  });

  it.each<[string, object]>([
    ['a permission that is not in the reader’s words', { NotAction: 's3:Get*', Action: undefined }],
    ['an element of a statement that it does not know', { Principal: '*' }],
  ])('where it has %s', async (_, more) => {
    const statement = { Effect: 'Allow', Action: 's3:PutObject', Resource: '*', ...more };
    propose({ policy: JSON.parse(JSON.stringify({ Version: '2012-10-17', Statement: statement })) });
    const { code, out, err } = await office.as('lead', `approve ${lease}`, { types: ['yes'] });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('cannot be shown whole');
    expect(told().at(-1)).toBe('proposed');
  });

  it('where the lease is in another environment than the manifest', async () => {
    propose({ environment: 'prod' });
    expect(await office.as('lead', `approve ${lease}`, { types: ['yes'] })).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('is a lease in hermes prod, and the manifest is of hermes-dev'),
    });
  });

  it('shows tags and a source identity that say something else than the rest', async () => {
    const { tags } = grantOf().grant;
    propose({ tags: { ...tags, 'param.release': '9.9.9', team: 'x' }, sourceIdentity: 'root' });
    const { out } = await office.as('lead', `approve ${lease}`);
    expect(out).toMatch(/Tagged +param\.release = 9\.9\.9\n +team = x\n +source identity = root\n/);
  });
});

describe('--yes', () => {
  const hash = () => grantHash(grantOf().grant);

  it('approves without a terminal the grant whose hash somebody saw', async () => {
    const { code, out } = await office.as('lead', `approve ${lease} --yes ${hash().slice(0, 8).toUpperCase()}`, {
      columns: 0,
    });
    expect(code).toBe(0);
    expect(out).toContain(`SHA-256 ${hash()}`);
    expect(told().at(-1)).toBe('approved');
  });

  it('sends nothing when it is another one', async () => {
    const { code, err } = await office.as('lead', `approve ${lease} --yes 0123abcd`, { columns: 0 });
    expect([code, told().at(-1)]).toEqual([1, 'proposed']);
    expect(err).toMatch(/is not the one that you saw.* \[another-grant\]/);
  });

  it.each(['yes', '1234567', '1234567g'])('takes %s for a mistake, before anybody signs in', async (text) => {
    expect(await office.as('lead', `approve ${lease} --yes ${text}`)).toMatchObject({
      code: 2,
      err: expect.stringContaining('at least 8 hexadecimal digits'),
    });
    expect(office.asked()).toBe(0);
  });

  it('is needed where there is no terminal: a yes from a pipe was typed before anything was shown', async () => {
    expect(await office.as('lead', `approve ${lease}`, { types: ['yes'], columns: 0 })).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('--yes with the beginning of the hash that you saw'),
    });
    expect(office.asked()).toBe(0);
  });
});

describe('what is waited for on this machine', () => {
  it('is another thing than a lease of the broker: --deny and --approver do not go there', async () => {
    expect(await office.as('lead', `approve ${lease} --deny`)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`leasehold deny ${lease} --because`),
    });
    expect(await office.as('lead', `approve ${lease} --approver oncall`)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`no request "${lease}" waits here`),
    });
    expect(office.asked()).toBe(0);
  });
});

it('shows what an agent and a reviewer wrote without obeying it, and cuts nothing', async () => {
  await office.stop();
  const reason = `Deploy ${'x'.repeat(900)} \u202e now`;
  const sentence = 'Fine.\u001b[2J\nGrant        SHA-256 0000';
  const reviewer = {
    model: 'double:1',
    review: async () => ({
      decision: 'allow',
      role: 's3-deploy',
      actions: ['s3:PutObject'],
      parameters: { release: '1.4.2' },
      minutes: 1,
      risk: 'high',
      sentence,
    }),
  };
  const roles = [aReleaseRole({ gates: ['broker'], broker: rules({ humans: 1, reviewer: 'advise' }) })];
  office = await anOffice(aBank({ roles }), { reviewer });
  lease = await aWaitingLease(office, { reason });
  const { out } = await office.as('lead', `approve ${lease}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  expect(out).toContain('\\u{202e}');
  expect(out).toMatch(/double:1 says allow, high risk\n/);
  expect(out).toMatch(/in the reviewer's words:\n {2}┃ Fine\.\\x1b\[2J\\nGrant␣+SHA-256 0000\n/);
  expect(out).not.toMatch(/^ *Grant +SHA-256 0000/m);
  expect(out.replaceAll('\\x1b', '').match(/x/g)).toHaveLength(900);
  // What the reviewer left out is not shown as if it were granted.
  expect(out).not.toContain('s3:GetObject');
});
