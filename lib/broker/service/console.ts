/** Collects a lease and returns a sign-in URL for the AWS console. Only for people, never for agents. */
import type { FoldedLease } from '../lease/fold';
import { Refused, Unavailable } from '../port-errors';
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
  const { issuer } = deps;
  // The lease must stay usable, so this is checked before it is collected.
  if (issuer.console === undefined) {
    throw new BrokerFault('invalid-request', 'This broker has no AWS console to sign in to.', { lease: id, hint: USE });
  }
  const { lease, credentials } = await collect(deps, caller, id);
  try {
    return { lease, ...(await issuer.console(credentials)) };
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unavailable)) throw error;
    deps.telemetry.count('Failed');
    deps.telemetry.error('console', error);
    const because = 'AWS did not return a sign-in address for the console. The lease is already running.';
    throw new BrokerFault('unavailable', because, { lease: id, hint: `Try again within a minute. ${USE}` });
  }
}

const USE = 'To use the lease on the command line, run `leasehold exec` with `--lease`.';
