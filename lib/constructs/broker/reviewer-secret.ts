import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import type { Environment } from '@leasehold/definitions';
import { reviewerSecretName } from '@leasehold/documents';
import { Construct } from 'constructs';

export interface ReviewerSecretProps {
  readonly environment: Environment;
}

/**
 * The secret for the reviewer's API key. Set the value outside of Terraform, so that it is never in the Terraform
 * state.
 */
export class ReviewerSecret extends Construct {
  constructor(scope: Construct, id: string, { environment }: ReviewerSecretProps) {
    super(scope, id);
    new SecretsmanagerSecret(this, 'secret', {
      name: reviewerSecretName(environment),
      description: 'Leasehold: the API key of the reviewer',
      recoveryWindowInDays: 7,
    });
  }
}
