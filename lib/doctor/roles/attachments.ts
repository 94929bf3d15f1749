/** Compares the policies and the boundary of a live identity with the deployed policies and boundary. */
import { isAwsManaged } from '@leasehold/policy/aws-managed';
import type { LiveIdentity } from '../live/authorization';
import type { Live } from '../live/live';
import type { Damage } from '../verification';
import type { DeployedRoleOrUser } from './deployed-identities';
import { damageBy, judge } from './judge';

/**
 * Returns at most one observation about the permissions, and one observation for each attached policy that is not
 * deployed.
 */
export async function attachmentDamage(
  deployed: DeployedRoleOrUser,
  live: LiveIdentity,
  account: Live,
): Promise<readonly Damage[]> {
  const undeployed = [
    ...[...live.inline.keys()].filter((name) => !deployed.inline.has(name)).map((name) => `the inline policy ${name}`),
    ...live.attached.filter((arn) => !deployed.attached.has(arn)).map((arn) => `the policy ${arn}`),
  ];
  // The verification `managed-text` compares the texts of AWS-managed policies with the pinned texts.
  const asPinned = (arn: string) => isAwsManaged(arn) && deployed.attached.has(arn) && live.attached.includes(arn);
  const attached = await Promise.all(
    live.attached
      .filter((arn) => !asPinned(arn))
      .map(async (arn) => {
        const text = await account.policyText(arn);
        // While leases are revoked, the broker's revocation policy denies more than the deployed text. This difference
        // is expected.
        return deployed.isRevocation(arn, text) ? JSON.stringify(deployed.attached.get(arn)) : text;
      }),
  );
  const texts = [...live.inline.values(), ...attached];
  const documents = [...deployed.attached].filter(([arn]) => !asPinned(arn)).map(([, document]) => document);
  const judgement = judge('identity', [...deployed.inline.values(), ...documents], texts);
  const subject = `The ${deployed.kind} has ${undeployed.join(' and ')}, which is not deployed. It`;
  const damage = damageBy(judgement, {
    place: deployed.arn,
    what: undeployed.length > 0 ? subject : `The ${deployed.kind}`,
    hint: 'Find out who changed the policies, then apply the stack again, which removes every additional policy.',
    wider: 'critical',
  });
  if (damage.length > 0 || undeployed.length === 0) return damage;
  return [
    {
      kind: 'damage',
      place: deployed.arn,
      severity: 'medium',
      message: `The ${deployed.kind} has ${undeployed.join(' and ')}, which is not deployed. It permits nothing more today.`,
      hint: 'Apply the stack again, which removes every additional policy.',
    },
  ];
}

/** Checks that the identity has a boundary, that it is the deployed policy, and that its text is unchanged. */
export async function boundaryDamage(
  deployed: DeployedRoleOrUser,
  live: LiveIdentity,
  account: Live,
): Promise<readonly Damage[]> {
  const { arn, document } = deployed.boundary;
  const hint = 'Find out who changed the boundary, then apply the stack again.';
  if (live.boundary === undefined) {
    return [
      {
        kind: 'damage',
        place: deployed.arn,
        severity: 'critical',
        message: `The ${deployed.kind} has no permissions boundary.`,
        hint,
      },
    ];
  }
  const judgement = judge('boundary', [document], [await account.policyText(live.boundary)]);
  const other = live.boundary === arn ? 'The boundary' : `The boundary is another policy, ${live.boundary}. It`;
  const damage = damageBy(judgement, { place: deployed.arn, what: other, hint, wider: 'critical' });
  if (damage.length > 0 || live.boundary === arn) return damage;
  return [
    {
      kind: 'damage',
      place: deployed.arn,
      severity: 'medium',
      message: `The boundary is not the deployed policy but ${live.boundary}, which has the same permissions today.`,
      hint,
    },
  ];
}
