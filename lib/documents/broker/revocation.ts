/**
 * Revokes leases by tags on their role. A role's tags are principal tags of its sessions, and only deny statements
 * refer to these tags. A principal that may set only these tags can therefore remove permissions but never add any.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import type { Role } from '@leasehold/definitions';
import type { Statement } from '@leasehold/policy';
import { LEASE_ID_TAG } from '../session';
import { isBrokered, NO_LEASE, REVOKED_SLOTS, revokedTag, SHUT_TAG } from './names';

/**
 * The deny statements in a broker-gated role's own policy: one for the leases whose ids are in the role's tags, and one
 * for all leases while the role is blocked.
 */
export function revocationDenies(role: Role): readonly Statement[] {
  if (!isBrokered(role)) return [];
  // Each variable has a default value for an empty slot, because IAM does not compare a variable without a value.
  const revoked = Array.from(
    { length: REVOKED_SLOTS },
    (_, slot) => `\${aws:PrincipalTag/${revokedTag(slot + 1)}, '${NO_LEASE}'}`,
  );
  return [
    {
      Sid: 'Revoked',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { [`aws:PrincipalTag/${LEASE_ID_TAG}`]: revoked } },
    },
    {
      Sid: 'Shut',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      // `Null` treats an empty value as missing, but a tag with an empty value must block the role too.
      Condition: { StringLike: { [`aws:PrincipalTag/${SHUT_TAG}`]: '*' } },
    },
  ];
}

/**
 * For `StringNotLike` in the trust policy of a brokered role: the role does not have the tag that blocks it, not even
 * with an empty value.
 */
export const NOT_SHUT: Readonly<Record<string, string>> = { [`iam:ResourceTag/${SHUT_TAG}`]: '*' };
