/** Leases of gate `broker` for programs in any language: behind the credentials endpoint, and around a command. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askEndpoint, startCredentialsEndpoint } from '@leasehold/serve';
import { execWithLease } from '@leasehold/serve/exec';
import { holdLease, leaseKey, startHolder } from '@leasehold/serve/holder';
import { aHandover, LEASE_ID, REASON } from './examples';
import { FakeBroker, good, refusal } from './fake-broker';

let broker: FakeBroker;
let folder: string;
beforeEach(async () => {
  broker = await FakeBroker.open();
  // Credentials that have an end in the machine's own time, which is what these desks go by.
  broker.now = Date.now();
  folder = mkdtempSync(join(tmpdir(), 'leasehold-desks-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await broker.close();
});

const REQUEST = { reason: REASON, parameters: { release: '1.4.2' }, duration: 600 };
/** Of ten minutes from now. */
function handover() {
  const expiresAt = Math.floor(Date.now() / 1000) + 600;
  return aHandover({ expiresAt });
}
const granted = () => {
  const { lease, credentials } = handover();
  return good({ lease: { ...lease, grant: { ...lease.grant, seconds: 600 } }, credentials }, 201);
};

async function fetched(url: string, token: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, { headers: { authorization: token } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the credentials endpoint', () => {
  it('asks the broker once, and serves what it hands over', async () => {
    broker.answers(granted());
    const endpoint = await startCredentialsEndpoint({ client: broker.client() });
    try {
      const agent = endpoint.admit('agent');
      const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url = '', AWS_CONTAINER_AUTHORIZATION_TOKEN: token = '' } =
        agent.environment('s3-deploy');
      const asked = await askEndpoint({ role: 's3-deploy', url, token, ...REQUEST, gate: 'broker' });
      expect(asked).toMatchObject({ id: LEASE_ID, role: 's3-deploy' });
      expect(broker.calls[0]?.body).toEqual({
        role: 's3-deploy',
        parameters: { release: '1.4.2' },
        seconds: 600,
        reason: REASON,
      });
      for (let refresh = 0; refresh < 3; refresh++) {
        expect((await fetched(url, token)).body.Token).toBe(aHandover().credentials.sessionToken);
      }
      expect(broker.heard).toEqual(['request']);
    } finally {
      await endpoint.close();
    }
  });

  it('tells a denial with what could be had', async () => {
    const nearest = { role: 's3-deploy', actions: ['s3:GetObject'], parameters: {}, seconds: 900 };
    broker.answers(refusal('outside-envelope', { nearest }));
    const endpoint = await startCredentialsEndpoint({ client: broker.client() });
    try {
      const agent = endpoint.admit('agent');
      const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url = '', AWS_CONTAINER_AUTHORIZATION_TOKEN: token = '' } =
        agent.environment('s3-deploy');
      await expect(askEndpoint({ role: 's3-deploy', url, token, ...REQUEST })).rejects.toMatchObject({
        code: 'denied',
        hint: 'Do something else.',
      });
      expect(await fetched(url, token)).toMatchObject({
        status: 403,
        body: { code: 'denied', problem: 'outside-envelope', nearest },
      });
    } finally {
      await endpoint.close();
    }
  });
});

it('a command runs with the lease, and with nothing else', async () => {
  broker.answers(granted());
  const lease = await broker.client().lease('s3-deploy', REQUEST);
  const file = join(folder, 'env.json');
  const print = `require('node:fs').writeFileSync(process.argv[1], JSON.stringify(process.env))`;
  const env = { ...process.env, AWS_PROFILE: 'admin', LEASEHOLD_BROKER_URL: broker.url };
  expect(await execWithLease(lease, { command: process.execPath, args: ['-e', print, file], env })).toEqual({
    code: 0,
  });
  const seen = JSON.parse(readFileSync(file, 'utf8'));
  expect(seen.AWS_SESSION_TOKEN).toBe(aHandover().credentials.sessionToken);
  expect(seen).not.toHaveProperty('AWS_PROFILE');
  expect(seen).not.toHaveProperty('LEASEHOLD_BROKER_URL');
});

it('the holder keeps it for the programs that come after', async () => {
  broker.answers(granted());
  const holder = await startHolder({ folder });
  const key = leaseKey({ role: 's3-deploy', ...REQUEST });
  const open = () => broker.client().lease('s3-deploy', REQUEST);
  const options = { folder, start: () => {} };
  try {
    for (let program = 0; program < 2; program++) {
      const { credentials } = await holdLease(key, open, options);
      expect((await credentials()).sessionToken).toBe(aHandover().credentials.sessionToken);
    }
    expect(broker.heard).toEqual(['request']);
  } finally {
    holder?.stop();
    await holder?.ended;
  }
});
