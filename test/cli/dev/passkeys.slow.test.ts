/** Virtual passkeys: what tests and demos sign without a browser, at a broker that accepts only signed approvals. */
import { inspect } from 'node:util';
import { type BrokerClient, createBrokerClient } from '@leasehold/runtime/broker';
import { type Dev, issueFirstTestCode, SigningPerson } from 'leasehold/dev';
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
  const administrator = await SigningPerson.register(root, await issueFirstTestCode(root, 'root'));
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
  await expect(issueFirstTestCode(await as('root', 'administrator'), 'root')).rejects.toMatchObject({
    problem: { status: expect.any(Number) },
  });
});

describe('at a broker whose console is not on this machine', () => {
  const deployed = { id: 'leases.example.com', origin: 'https://leases.example.com' };
  const nonce = async () => ({ ...(await (await as('root', 'administrator')).nonce()), relyingParty: deployed });
  // Every other call fails, so that a person who is not stopped by the nonce is stopped by another error.
  const client = { nonce } as unknown as BrokerClient;

  it.each<[string, () => Promise<unknown>]>([
    ['issues the first code', () => issueFirstTestCode(client, 'root')],
    ['registers a passkey', () => SigningPerson.register(client, 'a-code')],
    ['issues a code', () => lead.signedInAgain(client).issueCode('oncall')],
    ['approves a lease', () => lead.signedInAgain(client).approve(lease)],
  ])('nobody %s', async (_, act) => {
    await expect(act()).rejects.toMatchObject({
      name: 'SandboxError',
      message: expect.stringContaining('at leases.example.com'),
    });
  });
});

it('printing a person shows no private key', () => {
  expect(inspect(lead, { depth: 5, showHidden: true })).not.toMatch(/PRIVATE|privateKey/);
  expect(JSON.stringify(lead)).toBe('{}');
});
