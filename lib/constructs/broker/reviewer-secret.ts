import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import type { Environment } from '@leasehold/definitions';
import { reviewerSecretName } from '@leasehold/documents';
import { Construct } from 'constructs';

export interface ReviewerSecretProps {
  readonly environment: Environment;
}

/** The place of the reviewer's key. Its value is put there out of band, so that it never lies in Terraform's state. */
export class ReviewerSecret extends Construct {
  constructor(scope: Construct, id: string, { environment }: ReviewerSecretProps) {
    super(scope, id);
    new SecretsmanagerSecret(this, 'secret', {
      name: reviewerSecretName(environment),
      description: 'Leasehold: key of the interface of the reviewer',
      recoveryWindowInDays: 7,
    });
  }
}
