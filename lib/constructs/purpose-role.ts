import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { Environment, Role } from '@leasehold/definitions';
import { roleArn, roleName, rolePath, rolePolicy, trust } from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { exclusiveRole } from './exclusive-role';
import type { RoleBoundary } from './role-boundary';

export interface PurposeRoleProps {
  readonly role: Role;
  readonly environment: Environment;
  readonly boundary: RoleBoundary;
  /** The identities that the trust names. IAM refuses a trust whose principal does not exist yet. */
  readonly principals: readonly ITerraformDependable[];
}

/**
 * A purpose-scoped role: one kind of task. Its trust demands a lease (gate, id, reason, parameters), its one inline
 * policy is literal, and nothing else may be attached to it.
 */
export class PurposeRole extends Construct {
  /** ARN, known at synth. */
  readonly arn: string;
  readonly role: IamRole;

  constructor(scope: Construct, id: string, { role, environment, boundary, principals }: PurposeRoleProps) {
    super(scope, id);
    this.arn = roleArn(role, environment);
    this.role = exclusiveRole(this, {
      name: roleName(role, environment),
      path: rolePath(environment),
      description: description(role.purpose),
      trust: trust(role, environment),
      boundaryArn: boundary.arn,
      inline: { [role.name]: rolePolicy(role) },
      dependsOn: [boundary.policy, ...principals],
    }).role;
  }
}

/**
 * A purpose as IAM takes it for a description: 1,000 characters of Latin-1 and no line breaks.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
function description(purpose: string): string {
  return purpose
    .replace(/\s+/g, ' ')
    .replace(/[^\u0020-\u007E\u00A1-\u00FF]/g, '?')
    .slice(0, 1000);
}
