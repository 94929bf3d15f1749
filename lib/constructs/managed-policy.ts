import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import type { Environment } from '@leasehold/definitions';
import { policyArn, rolePath } from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import type { Construct } from 'constructs';
import { literalJson } from './literal';

/** Creates one managed policy for each document, named `<name>-1`, `<name>-2`, …. */
export function managedPolicies(
  scope: Construct,
  { name, documents, description, environment }: ManagedPoliciesProps,
): readonly { readonly arn: string; readonly resource: IamPolicy }[] {
  return documents.map((document, index) => {
    const numbered = `${name}-${index + 1}`;
    return {
      arn: policyArn(numbered, environment),
      resource: managedPolicy(scope, { id: `policy-${index + 1}`, name: numbered, document, description, environment }),
    };
  });
}

export interface ManagedPoliciesProps {
  readonly name: string;
  readonly documents: readonly PolicyDocument[];
  readonly description: string;
  readonly environment: Environment;
}

/** Creates a customer-managed policy in the environment's IAM path, with a literal document. */
export function managedPolicy(
  scope: Construct,
  { id, name, document, description, environment, isWrittenByBroker = false }: ManagedPolicyProps,
): IamPolicy {
  return new IamPolicy(scope, id, {
    name,
    path: rolePath(environment),
    description,
    policy: literalJson(document),
    ...(isWrittenByBroker ? { lifecycle: { ignoreChanges: ['policy'] } } : {}),
  });
}

export interface ManagedPolicyProps {
  readonly id: string;
  readonly name: string;
  readonly document: PolicyDocument;
  readonly description: string;
  readonly environment: Environment;
  /** True if the broker replaces the document. In this case, Terraform must not restore the document. @default false */
  readonly isWrittenByBroker?: boolean;
}
