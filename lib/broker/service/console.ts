/** Opens a lease as a URL that signs in to the AWS console. Only for people, never for agents. */
import type { FoldedLease } from '../lease/fold';
import type { Caller } from './caller';
import { collect } from './collect';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/** A URL that signs in to the console. The URL is a secret. */
export interface OpenedConsole {
  readonly lease: FoldedLease;
  readonly url: string;
  /** Time at which the URL expires, in seconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Collects a lease as a sign-in URL. @throws {BrokerFault} `forbidden` for an agent, and the faults of {@link collect}
 */
export async function openConsole(deps: Deps, caller: Caller, id: string): Promise<OpenedConsole> {
  if (caller.kind !== 'requester') throw new BrokerFault('forbidden', 'Only people can open a console.', { lease: id });
  const { lease, credentials } = await collect(deps, caller, id);
  return { lease, ...(await deps.issuer.console(credentials)) };
}
