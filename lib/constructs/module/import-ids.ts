/** The ids with which Terraform imports resources, if they are known at synth. */

/** Attributes of a resource in Terraform's JSON. */
export type Attributes = Readonly<Record<string, unknown>>;

/** The account and region of the resources. */
export interface ImportPlace {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/**
 * The id for a resource's `import` block; `undefined` if AWS generates the id.
 * Source: the section "Import" of each resource, https://registry.terraform.io/providers/hashicorp/aws/latest/docs
 */
export function importId(type: string, attributes: Attributes, place: ImportPlace): string | undefined {
  const { partition, account, region } = place;
  const text = (name: string) => String(attributes[name]);
  switch (type) {
    case 'aws_iam_policy':
      return `arn:${partition}:iam::${account}:policy${text('path')}${text('name')}`;
    case 'aws_iam_user':
    case 'aws_iam_role':
    case 'aws_iam_instance_profile':
      return text('name');
    case 'aws_iam_role_policy':
      return `${text('role')}:${text('name')}`;
    case 'aws_iam_role_policy_attachment':
      return `${text('role')}/${text('policy_arn')}`;
    case 'aws_iam_user_policy_attachment':
      return `${text('user')}/${text('policy_arn')}`;
    case 'aws_iam_role_policies_exclusive':
    case 'aws_iam_role_policy_attachments_exclusive':
      return text('role_name');
    case 'aws_iam_user_policies_exclusive':
    case 'aws_iam_user_policy_attachments_exclusive':
      return text('user_name');
    case 'aws_sns_topic':
      return `arn:${partition}:sns:${region}:${account}:${text('name')}`;
    case 'aws_sns_topic_policy':
      return text('arn');
    case 'aws_cloudwatch_event_rule':
      return `default/${text('name')}`;
    case 'aws_cloudwatch_event_target':
      return `${text('rule')}/${text('target_id')}`;
    case 'aws_cloudtrail':
      return `arn:${partition}:cloudtrail:${region}:${account}:trail/${text('name')}`;
    case 'aws_s3_bucket':
    case 'aws_s3_bucket_policy':
    case 'aws_s3_bucket_versioning':
    case 'aws_s3_bucket_public_access_block':
      return text('bucket');
    default:
      return undefined;
  }
}
