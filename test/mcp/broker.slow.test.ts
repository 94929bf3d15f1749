/**
 * Roles of gate broker through the MCP server: the very handler that is deployed, people who answer, AWS as the sandbox
 * has it.
 */
import type { McpOptions } from '@leasehold/mcp';
import { createLeaseClient } from '@leasehold/runtime';
import type { Dev } from 'leasehold/dev';
import { ASK, aDev, speakingAs } from '../cli/dev/support';
import { aBrokeredEnvironment, BROKERED } from '../sandbox/support/broker';
import { McpSession } from './support/session';

let dev: Dev;
let session: McpSession;
afterEach(async () => {
  await session.close();
  await dev.stop();
});

const RULES = {
  humans: 0,
  windowSeconds: 600,
  reviewer: 'off',
  eligible: { agents: ['agent'], groups: [] },
} as const;
const REQUEST = { role: 's3-deploy', reason: ASK.reason, parameters: ASK.parameters };

async function open(environment: Parameters<typeof aDev>[0], options: Partial<McpOptions> = {}): Promise<void> {
  dev = await aDev(environment);
  const { accessKeyId, secretAccessKey } = dev.agent('agent');
  const credentials = { accessKeyId, secretAccessKey };
  const { url } = dev.sandbox;
  const client = createLeaseClient({ manifest: dev.manifest, agent: 'agent', credentials, endpoint: url });
  session = await McpSession.open(client, { env: { AWS_ENDPOINT_URL: url }, ...options });
}

const put = (lease: unknown, Key: string) =>
  session.call('call_aws', {
    lease,
    service: 's3',
    operation: 'PutObject',
    input: { Bucket: 'hermes-dev-deploy', Key, Body: 'x' },
  });

it('a role that nobody has to approve is there with the first answer', async () => {
  await open(aBrokeredEnvironment({ roles: [{ ...BROKERED, broker: RULES }] }));
  const { data } = await session.call('request_lease', REQUEST);
  const { data: status } = await session.call('lease_status', { lease: data.lease });
  expect(status).toMatchObject({ state: 'issued', services: ['s3'] });
  expect(await put(data.lease, '1.4.2/app.js')).toMatchObject({ isError: false });
  expect(await put(data.lease, '1.4.3/app.js')).toMatchObject({ data: { code: 'access-denied' } });
});

it('people answer at the broker, and their denial is final', async () => {
  await open(aBrokeredEnvironment({ roles: [{ ...BROKERED, broker: { ...RULES, humans: 1 } }] }));
  const lead = speakingAs(dev, await dev.sandbox.signIn('lead', 'approver'));
  const { data } = await session.call('request_lease', REQUEST);
  expect(data).toMatchObject({ state: 'pending', gate: 'broker', approvers: expect.arrayContaining(['lead']) });
  const id = String(data.lease);
  const { grant } = (await lead.status(id)) as { grant?: { hash: string } };
  await lead.approve(id, { hash: grant?.hash ?? '' });
  expect((await session.call('lease_status', { lease: id })).data.state).toBe('issued');
  expect(await put(id, '1.4.2/app.js')).toMatchObject({ isError: false });

  const reason = 'Upload build 1.4.2 again, for ticket OPS-482';
  const { data: second } = await session.call('request_lease', { ...REQUEST, reason });
  await lead.deny(String(second.lease), { because: 'Not on a Friday.' });
  expect((await session.call('lease_status', { lease: second.lease })).data).toMatchObject({
    state: 'denied',
    problem: { code: 'denied', message: 'Not on a Friday.', retryable: false },
  });
});

it('what the broker does not grant is a problem', async () => {
  await open(aBrokeredEnvironment({ roles: [{ ...BROKERED, broker: RULES }] }));
  const asked = { ...REQUEST, narrow: { actions: ['s3:DeleteObject'] } };
  expect((await session.call('request_lease', asked)).data).toMatchObject({
    state: 'failed',
    problem: { code: 'invalid-request' },
  });
});
