/** Sends requests for leases, and repeats a request whose answer was lost. */
import type { LeaseView } from '@leasehold/contract';
import type { Broker } from '../api/client.ts';
import { BrokerRefusal } from '../api/errors.ts';
import type { RequestByRole } from './exec-command.ts';

/** A request that was sent, and that may have created a lease. */
interface Sent {
  readonly text: string;
  /** The broker creates at most one lease for an idempotency key. */
  readonly key: string;
  /** Ids of the person's leases before the request. */
  readonly before: ReadonlySet<string>;
}

/**
 * Sends requests, one after another. If a request is repeated and its lease was approved in the meantime, the broker
 * responds with credentials. A request is therefore repeated only if it has created no lease that can be collected.
 */
export class RequestSender {
  /** The last request, if its answer was lost. */
  #lost: Sent | undefined;

  /** @returns the id of the lease */
  async send(broker: Broker, body: RequestByRole): Promise<string> {
    const { leases } = await broker('leases', { as: 'requester' });
    const text = JSON.stringify(body);
    const lost = this.#lost?.text === text ? this.#lost : undefined;
    const opened = lost && leases.find((lease) => !lost.before.has(lease.id) && isLeaseOf(body, lease));
    if (opened !== undefined) {
      this.#lost = undefined;
      return opened.id;
    }
    const sent = lost ?? { text, key: crypto.randomUUID(), before: new Set(leases.map(({ id }) => id)) };
    this.#lost = sent;
    try {
      const { lease } = await broker('request', { as: 'requester', body, idempotencyKey: sent.key });
      this.#lost = undefined;
      return lease.id;
    } catch (error) {
      if (error instanceof BrokerRefusal && !error.problem.retryable) this.#lost = undefined;
      throw error;
    }
  }
}

/** Whether a lease is for this request. A lease without a grant is not decided yet, so it cannot be collected. */
function isLeaseOf({ role, reason, parameters = {} }: RequestByRole, { grant }: LeaseView): boolean {
  return (
    grant?.role === role &&
    grant.reason === reason &&
    Object.entries(parameters).every(([name, value]) => grant.parameters[name] === value)
  );
}
