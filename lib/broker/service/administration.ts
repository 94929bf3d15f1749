/** Appends to the records of what administrators do, and reads them. */
import type { AdministrationRecord } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import {
  type AdministrationBody,
  type AdministrationEvent,
  type AdministrationState,
  appendAdministration,
  foldAdministration,
  nextAdministration,
  principalOf,
} from '../consent/administration';
import { KeyFault } from '../consent/key-fault';
import { environmentKey } from '../consent/statement';
import { LeaseFault, Unauthentic } from '../lease/fault';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/** The record as it is now. @throws {BrokerFault} `broken-record` */
export async function readAdministration(deps: Deps, record: string): Promise<AdministrationState> {
  try {
    return foldAdministration(record, environmentKey(deps.environment), await deps.administration.read(record));
  } catch (error) {
    if (!(error instanceof KeyFault || error instanceof LeaseFault)) throw error;
    throw broken(record, error);
  }
}

/**
 * Appends one event to a record.
 * @returns `conflict` if another writer was first
 * @throws {BrokerFault} for an event that cannot be appended, for example because its signature is for another
 * statement
 */
export async function appendTo(
  deps: Deps,
  state: AdministrationState,
  body: AdministrationBody,
): Promise<'appended' | 'conflict'> {
  const event = nextAdministration(state, deps.clock(), body);
  try {
    appendAdministration(state, event);
  } catch (error) {
    throw error instanceof KeyFault ? new BrokerFault(error.problem, error.message) : error;
  }
  return deps.administration.append(event);
}

/**
 * Maximum number of events in one response. Each can contain two policies, and the response of a function is limited to
 * 6 MB.
 */
const MOST_EVENTS = 100;

/** One page of a record, even if the record fails verification. @throws {BrokerFault} `broken-record` */
export async function pageOf(deps: Deps, record: string, after = 0): Promise<AdministrationRecord> {
  const { events, unauthentic } = await readAnyway(deps, record);
  const later = events.filter(({ sequence }) => sequence > after);
  const page = later.slice(0, MOST_EVENTS);
  const next = later.length > page.length ? page.at(-1)?.sequence : undefined;
  return { record, events: page as AdministrationRecord['events'], ...defined({ unauthentic, next }) };
}

async function readAnyway(
  deps: Deps,
  record: string,
): Promise<{ readonly events: readonly AdministrationEvent[]; readonly unauthentic?: number[] }> {
  try {
    return { events: await deps.administration.read(record) };
  } catch (error) {
    if (error instanceof Unauthentic) {
      const events = error.events as readonly unknown[] as readonly AdministrationEvent[];
      return { events, unauthentic: [...error.sequences] };
    }
    if (!(error instanceof LeaseFault)) throw error;
    throw broken(record, error);
  }
}

function broken(record: string, cause: unknown): BrokerFault {
  const principal = principalOf(record);
  const audit = principal === undefined ? '--revocations' : `--principal ${principal}`;
  const hint = `Tell the owner of the broker: \`leasehold audit ${audit}\` shows where the record breaks.`;
  return new BrokerFault('broken-record', `The record \`${record}\` is broken.`, { hint }, { cause });
}
