import { hasExactBoundary, isBrokered, isForPeopleOnly } from '@leasehold/documents';
import { firstWritten } from '../finding-place';
import { pageOf, type RoleGuardrail } from '../guardrail';

/** Reports roles that cannot have the revocation policy. Their leases can be revoked only with tags. */
export const revocationPlace: RoleGuardrail = {
  id: 'revocation-place',
  title: 'Leases of a role that the broker opens can be revoked with the revocation policy',
  severity: 'error',
  page: pageOf('revocation-place'),
  over: 'role',
  *check({ role, environment }) {
    const { broker } = environment;
    if (broker === undefined || !isBrokered(role) || hasExactBoundary(role)) return;
    const isChosen = broker.revoke?.by === 'deny-policy';
    const isManaged = isForPeopleOnly(role);
    const because = isManaged
      ? 'This role has policies that AWS manages, which a boundary cannot repeat'
      : 'The allow statements of this role do not fit into a boundary';
    yield {
      message: `${because}, so its leases can be revoked only by tags of the role${isChosen ? ', and the broker says `by: deny-policy`' : ''}.`,
      expected: 'allow statements of named services, with at most about 5,500 characters as JSON',
      hint: isManaged
        ? 'Add a waiver that accepts revocation by tags for this role, or replace the policies with the actions that the task needs.'
        : 'Split the role, or shorten its resource names and lists.',
      severity: isChosen ? 'error' : 'warning',
      at: isManaged ? firstWritten(role.locate, ['managedPolicies'], ['name']) : role.locate(['allow']),
    };
  },
};
