import type { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import type { Environment } from '@leasehold/definitions';
import { NO_DENIALS, revocationPolicy, revocationPolicyArn, revocationPolicyName } from '@leasehold/documents';
import { Construct } from 'constructs';
import { managedPolicy } from './managed-policy';

export interface RevocationPolicyProps {
  readonly environment: Environment;
}

/**
 * The policy that the broker writes to revoke leases. The first version of the policy does not deny anything. After
 * that, Terraform ignores changes to the policy document, so that an apply never undoes a revocation. Terraform still
 * manages the attachments.
 */
export class RevocationPolicy extends Construct {
  /** ARN, known at synth. */
  readonly arn: string;
  readonly policy: IamPolicy;

  constructor(scope: Construct, id: string, { environment }: RevocationPolicyProps) {
    super(scope, id);
    this.arn = revocationPolicyArn(environment);
    this.policy = managedPolicy(this, {
      id: 'policy',
      name: revocationPolicyName(environment),
      document: revocationPolicy(NO_DENIALS, environment),
      description: 'Written by the broker: denies everything to the leases that are revoked.',
      environment,
      isWrittenByBroker: true,
    });
  }
}
