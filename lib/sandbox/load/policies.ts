/** Managed policies in an environment's IAM path, with the same names as in the environment's stack. */
import type { Environment } from '@leasehold/definitions';
import { policyArn, rolePath } from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import type { AccountBuilder } from './account-builder';

/** Adds one policy for each document, named `<name>-1`, `<name>-2`, …. Returns the ARNs of the policies. */
export function addPolicies(
  builder: AccountBuilder,
  name: string,
  documents: readonly PolicyDocument[],
  environment: Environment,
): readonly string[] {
  return documents.map((document, index) => addPolicy(builder, `${name}-${index + 1}`, document, environment));
}

/** Adds one policy. Returns its ARN. */
export function addPolicy(
  builder: AccountBuilder,
  name: string,
  document: PolicyDocument,
  environment: Environment,
): string {
  builder.policy({ name, path: rolePath(environment), document });
  return policyArn(name, environment);
}
