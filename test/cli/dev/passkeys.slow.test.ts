/** Virtual passkeys: what tests and demos sign without a browser, at a broker that accepts only signed approvals. */
import { inspect } from 'node:util';
import { type BrokerClient, createBrokerClient } from '@leasehold/runtime/broker';
import { type Dev, issueFirstCode, SigningPerson } from 'leasehold/dev';
import { ISSUER } from '../../support/people-environment';
import { ASK, aDev, anEnvironmentWithAccounts, speakingAs } from './support';

let dev: Dev;
let lead: SigningPerson;
let lease: string;
const as = async (name: string, kind: 'approver' | 'administrator'): Promise<BrokerClient> =>
  createBrokerClient({ ...dev.broker, credentials: { ...(await dev.sandbox.signIn(name, kind)) } });

beforeAll(async () => {
  const environment = anEnvironmentWithAccounts(ISSUER, { approveWith: 'passkey' });
  const roles = environment.roles.map((role) => ({
    ...role,
    ...(role.broker && { broker: { ...role.broker, humans: 1 } }),
  }));
  dev = await aDev({ ...environment, roles });
  const root = await as('root', 'administrator');
  const administrator = await SigningPerson.register(root, await issueFirstCode(root, 'root'));
  lead = await SigningPerson.register(await as('lead', 'approver'), await administrator.issueCode('lead'));
  lease = (await speakingAs(dev, dev.agent()).request(ASK)).lease.id;
});

afterAll(() => dev?.stop());

it('an approval without a signature is refused', async () => {
  const client = await as('lead', 'approver');
  const { grant } = await client.status(lease);
  await expect(client.approve(lease, { hash: grant?.hash ?? '' })).rejects.toMatchObject({
    problem: { code: 'consent-required' },
  });
});

it('a signed approval is accepted, and opens the lease', async () => {
  expect((await lead.approve(lease)).state).toBe('approved');
  const { credentials } = await speakingAs(dev, dev.agent()).collect(lease);
  expect(credentials?.accessKeyId).toMatch(/^ASIA/);
});

it('a second code for the first administrator is refused without a signature', async () => {
  await expect(issueFirstCode(await as('root', 'administrator'), 'root')).rejects.toMatchObject({
    problem: { status: expect.any(Number) },
  });
});

it('printing a person shows no private key', () => {
  expect(inspect(lead, { depth: 5, showHidden: true })).not.toMatch(/PRIVATE|privateKey/);
  expect(JSON.stringify(lead)).toBe('{}');
});
