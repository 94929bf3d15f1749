import type { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import type { Environment, Role } from '@leasehold/definitions';
import { ownBoundaryName, policyArn, roleBoundary, roleBoundaryName } from '@leasehold/documents';
import { Construct } from 'constructs';
import { managedPolicy } from './managed-policy';

export interface RoleBoundaryProps {
  /** The environment whose purpose roles share the boundary. */
  readonly environment: Environment;
  /** The role that has a boundary of its own. @default the boundary that all others share */
  readonly role?: Role;
}

/**
 * The boundary of purpose roles: IAM, STS and Organizations stay out of reach even if somebody widens a role. One that
 * reads identities, or hands roles on, has a boundary of its own, which lets that and nothing else of them through.
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
      document: roleBoundary(role),
      description:
        role === undefined
          ? 'Boundary of every purpose role: keeps IAM, STS and Organizations out of reach.'
          : `Boundary of the role ${role.name}: its own services, and nothing more of IAM, STS and Organizations than it declares.`,
      environment,
    });
  }
}
