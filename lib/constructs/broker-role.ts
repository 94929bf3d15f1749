import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { Environment } from '@leasehold/definitions';
import {
  BROKER_PATH,
  boundaryName,
  brokerBoundary,
  brokerPermissions,
  brokerRoleArn,
  brokerRoleName,
  brokerTrust,
  policyArn,
} from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { exclusiveRole } from './exclusive-role';
import { managedPolicies, managedPolicy } from './managed-policy';

export interface BrokerRoleProps {
  readonly environment: Environment;
}

/**
 * The broker's execution role, which can assume exactly the broker-gated roles. The trust policies of the broker-gated
 * roles name the execution role, so it is created if the environment has broker-gated roles, even if no broker is
 * deployed.
 */
export class BrokerRole extends Construct {
  /** ARN, known at synth. */
  readonly arn: string;
  readonly role: IamRole;
  /** The resources that another resource must depend on, so that it is created after the role and all its policies. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { environment }: BrokerRoleProps) {
    super(scope, id);
    const name = brokerRoleName(environment);
    this.arn = brokerRoleArn(environment);
    const boundary = managedPolicy(this, {
      id: 'boundary',
      name: boundaryName(name),
      document: brokerBoundary(environment),
      description: 'Boundary of the broker: it can open the broker-gated roles, whatever else is attached to it.',
      environment,
    });
    const { role, policies } = exclusiveRole(this, {
      name,
      path: BROKER_PATH,
      description: 'Execution role of the broker: it can open the broker-gated roles.',
      trust: brokerTrust(),
      boundaryArn: policyArn(boundaryName(name), environment),
      attached: managedPolicies(this, {
        name: `${name}-ask`,
        documents: brokerPermissions(environment),
        description: 'Lets the broker open the broker-gated roles.',
        environment,
      }),
      dependsOn: [boundary],
    });
    this.role = role;
    this.policies = policies;
  }
}
