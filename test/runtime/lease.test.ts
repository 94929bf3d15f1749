/** A lease from the asking to its end, against a sandbox that enforces what is deployed. */
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Approval, type Lease, LeaseError, LeaseExpired, type PendingLease } from '@leasehold/runtime';
import { Desk, REQUEST } from './support/desk';

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const BUCKET = 'hermes-dev-deploy';

/** What becomes of one call to S3: `allowed`, or AWS's code. */
async function attempt({ credentials }: Pick<Lease, 'credentials'>, verb: 'get' | 'put', key: string): Promise<string> {
  const { url: endpoint, region } = desk.sandbox;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  const where = { Bucket: BUCKET, Key: key };
  const command = verb === 'get' ? new GetObjectCommand(where) : new PutObjectCommand({ ...where, Body: 'x' });
  try {
    await (verb === 'get' ? s3.send(command as GetObjectCommand) : s3.send(command as PutObjectCommand));
    return 'allowed';
  } catch (error) {
    return error instanceof LeaseError ? error.code : (error as Error).name;
  }
}

describe('a lease', () => {
  it('opens one role for one reason, and nothing outside', async () => {
    const lease = await desk.client().lease('s3-deploy', REQUEST);
    expect(await attempt(lease, 'put', '1.4.2/app.js')).toBe('allowed');
    expect(await attempt(lease, 'put', '1.4.3/app.js')).toBe('AccessDenied');
    expect(await attempt(lease, 'put', '1.4.20/app.js')).toBe('AccessDenied');
  });

  it('says what it permits', async () => {
    const lease = await desk.client().lease('s3-deploy', REQUEST);
    expect(lease.id).toMatch(/^lh-[0-9a-hjkmnp-tv-z]{26}$/);
    expect(lease.role).toBe('s3-deploy');
    expect(lease.expiresAt.getTime() - desk.sandbox.clock.now()).toBeGreaterThan(890_000);
    expect(lease.grant).toMatchObject({
      role: 's3-deploy',
      reason: REQUEST.reason,
      parameters: { release: '1.4.2' },
      durationSeconds: 900,
      permissions: [
        { actions: ['s3:GetObject', 's3:PutObject'], resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/*'] },
        { actions: ['s3:ListBucket'], conditions: { StringLike: { 's3:prefix': ['1.4.2/*'] } } },
      ],
    });
  });

  it('shows the approver what it then permits', async () => {
    const lease = await desk.client().lease('s3-deploy', REQUEST);
    expect(desk.asked).toHaveLength(1);
    expect(desk.asked[0]).toMatchObject({
      id: lease.id,
      permissions: lease.grant.permissions,
      agent: 'arn:aws:iam::123456789012:user/agents/hermes-dev-agent',
      approvers: ['lead', 'oncall'],
      durationSeconds: 900,
    });
  });

  it('reports its id and deadline while the approver has not answered, to every caller that waits for it', async () => {
    const heard: PendingLease[] = [];
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked: () => void = () => {};
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const client = desk.client({
      approval: async (request, context) => {
        asked();
        await released;
        return desk.yes(request, context);
      },
    });
    const onPending = (pending: PendingLease) => heard.push(pending);
    const first = client.lease('s3-deploy', { ...REQUEST, onPending });
    await waiting;
    const second = client.lease('s3-deploy', { ...REQUEST, onPending });
    expect(heard).toHaveLength(2);
    release();
    const { id } = await first;
    expect((await second).id).toBe(id);
    expect(desk.asked).toHaveLength(1);
    const { answerBy } = desk.asked[0] ?? {};
    for (const pending of heard) expect(pending).toEqual({ id, gate: 'mfa', answerBy, approvers: ['lead', 'oncall'] });
  });

  it('is recorded with its id, reason, parameters, agent and approver', async () => {
    const reason = 'Upload release 1.4.2 (ticket #118), please';
    const { id } = await desk.client().lease('s3-deploy', { ...REQUEST, reason });
    expect(desk.sandbox.log.events.at(-1)).toMatchObject({
      eventName: 'AssumeRole',
      requestParameters: {
        roleSessionName: id,
        sourceIdentity: 'hermes-dev-agent',
        serialNumber: 'arn:aws:iam::123456789012:mfa/hermes-dev-agent-lead',
        tags: [
          { key: 'lease-id', value: id },
          { key: 'reason', value: 'Upload release 1.4.2 _ticket _118__ please' },
          { key: 'param.release', value: '1.4.2' },
        ],
      },
    });
  });

  it('is over after its minutes: here, and at AWS', async () => {
    const lease = await desk.client().lease('s3-deploy', REQUEST);
    const kept = await lease.credentials();
    desk.sandbox.clock.advance(901);
    await expect(lease.credentials()).rejects.toBeInstanceOf(LeaseExpired);
    await expect(lease.credentials()).rejects.toMatchObject({ code: 'expired', retryable: false, leaseId: lease.id });
    expect(await attempt(lease, 'put', '1.4.2/app.js')).toBe('expired');
    expect(await attempt({ credentials: async () => kept }, 'put', '1.4.2/app.js')).toBe('ExpiredToken');
    await expect(lease.attenuate({})).rejects.toMatchObject({ code: 'expired' });
  });

  it('lasts as long as asked, within what the role allows', async () => {
    const lease = await desk.client().lease('s3-deploy', { ...REQUEST, duration: 1800 });
    desk.sandbox.clock.advance(1790);
    expect(await attempt(lease, 'put', '1.4.2/app.js')).toBe('allowed');
  });

  it('never asks for another by itself', async () => {
    const lease = await desk.client().lease('s3-deploy', REQUEST);
    desk.sandbox.clock.advance(901);
    await Promise.allSettled([lease.credentials(), lease.credentials()]);
    expect(desk.asked).toHaveLength(1);
  });

  it('cannot be changed by whoever holds it', async () => {
    const lease = await desk.client().lease('s3-deploy', REQUEST);
    const end = lease.expiresAt.getTime();
    lease.expiresAt.setTime(0);
    expect(lease.expiresAt.getTime()).toBe(end);
    expect(() => Object.assign(lease, { role: 'other' })).toThrow(TypeError);
    expect(() => Object.assign(lease.grant.parameters, { release: '2' })).toThrow(TypeError);
  });
});

describe('a lease that is asked narrower than its role', () => {
  const narrow = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/docs/*'] };

  it('permits only that, as the approver is shown', async () => {
    const lease = await desk.client().lease('s3-deploy', { ...REQUEST, narrow });
    expect(desk.asked[0]?.permissions).toEqual([{ effect: 'Allow', ...narrow, conditions: {} }]);
    expect(await attempt(lease, 'get', '1.4.2/docs/a')).toBe('allowed');
    expect(await attempt(lease, 'put', '1.4.2/docs/a')).toBe('AccessDenied');
    expect(await attempt(lease, 'get', '1.4.2/app.js')).toBe('AccessDenied');
  });

  it('can be attenuated further', async () => {
    const lease = await desk.client().lease('s3-deploy', { ...REQUEST, narrow });
    const less = await lease.attenuate({ resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/docs/a'] });
    expect(await attempt(less, 'get', '1.4.2/docs/a')).toBe('allowed');
    expect(await attempt(less, 'get', '1.4.2/docs/b')).toBe('AccessDenied');
  });
});

describe('an attenuated lease', () => {
  it('loses the rest', async () => {
    const lease = await desk.client().lease('s3-deploy', REQUEST);
    const reader = await lease.attenuate({ actions: ['s3:GetObject'] });
    expect(await attempt(reader, 'get', '1.4.2/app.js')).toBe('allowed');
    expect(await attempt(reader, 'put', '1.4.2/app.js')).toBe('AccessDenied');
    expect(await attempt(lease, 'put', '1.4.2/app.js')).toBe('allowed');
    expect(reader.grant.permissions).toEqual([
      {
        effect: 'Allow',
        actions: ['s3:GetObject'],
        resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/*'],
        conditions: {},
      },
    ]);
  });

  it('asks no human, keeps the id and is recorded', async () => {
    const lease = await desk.client().lease('s3-deploy', REQUEST);
    const less = await lease.attenuate({ actions: ['s3:GetObject'], duration: 60 });
    expect(desk.asked).toHaveLength(1);
    expect(less.id).toBe(lease.id);
    expect(desk.sandbox.log.events.at(-1)).toMatchObject({ eventName: 'GetScopedCredentials', verdict: 'allowed' });
  });

  it.each([
    [1, 1],
    [60, 60],
    [86_400, 900],
  ])('asked for %d seconds lasts %d', async (duration, seconds) => {
    const lease = await desk.client().lease('s3-deploy', REQUEST);
    const less = await lease.attenuate({ duration });
    const left = (less.expiresAt.getTime() - desk.sandbox.clock.now()) / 1000;
    expect(Math.abs(left - seconds)).toBeLessThan(2);
    desk.sandbox.clock.advance(seconds + 1);
    await expect(less.credentials()).rejects.toBeInstanceOf(LeaseExpired);
  });

  it('cannot win back what was taken away', async () => {
    const lease = await desk.client().lease('s3-deploy', REQUEST);
    const reader = await lease.attenuate({ actions: ['s3:GetObject'] });
    await expect(reader.attenuate({ actions: ['s3:PutObject'] })).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('can lose permissions three times in a row, and time after that', async () => {
    let lease = await desk.client().lease('s3-deploy', REQUEST);
    const resources = (key: string) => [`arn:aws:s3:::hermes-dev-deploy/1.4.2/${key}`];
    for (const key of ['a*', 'ab*', 'abc*']) lease = await lease.attenuate({ resources: resources(key) });
    await expect(lease.attenuate({ resources: resources('abcd*') })).rejects.toMatchObject({
      code: 'denied',
      hint: expect.stringContaining('three times'),
    });
    const shorter = await lease.attenuate({ duration: 60 });
    expect(await attempt(shorter, 'get', '1.4.2/abcd')).toBe('allowed');
  });

  it.each([
    ['an action that the role has not', { actions: ['s3:DeleteObject'] }],
    ['an action with a wildcard', { actions: ['s3:*'] }],
    [
      'a resource that the role has not',
      { actions: ['s3:PutObject'], resources: ['arn:aws:s3:::hermes-dev-deploy/*'] },
    ],
    ['a resource with a variable', { resources: ['arn:aws:s3:::hermes-dev-deploy/${aws:username}'] }],
    ['no actions', { actions: [] }],
    ['half a second', { duration: 0.5 }],
    ['no time', { duration: 0 }],
    ['endless time', { duration: Number.POSITIVE_INFINITY }],
  ])('is refused here for %s', async (_, to) => {
    const lease = await desk.client().lease('s3-deploy', REQUEST);
    const calls = desk.sandbox.log.events.length;
    await expect(lease.attenuate(to)).rejects.toMatchObject({ code: 'invalid-request' });
    expect(desk.sandbox.log.events).toHaveLength(calls);
  });
});

describe('AWS refuses', () => {
  it('a code that another program used before, and the client does not send it again', async () => {
    const approval = async () => new Approval('lead', desk.device.code());
    await desk.client({ approval }).lease('s3-deploy', REQUEST);
    await expect(desk.client({ approval }).lease('s3-deploy', REQUEST)).rejects.toMatchObject({
      code: 'denied',
      retryable: false,
      hint: 'Ask the approver to wait for the next code, because each code can open only one lease.',
    });
    expect(desk.sandbox.log.events.filter(({ eventName }) => eventName === 'AssumeRole')).toHaveLength(2);
  });

  it("a code of somebody else's device", async () => {
    const other = desk.sandbox.enrolMfaDevice('oncall');
    const approval = async () => new Approval('lead', other.code() === desk.device.code() ? '000000' : other.code());
    await expect(desk.client({ approval }).lease('s3-deploy', REQUEST)).rejects.toMatchObject({ code: 'denied' });
  });

  it('an approver whose device is not enrolled', async () => {
    const approval = async () => new Approval('oncall', desk.device.code());
    await expect(desk.client({ approval }).lease('s3-deploy', REQUEST)).rejects.toMatchObject({
      code: 'denied',
      hint: "Enrol the approver's MFA device on the agent's user: leasehold mfa enroll.",
    });
  });

  it('a key that is not the agent’s', async () => {
    const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wrong' };
    await expect(desk.client({ credentials }).lease('s3-deploy', REQUEST)).rejects.toMatchObject({
      code: 'denied',
      hint: "Use the agent's own long-term key.",
    });
  });
});

describe('withLease', () => {
  it('hands the lease to the work, and its result back', async () => {
    const found = await desk.client().withLease('s3-deploy', REQUEST, (lease) => attempt(lease, 'put', '1.4.2/a'));
    expect(found).toBe('allowed');
  });

  it.each([
    ['ends well', async () => 'done'],
    [
      'fails',
      async () => {
        throw new RangeError('the work failed');
      },
    ],
  ])('forgets the lease, and what was cut from it, when the work %s', async (_, end) => {
    const kept: Lease[] = [];
    const work = async (lease: Lease) => {
      kept.push(lease, await lease.attenuate({ duration: 60 }));
      return end();
    };
    await Promise.allSettled([desk.client().withLease('s3-deploy', REQUEST, work)]);
    expect(kept).toHaveLength(2);
    for (const lease of kept) await expect(lease.credentials()).rejects.toMatchObject({ code: 'expired' });
  });

  it('throws what the work throws', async () => {
    const work = () => Promise.reject(new RangeError('the work failed'));
    await expect(desk.client().withLease('s3-deploy', REQUEST, work)).rejects.toThrow(RangeError);
  });

  it('leaves the lease to others who asked for the same at once', async () => {
    const client = desk.client();
    const [lease] = await Promise.all([
      client.lease('s3-deploy', REQUEST),
      client.withLease('s3-deploy', REQUEST, async () => {}),
    ]);
    expect(desk.asked).toHaveLength(1);
    expect(await attempt(lease, 'put', '1.4.2/a')).toBe('allowed');
  });
});
