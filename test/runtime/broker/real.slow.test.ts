/** The runtime at the very handler that is deployed, with people who answer, and with AWS as the sandbox has it. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { defined } from '@leasehold/contract/defined';
import { BrokerProblem, createLeaseClient, type Lease, LeaseError } from '@leasehold/runtime';
import type { Dev } from 'leasehold/dev';
import { ASK, aDev, speakingAs } from '../../cli/dev/support';
import { aBroker, aBrokeredEnvironment, BROKERED } from '../../sandbox/support/broker';
import { anAgent, IDENTITIES } from '../../support/environment';

let dev: Dev;
afterEach(() => dev.stop());

const REQUEST = { reason: ASK.reason, parameters: ASK.parameters } as const;
const RULES = {
  humans: 0,
  windowSeconds: 600,
  reviewer: 'off',
  eligible: { agents: ['agent', 'worker'], groups: [] },
} as const;
const TWO_HUMANS = { ...BROKERED, broker: { ...RULES, humans: 2 } };

function clientOf(agent = 'agent') {
  const credentials = plain(dev.agent(agent));
  return createLeaseClient({ manifest: dev.manifest, agent, credentials, endpoint: dev.sandbox.url });
}

/** What becomes of an upload: `allowed`, or AWS's code. */
async function upload({ credentials }: Pick<Lease, 'credentials'>, Key: string): Promise<string> {
  const { url: endpoint, region } = dev.sandbox;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  return s3.send(new PutObjectCommand({ Bucket: 'hermes-dev-deploy', Key, Body: 'x' })).then(
    () => 'allowed',
    (error) => (error instanceof LeaseError ? error.code : error.name),
  );
}

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

/** The lease that waits for its approvers, once there is one. */
async function waiting(approver: ReturnType<typeof speakingAs>) {
  for (;;) {
    const [found] = (await approver.leases({ open: true })).leases;
    if (found?.grant !== undefined) return { id: found.id, hash: found.grant.hash };
  }
}

it.each([
  ['an IAM user', 'agent'],
  ['a workload, by its role', 'worker'],
])('leases as %s, for exactly one thing', async (_, agent) => {
  const agents = [anAgent(), anAgent({ name: 'worker', identity: IDENTITIES.lambda })];
  dev = await aDev(aBrokeredEnvironment({ agents, roles: [{ ...BROKERED, broker: RULES }] }));
  const lease = await clientOf(agent).lease('s3-deploy', REQUEST);
  expect(lease.grant).toMatchObject({ role: 's3-deploy', ...REQUEST, durationSeconds: 900 });
  expect(await upload(lease, '1.4.2/app.js')).toBe('allowed');
  expect(await upload(lease, '1.4.3/app.js')).toBe('AccessDenied');
});

it('leases fewer actions than the role has, and AWS knows of no others', async () => {
  dev = await aDev();
  const lease = await clientOf().lease('s3-deploy', { ...REQUEST, narrow: { actions: ['s3:GetObject'] } });
  expect(lease.grant.permissions.map(({ actions }) => actions)).toEqual([['s3:GetObject']]);
  expect(await upload(lease, '1.4.2/app.js')).toBe('AccessDenied');
});

it.each([900, 60])('attenuates a lease of %d seconds, which gives nothing back', async (duration) => {
  dev = await aDev();
  const lease = await clientOf().lease('s3-deploy', { ...REQUEST, duration });
  const docs = 'arn:aws:s3:::hermes-dev-deploy/1.4.2/docs/*';
  const less = await lease.attenuate({ actions: ['s3:PutObject'], resources: [docs], duration: 30 });
  expect(less.id).toBe(lease.id);
  expect(await upload(less, '1.4.2/docs/a')).toBe('allowed');
  expect(await upload(less, '1.4.2/app.js')).toBe('AccessDenied');
  expect(await upload(lease, '1.4.2/app.js')).toBe('allowed');
  const again = await less.attenuate({ actions: ['s3:PutObject'] });
  expect(await upload(again, '1.4.2/app.js')).toBe('AccessDenied');
});

