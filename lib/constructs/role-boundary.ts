import type { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import type { Environment } from '@leasehold/definitions';
import { policyArn, roleBoundary, roleBoundaryName } from '@leasehold/documents';
import { Construct } from 'constructs';
import { managedPolicy } from './managed-policy';

export interface RoleBoundaryProps {
  /** The environment whose purpose roles share the boundary. */
  readonly environment: Environment;
}

/** The boundary of all purpose roles: IAM, STS and Organizations stay out of reach even if somebody widens a role. */
export class RoleBoundary extends Construct {
  /** ARN, known at synth. */
  readonly arn: string;
  readonly policy: IamPolicy;

  constructor(scope: Construct, id: string, { environment }: RoleBoundaryProps) {
    super(scope, id);
    const name = roleBoundaryName(environment);
    this.arn = policyArn(name, environment);
    this.policy = managedPolicy(this, {
      id: 'policy',
      name,
      document: roleBoundary(),
      description: 'Boundary of every purpose role: keeps IAM, STS and Organizations out of reach.',
      environment,
    });
  }
}
