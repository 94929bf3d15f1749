/** The gate for new roles of a project. */
import type { Definitions } from '@leasehold/definitions';

/**
 * `mfa` if every agent can present a code and at least one person has an MFA device; workloads cannot present one.
 * Without a project, `mfa`.
 */
export function gateFor(definitions: Definitions | undefined): 'mfa' | 'broker' {
  const people = (definitions?.environments ?? []).every(
    ({ agents, approvers }) => approvers.length > 0 && agents.every(({ identity }) => identity.type === 'iam-user'),
  );
  return people ? 'mfa' : 'broker';
}
