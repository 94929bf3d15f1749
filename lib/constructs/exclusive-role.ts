import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePoliciesExclusive } from '@cdktf/provider-aws/lib/iam-role-policies-exclusive';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { IamRolePolicyAttachmentsExclusive } from '@cdktf/provider-aws/lib/iam-role-policy-attachments-exclusive';
import type { PolicyDocument } from '@leasehold/policy';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { after } from './depends-on';
import { literalJson } from './literal';

export interface ExclusiveRoleProps {
  readonly name: string;
  readonly path: string;
  readonly description: string;
  readonly trust: PolicyDocument;
  /** ARN of the permissions boundary, known at synth. */
  readonly boundaryArn: string;
  /** Inline policies, by name. */
  readonly inline?: Readonly<Record<string, PolicyDocument>>;
  /**
   * Managed policies to attach, each with its literal ARN and the resource that creates it. For an AWS-managed policy,
   * there is no such resource.
   */
  readonly attached?: readonly { readonly arn: string; readonly resource?: ITerraformDependable }[];
  /** Resources that must exist before the role: the boundary, and every principal that the trust policy names. */
  readonly dependsOn: readonly ITerraformDependable[];
}

export interface ExclusiveRole {
  readonly role: IamRole;
  /** The resources that another resource must depend on, so that it is created after the role and all its policies. */
  readonly policies: readonly ITerraformDependable[];
}

/**
 * Creates a role that has exactly the given policies. If somebody attaches another policy by hand, Terraform's
 * exclusive-policy resources show it as drift and remove it at the next apply.
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
      ...(resource === undefined ? [] : [resource]),
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
