/** What the page refuses to sign before a device asks. */
import type { Broker } from '../../console/app/api/client';
import { PageRefusal } from '../../console/app/api/errors';
import { type Decision, type Signer, signDecision } from '../../console/app/consent/sign';
import { leaseOf, proposed, REQUESTED } from '../broker/support';

const LEASE = leaseOf(REQUESTED, proposed(1));
const DENIED: Decision = { type: 'denied', by: { name: 'lead' }, code: 'approver-denied', because: 'Not today' };
const NONCE = {
  nonce: 'A'.repeat(43),
  ticket: `1.${'A'.repeat(43)}`,
  expiresAt: 300,
  relyingParty: { id: 'leases.example.com', origin: 'https://leases.example.com' },
  person: 'lead',
  environment: 'hermes/dev/123456789012',
};

beforeAll(() => {
  Object.assign(globalThis, { location: new URL('https://leases.example.com/dev/console/') });
});

/** Signs with a broker that sends this nonce. The person has no passkey, which is noticed last. */
async function signedWith(
  changes: Partial<typeof NONCE>,
  decision = DENIED,
): Promise<readonly [string, readonly string[]]> {
  const calls: string[] = [];
  const broker = (async (operation: string) => {
    calls.push(operation);
    return operation === 'nonce' ? { ...NONCE, ...changes } : { person: 'lead', events: [] };
  }) as unknown as Broker;
  const signer: Signer = { broker, as: 'approver', person: 'lead' };
  const error = await signDecision(signer, LEASE, decision).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PageRefusal);
  return [(error as PageRefusal).message, calls];
}

it('a nonce for this page is accepted', async () => {
  expect(await signedWith({})).toEqual(['You have no passkey at this console.', ['nonce', 'keys']]);
});

it.each<readonly [string, Partial<typeof NONCE>, string]>([
  ['another environment', { environment: 'hermes/prod/123456789012' }, 'this page shows hermes/dev/123456789012'],
  ['another person', { person: 'oncall' }, 'lead is signed in on this page'],
  [
    'another site',
    { relyingParty: { ...NONCE.relyingParty, origin: 'https://example.com' } },
    'bound to https://example.com',
  ],
  ['another host', { relyingParty: { ...NONCE.relyingParty, id: 'example.com' } }, 'Passkeys of this broker'],
])('a nonce for %s is refused', async (_, changes, words) => {
  const [message, calls] = await signedWith(changes);
  expect(message).toContain(words);
  expect(calls).toEqual(['nonce']);
});

it('nobody signs the decision of somebody else', async () => {
  expect(await signedWith({}, { ...DENIED, by: { name: 'oncall' } })).toEqual(['There is nothing to sign.', []]);
});
