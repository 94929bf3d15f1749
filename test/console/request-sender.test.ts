/** A request whose answer was lost is repeated only if that cannot be answered with credentials. */
import type { LeaseView } from '@leasehold/contract';
import type { Broker } from '../../console/app/api/client';
import { BrokerRefusal } from '../../console/app/api/errors';
import { RequestSender } from '../../console/app/request/request-sender';
import { PROBLEM_STATUS } from '../../lib/contract/problem';

const BODY = { role: 's3-deploy', reason: 'Upload release 1.4.2', parameters: { release: '1.4.2' } };

/** A broker that opens a lease for each new key, whether or not its answer arrives. */
class FakeBroker {
  leases: LeaseView[] = [];
  /** The keys of the requests, in order. */
  readonly keys: string[] = [];
  readonly #opened = new Set<string>();
  /** Thrown after the broker has done its work, as if the answer were lost; `before` it has done anything. */
  fails: { readonly when: 'before' | 'after'; readonly error: Error } | undefined;

  readonly call = (async (operation: string, { idempotencyKey = '' }: { readonly idempotencyKey?: string }) => {
    if (operation === 'leases') return { leases: this.leases, broken: [] };
    const isNew = !this.#opened.has(idempotencyKey);
    this.keys.push(idempotencyKey);
    if (this.fails?.when === 'before') throw this.fails.error;
    this.#opened.add(idempotencyKey);
    if (isNew) this.leases = [aLease(`lh-${this.leases.length + 1}`), ...this.leases];
    if (this.fails !== undefined) throw this.fails.error;
    return { lease: this.leases[0] };
  }) as unknown as Broker;
}

function aLease(
  id: string,
  grant: Partial<NonNullable<LeaseView['grant']>> = {},
  state: LeaseView['state'] = 'pending',
) {
  return { id, state, grant: { ...BODY, ...grant } } as LeaseView;
}

const LOST = { when: 'after', error: new TypeError('Failed to fetch') } as const;
let broker: FakeBroker;
let sender: RequestSender;

beforeEach(() => {
  broker = new FakeBroker();
  sender = new RequestSender();
});

const send = (body = BODY) => sender.send(broker.call, body);
async function lose(): Promise<void> {
  broker.fails = LOST;
  await expect(send()).rejects.toBe(LOST.error);
  broker.fails = undefined;
}

it.each(['pending', 'approved', 'issued'] as const)(
  'a lease that was opened and is %s is found, not requested',
  async (state) => {
    broker.leases = [aLease('lh-older')];
    await lose();
    broker.leases = broker.leases.map((lease) => (lease.id === 'lh-older' ? lease : { ...lease, state }));
    expect(await send()).toBe('lh-2');
    expect(broker.keys).toHaveLength(1);
  },
);

it.each([
  ['another role', { role: 's3-read' }],
  ['another reason', { reason: 'Upload release 1.4.3' }],
  ['other parameters', { parameters: { release: '1.4.3' } }],
])('a lease with %s is not taken for it, and the key stays the same', async (_, grant) => {
  await lose();
  broker.leases = [aLease('lh-1', grant)];
  await send();
  expect(new Set(broker.keys).size).toBe(1);
  expect(broker.keys).toHaveLength(2);
});

it('a request that did not reach the broker is sent again with the same key, also if there is an older lease of the same request', async () => {
  broker.leases = [aLease('lh-older')];
  broker.fails = { when: 'before', error: LOST.error };
  await expect(send()).rejects.toBe(LOST.error);
  broker.fails = undefined;
  expect(await send()).toBe('lh-2');
  expect(new Set(broker.keys).size).toBe(1);
});

it('the same request after an answer is a new one, never the repetition of one that may be approved', async () => {
  expect(await send()).toBe('lh-1');
  expect(await send()).toBe('lh-2');
  expect(new Set(broker.keys).size).toBe(2);
});

it('a request with other words is a new one', async () => {
  await lose();
  expect(await send({ ...BODY, reason: 'Upload release 1.4.2 again' })).toBe('lh-2');
  expect(new Set(broker.keys).size).toBe(2);
});

it.each([
  [true, 1],
  [false, 2],
])('after a refusal that is retryable: %s, the number of keys is %s', async (retryable, keys) => {
  const error = new BrokerRefusal({
    type: 'about:blank',
    title: 'Refused',
    status: PROBLEM_STATUS['wrong-state'],
    detail: 'It is refused.',
    code: 'wrong-state',
    hint: 'Wait.',
    retryable,
  });
  broker.fails = { when: 'before', error };
  await expect(send()).rejects.toBe(error);
  broker.fails = undefined;
  await send();
  expect(new Set(broker.keys).size).toBe(keys);
});
