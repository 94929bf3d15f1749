import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { Environment, Role } from '@leasehold/definitions';
import { managedArns, roleArn, roleName, rolePath, rolePolicy, trust } from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { exclusiveRole } from './exclusive-role';
import type { RevocationPolicy } from './revocation-policy';
import type { RoleBoundary } from './role-boundary';

export interface PurposeRoleProps {
  readonly role: Role;
  readonly environment: Environment;
  readonly boundary: RoleBoundary;
  /** The policy with which the broker revokes leases. Absent for a role without an exact boundary. @default none */
  readonly revocation?: RevocationPolicy;
  /**
   * The identities that are principals in the trust policy. IAM rejects a trust policy whose principal does not exist.
   */
  readonly principals: readonly ITerraformDependable[];
}

/**
 * A purpose-scoped role, for one kind of task. The trust policy requires a lease (gate, id, reason, parameters). The
 * role has one inline policy, which is a literal document. Apart from the policy that revokes leases and AWS-managed
 * policies, no policy may be attached.
 */
export class PurposeRole extends Construct {
  /** ARN, known at synth. */
  readonly arn: string;
  readonly role: IamRole;

  constructor(scope: Construct, id: string, props: PurposeRoleProps) {
    super(scope, id);
    const { role, environment, boundary, revocation, principals } = props;
    this.arn = roleArn(role, environment);
    this.role = exclusiveRole(this, {
      name: roleName(role, environment),
      path: rolePath(environment),
      description: description(role.purpose),
      trust: trust(role, environment),
      boundaryArn: boundary.arn,
      inline: { [role.name]: rolePolicy(role) },
      attached: [
        ...(revocation === undefined ? [] : [{ arn: revocation.arn, resource: revocation.policy }]),
        ...managedArns(role).map((arn) => ({ arn })),
      ],
      dependsOn: [boundary.policy, ...principals],
    }).role;
  }
}

/**
 * Converts a purpose into a role description that IAM accepts: at most 1,000 Latin-1 characters, no line breaks.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
function description(purpose: string): string {
  return purpose
    .replace(/\s+/g, ' ')
    .replace(/[^\u0020-\u007E\u00A1-\u00FF]/g, '?')
    .slice(0, 1000);
}
