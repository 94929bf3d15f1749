/** Leases that the holder, a background process of the user, keeps for several commands. */
import type { LeaseClient } from '@leasehold/runtime';
import type { HeldLease } from '@leasehold/serve/holder';
import { type ClientFlags, leaseRequest, type RequesterClient, type RequestFlags, tellPending } from './leasing';
import type { Shell } from './shell';

/**
 * Returns the lease that the holder keeps for a request. If the holder has no such lease, requests a lease and passes
 * it to the holder.
 * @throws UsageError, LeaseError
 */
export function heldLease(
  { client, login }: RequesterClient,
  role: string,
  options: ClientFlags & RequestFlags,
  shell: Shell,
  signal: AbortSignal,
): Promise<HeldLease> {
  const { holdLease, leaseKey, privateFolder, startHolderProcess } =
    require('@leasehold/serve/holder') as typeof import('@leasehold/serve/holder');
  const request = leaseRequest(options, shell);
  const { stack, account } = client.manifest;
  const who = login ? { stack, account, issuer: login.issuer, sub: login.sub } : agentOf(client, options, shell);
  const pending = login && { onPending: tellPending(shell) };
  return holdLease(
    leaseKey({ agent: who, role, ...request }),
    () => client.lease(role, { ...request, ...pending, signal }),
    { folder: privateFolder(shell.host.env), start: startHolderProcess, signal },
  );
}

/** Identifies the requester and the request settings, so that two agents never share a lease. */
function agentOf({ manifest }: LeaseClient, options: ClientFlags, { host }: Shell): object {
  const { stack, account, agents } = manifest;
  const name = options.agent ?? (host.env.LEASEHOLD_AGENT || Object.keys(agents).join());
  return { stack, account, name, endpoint: host.env.AWS_ENDPOINT_URL_STS ?? host.env.AWS_ENDPOINT_URL };
}
