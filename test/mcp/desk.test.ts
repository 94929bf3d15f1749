/** The leases of one session: who decides how they are requested, and what is left of them at the end. */
import { type Lease, LeaseCredentials, type LeaseRequest } from '@leasehold/runtime';
import type { SessionClient } from '@leasehold/runtime/internal';
import { LeaseDesk } from '../../lib/mcp/lease/desk';
import { REMOVED, SecretList } from '../../lib/mcp/secrets';
import { KEYS } from './support/issued';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtaW5hIn0.c2lnbmF0dXJl';
const REASON = 'Upload release 1.4.2 to the deploy bucket';

/** A client that issues every lease at once, and tells what was requested and which leases are over. */
function aClient() {
  const requested: object[] = [];
  const over: string[] = [];
  const during = async <T>(request: object, work: (lease: Lease) => Promise<T>): Promise<T> => {
    const id = `lh-${requested.push(request)}`;
    const expiresAt = new Date(Date.now() + 900_000);
    const grant = { role: 's3-deploy', reason: REASON, parameters: {}, permissions: [], durationSeconds: 900 };
    const credentials = async () => new LeaseCredentials({ ...KEYS, expiresAt: expiresAt.getTime() });
    const result = await work({
      id,
      role: 's3-deploy',
      expiresAt,
      grant,
      credentials,
      attenuate: () => Promise.reject(),
    });
    over.push(id);
    return result;
  };
  const client: SessionClient = {
    withLease: (role, request, work) => during({ role, ...request }, work),
    withLeaseFor: (intent, options, work) => during({ intent, ...options }, work),
  };
  return { client, requested, over };
}

function aDesk(chosen: Pick<LeaseRequest, 'gate' | 'subjectToken'> = {}) {
  const secrets = new SecretList();
  const given = aClient();
  return { ...given, secrets, desk: new LeaseDesk({ client: given.client, secrets, defaults: () => chosen }) };
}

it.each([
  ['mfa', 'broker', 'mfa'],
  ['broker', 'mfa', 'broker'],
  ['mfa', undefined, 'mfa'],
  [undefined, 'mfa', 'mfa'],
  [undefined, undefined, undefined],
] as const)('the operator chose %s and the model asks for %s: %s', async (operator, model, gate) => {
  const { desk, requested } = aDesk(operator === undefined ? {} : { gate: operator });
  await desk.request({ role: 's3-deploy', reason: REASON, ...(model === undefined ? {} : { gate: model }) }).settled;
  expect(requested).toEqual([expect.objectContaining({ role: 's3-deploy', reason: REASON })]);
  expect(requested[0]).toEqual(
    gate === undefined ? expect.not.objectContaining({ gate }) : expect.objectContaining({ gate }),
  );
});

describe.each([
  ['a role', { role: 's3-deploy', reason: REASON }],
  ['an intent', { intent: REASON }],
])('a lease that was requested by %s', (_, asked) => {
  it('is used until it is given back, and then discarded', async () => {
    const { desk, over } = aDesk();
    const held = desk.request(asked);
    await held.settled;
    expect(held.state).toBe('issued');
    expect(over).toEqual([]);
    desk.find('lh-1').end();
    await new Promise(setImmediate);
    expect(desk.find('lh-1').state).toBe('ended');
    expect(() => held.credentials()).toThrow(expect.objectContaining({ code: 'not-issued' }));
    expect(over).toEqual(['lh-1']);
  });

  it('ends with its session', async () => {
    const { desk, over } = aDesk();
    await desk.request(asked).settled;
    desk.close();
    await new Promise(setImmediate);
    expect(over).toEqual(['lh-1']);
  });

  it("shows neither its credentials nor the user's token, also for some time after its end", async () => {
    const { desk, secrets } = aDesk({ subjectToken: TOKEN });
    const held = desk.request(asked);
    await held.settled;
    held.end();
    await new Promise(setImmediate);
    for (const secret of [TOKEN, ...Object.values(KEYS)]) expect(secrets.scrub(`a ${secret}`)).toBe(`a ${REMOVED}`);
  });
});
