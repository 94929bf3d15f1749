import type { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import type { Environment, Role } from '@leasehold/definitions';
import { isForPeopleOnly, ownBoundaryName, policyArn, roleBoundary, roleBoundaryName } from '@leasehold/documents';
import { Construct } from 'constructs';
import { managedPolicy } from './managed-policy';

export interface RoleBoundaryProps {
  /** The environment whose purpose roles share the boundary. */
  readonly environment: Environment;
  /** The role, if it has its own boundary. @default none; the boundary is the one that all other roles share */
  readonly role?: Role;
}

/**
 * The permissions boundary of purpose roles. The boundary denies actions of IAM, STS and Organizations, even if someone
 * widens the role's policies. A role that the broker opens, or that reads identities, passes roles or assumes
 * roles, has its own boundary, which permits of these services only what the role declares.
 */
export class RoleBoundary extends Construct {
  /** ARN, known at synth. */
  readonly arn: string;
  readonly policy: IamPolicy;

  constructor(scope: Construct, id: string, { environment, role }: RoleBoundaryProps) {
    super(scope, id);
    const name = role === undefined ? roleBoundaryName(environment) : ownBoundaryName(role, environment);
    this.arn = policyArn(name, environment);
    this.policy = managedPolicy(this, {
      id: 'policy',
      name,
      document: role === undefined ? roleBoundary() : roleBoundary(role, environment),
      description:
        role === undefined
          ? 'Boundary of every purpose role: denies IAM, STS and Organizations.'
          : `Boundary of the role ${role.name}: of IAM, STS and Organizations, it permits only what the role ${isForPeopleOnly(role) ? 'may read' : 'declares'}.`,
      environment,
    });
  }
}
