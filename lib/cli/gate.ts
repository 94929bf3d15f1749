/** Chooses the gate for new roles in a project. */
import type { Definitions } from '@leasehold/definitions';

/**
 * Returns `mfa` if every agent can present a code and at least one person has an MFA device. Workloads cannot present a
 * code. Without a project, returns `mfa`.
 */
export function gateFor(definitions: Definitions | undefined): 'mfa' | 'broker' {
  const people = (definitions?.environments ?? []).every(
    ({ agents, approvers }) => approvers.length > 0 && agents.every(({ identity }) => identity.type === 'iam-user'),
  );
  return people ? 'mfa' : 'broker';
}
