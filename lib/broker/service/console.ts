/** A lease as a sign-in address of the AWS console: for people, never for agents. */
import type { Lease } from '../lease/fold';
import type { Caller } from './caller';
import { collect } from './collect';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/** A signed-in console. The address is a secret. */
export interface OpenedConsole {
  readonly lease: Lease;
  readonly url: string;
  /** When the address is of no use any more, in seconds since 1970. */
  readonly expiresAt: number;
}

/** Collects a lease as an address. @throws {BrokerFault} `forbidden` for an agent, and as {@link collect} does */
export async function openConsole(deps: Deps, caller: Caller, id: string): Promise<OpenedConsole> {
  if (caller.kind !== 'requester')
    throw new BrokerFault('forbidden', 'Only people are given a console.', { lease: id });
  const { lease, credentials } = await collect(deps, caller, id);
  return { lease, ...(await deps.issuer.console(credentials)) };
}
