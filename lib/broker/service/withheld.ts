/**
 * Records that the broker withheld the credentials of an approved lease. The stream of the events table then publishes
 * it on the event bus.
 */
import type { EventBody } from '../lease/event';
import { MOST_WITHHELD, stateAt } from '../lease/fold';
import { actorsOf } from '../lease/table';
import type { Deps } from './deps';
import type { Refusal } from './entitled';
import { BrokerFault } from './fault';
import { change, readLease } from './log';

/**
 * Records why the credentials are withheld. If it cannot be recorded, the credentials are withheld anyway. The
 * same reason is recorded once, until something else happens to the lease.
 */
export async function recordWithheld(deps: Deps, id: string, { code, because }: Refusal): Promise<void> {
  const body: EventBody = { type: 'withheld', code, because };
  try {
    await change(deps, id, (lease, now) => {
      const { last } = lease;
      const isRecorded = last.body.type === 'withheld' && last.body.code === code && last.body.because === because;
      const isPossible = lease.withheld < MOST_WITHHELD && actorsOf(stateAt(lease, now), 'withheld').length > 0;
      return isPossible && !isRecorded ? [body] : [];
    });
  } catch (error) {
    deps.telemetry.error('withheld-unrecorded', error);
  }
}

/**
 * Records that a lease was withheld because its requester is no longer permitted to request leases. Records nothing
 * about a lease of somebody else.
 * @param keys Keys under which the caller, who is verified, may have requested the lease.
 */
export async function recordWithheldFromFormerRequester(
  deps: Deps,
  keys: readonly string[],
  id: string,
): Promise<void> {
  try {
    const { requester } = await readLease(deps, id);
    if (!keys.includes(requester.key)) return;
  } catch (error) {
    if (!(error instanceof BrokerFault)) deps.telemetry.error('withheld-unrecorded', error);
    return;
  }
  await recordWithheld(deps, id, {
    code: 'not-eligible',
    because: 'The requester is no longer permitted to request leases.',
  });
}
