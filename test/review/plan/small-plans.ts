/** Small plans for tests, as `terraform show -json` would print them. */

type Json = Readonly<Record<string, unknown>>;

/** A plan with these parts; by default an empty one. */
export function aPlan(parts: Json = {}): Json {
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    planned_values: {},
    resource_changes: [],
    configuration: {},
    ...parts,
  };
}

/** A member of `resource_changes`; by default of a role that is created. */
export function aChange(parts: { readonly change?: Json } & Json = {}): Json {
  return {
    address: 'aws_iam_role.worker',
    mode: 'managed',
    type: 'aws_iam_role',
    name: 'worker',
    provider_name: 'registry.terraform.io/hashicorp/aws',
    ...parts,
    change: {
      actions: ['create'],
      before: null,
      after: { name: 'worker', path: '/' },
      after_unknown: {},
      before_sensitive: false,
      after_sensitive: {},
      ...parts.change,
    },
  };
}
