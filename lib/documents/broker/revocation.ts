/**
 * Taking leases back, by tags on their role. A role's tags are principal tags of its sessions, and what reads them here
 * are denies alone: whoever may set these tags, and no others, can take away and never give.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import type { Role } from '@leasehold/definitions';
import type { ConditionBlock, Statement } from '@leasehold/policy';
import { LEASE_ID_TAG } from '../session';
import { isBrokered, REVOKED_SLOTS, revokedTag, SHUT_TAG } from './names';

/** No lease has this id; it stands for a slot that is empty, since a variable without a value would refuse to compare. */
const NO_LEASE = '-';

/** The denies of a brokered role's own policy: of the leases that its tags name, and of all while it is shut. */
export function revocationDenies(role: Role): readonly Statement[] {
  if (!isBrokered(role)) return [];
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
      Condition: { Null: { [`aws:PrincipalTag/${SHUT_TAG}`]: 'false' } },
    },
  ];
}

/** What the trust of a brokered role demands besides: that the role is not shut. */
export const NOT_SHUT: ConditionBlock = { Null: { [`iam:ResourceTag/${SHUT_TAG}`]: 'true' } };
