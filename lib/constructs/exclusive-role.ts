import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePoliciesExclusive } from '@cdktf/provider-aws/lib/iam-role-policies-exclusive';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { IamRolePolicyAttachmentsExclusive } from '@cdktf/provider-aws/lib/iam-role-policy-attachments-exclusive';
import type { PolicyDocument } from '@leasehold/policy';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { after } from './after';
import { literalJson } from './literal';

export interface ExclusiveRoleProps {
  readonly name: string;
  readonly path: string;
  readonly description: string;
  readonly trust: PolicyDocument;
  /** ARN of the permissions boundary, known at synth. */
  readonly boundaryArn: string;
  /** Inline policies by name. */
  readonly inline?: Readonly<Record<string, PolicyDocument>>;
  /** Managed policies that are attached: literal ARN and the resource that creates it. */
  readonly attached?: readonly { readonly arn: string; readonly resource: ITerraformDependable }[];
  /** What must exist first: the boundary, and every principal that the trust names. */
  readonly dependsOn: readonly ITerraformDependable[];
}

export interface ExclusiveRole {
  readonly role: IamRole;
  /** Whoever waits for these waits for the role with all its policies. */
  readonly policies: readonly ITerraformDependable[];
}

/**
 * A role whose policies are exactly these: Terraform's exclusive-policy resources show one that was attached by hand
 * as drift, and remove it at the next apply.
 */
export function exclusiveRole(scope: Construct, props: ExclusiveRoleProps): ExclusiveRole {
  const role = after(
    new IamRole(scope, 'role', {
      name: props.name,
      path: props.path,
      description: props.description,
      assumeRolePolicy: literalJson(props.trust),
      maxSessionDuration: 3600,
      permissionsBoundary: props.boundaryArn,
    }),
    props.dependsOn,
  );

  const inline = Object.entries(props.inline ?? {});
  const policies = inline.map(([name, document]) =>
    after(new IamRolePolicy(scope, `inline-${name}`, { name, role: props.name, policy: literalJson(document) }), [
      role,
    ]),
  );
  const inlineExclusive = after(
    new IamRolePoliciesExclusive(scope, 'inline-exclusive', {
      roleName: props.name,
      policyNames: inline.map(([name]) => name),
    }),
    [role, ...policies],
  );

  const attached = props.attached ?? [];
  const attachments = attached.map(({ arn, resource }, index) =>
    after(new IamRolePolicyAttachment(scope, `attachment-${index + 1}`, { role: props.name, policyArn: arn }), [
      role,
      resource,
    ]),
  );
  const attachedExclusive = after(
    new IamRolePolicyAttachmentsExclusive(scope, 'attached-exclusive', {
      roleName: props.name,
      policyArns: attached.map(({ arn }) => arn),
    }),
    [role, ...attachments],
  );
  return { role, policies: [inlineExclusive, attachedExclusive] };
}
