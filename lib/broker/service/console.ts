/** Opens a lease and returns a sign-in URL for the AWS console. Only for people, never for agents. */
import type { FoldedLease } from '../lease/fold';
import type { Caller } from './caller';
import { collect } from './collect';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/** A console sign-in URL. The URL is a secret. */
export interface OpenedConsole {
  readonly lease: FoldedLease;
  readonly url: string;
  /** Time at which the URL expires, in seconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Collects a lease and returns a console sign-in URL for it.
 * @throws {BrokerFault} `forbidden` for an agent, and the faults of {@link collect}
 */
export async function openConsole(deps: Deps, caller: Caller, id: string): Promise<OpenedConsole> {
  if (caller.kind !== 'requester') throw new BrokerFault('forbidden', 'Only people can open a console.', { lease: id });
  const { lease, credentials } = await collect(deps, caller, id);
  return { lease, ...(await deps.issuer.console(credentials)) };
}