describe('while people have to answer', () => {
  beforeEach(async () => {
    dev = await aDev(aBrokeredEnvironment({ roles: [TWO_HUMANS] }));
  });

  it('waits for both of them, and has the lease', async () => {
    const asked = clientOf().lease('s3-deploy', REQUEST);
    const [lead, oncall] = await Promise.all(
      ['lead', 'oncall'].map(async (name) => speakingAs(dev, await dev.sandbox.signIn(name, 'approver'))),
    );
    if (lead === undefined || oncall === undefined) throw new Error('nobody approves');
    const { id, hash } = await waiting(lead);
    await lead.approve(id, { hash });
    await oncall.approve(id, { hash });
    const lease = await asked;
    expect(lease.id).toBe(id);
    expect(await upload(lease, '1.4.2/app.js')).toBe('allowed');
  });

  it('hears a no, and why', async () => {
    const asked = rejection(clientOf().lease('s3-deploy', REQUEST));
    const lead = speakingAs(dev, await dev.sandbox.signIn('lead', 'approver'));
    await lead.deny((await waiting(lead)).id, { because: 'Not on a Friday.' });
    const error = await asked;
    expect(error).toBeInstanceOf(BrokerProblem);
    expect(error).toMatchObject({
      code: 'denied',
      message: 'Not on a Friday.',
      retryable: false,
      problem: { code: 'approver-denied' },
    });
  });
});

it('hears what it could have, where it asks for what it cannot', async () => {
  const agents = [anAgent(), anAgent({ name: 'worker', identity: IDENTITIES.lambda })];
  const eligible = { agents: ['worker'], groups: [] };
  const docs = { ...BROKERED, name: 'docs-upload', broker: { ...RULES, eligible } };
  dev = await aDev(aBrokeredEnvironment({ agents, roles: [BROKERED, docs] }));
  const { manifest } = dev;
  const role = manifest.roles['s3-deploy'];
  if (role === undefined) throw new Error('there is no role');
  // A manifest that is older than what is deployed: by it `worker` may still ask.
  const older = { ...manifest, roles: { 's3-deploy': { ...role, broker: RULES } } };
  const client = createLeaseClient({ manifest: older, agent: 'worker', credentials: plain(dev.agent('worker')) });
  const error = await rejection(client.lease('s3-deploy', REQUEST));
  expect(error).toMatchObject({
    code: 'denied',
    problem: { code: 'not-eligible' },
    nearest: { role: 'docs-upload', actions: ['s3:GetObject', 's3:ListBucket', 's3:PutObject'], seconds: 900 },
  });
});

it('is told to wait when it has asked too often, and then asks nobody', async () => {
  const budget = { limit: 1, windowSeconds: 600 };
  dev = await aDev(aBrokeredEnvironment({ broker: aBroker({ budgets: { requests: budget, denials: budget } }) }));
  const client = clientOf();
  await client.lease('s3-deploy', REQUEST);
  expect(await rejection(client.lease('s3-deploy', REQUEST))).toMatchObject({
    code: 'denied',
    problem: { code: 'over-budget' },
    retryAfter: expect.any(Number),
  });
  const calls = dev.sandbox.log.events.length;
  expect(await rejection(client.lease('s3-deploy', REQUEST))).toMatchObject({ code: 'circuit-open' });
  expect(dev.sandbox.log.events).toHaveLength(calls);
});

it('passes the token of a user along, which a broker without issuers does not take', async () => {
  dev = await aDev();
  expect(await rejection(clientOf().lease('s3-deploy', { ...REQUEST, subjectToken: 'a.b.c' }))).toMatchObject({
    code: 'denied',
    problem: { code: 'subject-invalid' },
  });
});

function plain({ accessKeyId, secretAccessKey, sessionToken }: ReturnType<Dev['agent']>) {
  return { accessKeyId, secretAccessKey, ...defined({ sessionToken }) };
}
