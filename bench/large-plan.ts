/** A plan of any size, as `terraform show -json` writes it: about 5 kB a resource, one in three of them about access. */

const PROVIDER = 'registry.terraform.io/hashicorp/aws';
const ACCOUNT = '123456789012';

interface Planned {
  readonly type: string;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** The text of a plan of `count` resources; one policy in ten is changed by it. */
export function largePlan(count: number): string {
  const planned = Array.from({ length: count }, (_, index) => KINDS[index % KINDS.length]?.(index) ?? instance(index));
  const changes = planned.map(({ type, name, values, after = values }) => ({
    address: `${type}.${name}`,
    mode: 'managed',
    type,
    name,
    provider_name: PROVIDER,
    change: {
      actions: [after === values ? 'no-op' : 'update'],
      before: values,
      after,
      after_unknown: {},
      before_sensitive: { tags_all: {} },
      after_sensitive: { tags_all: {} },
    },
  }));
  const state = (pick: (resource: Planned) => object) => ({
    root_module: {
      resources: planned.map((resource) => ({
        address: `${resource.type}.${resource.name}`,
        mode: 'managed',
        type: resource.type,
        name: resource.name,
        provider_name: PROVIDER,
        schema_version: 0,
        values: pick(resource),
        sensitive_values: { tags_all: {} },
      })),
    },
  });
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    planned_values: state(({ values, after }) => after ?? values),
    resource_changes: changes,
    prior_state: { format_version: '1.0', terraform_version: '1.11.4', values: state(({ values }) => values) },
    configuration: {
      provider_config: {
        aws: {
          name: 'aws',
          full_name: PROVIDER,
          expressions: { region: { constant_value: 'us-east-1' }, allowed_account_ids: { constant_value: [ACCOUNT] } },
        },
      },
      root_module: {
        resources: planned.map(({ type, name, values }) => ({
          address: `${type}.${name}`,
          mode: 'managed',
          type,
          name,
          provider_config_key: 'aws',
          expressions: Object.fromEntries(
            Object.keys(values)
              .slice(0, 6)
              .map((key) => [key, {}]),
          ),
          schema_version: 0,
        })),
      },
    },
    complete: true,
    errored: false,
  });
}

const KINDS: readonly ((index: number) => Planned)[] = [
  role,
  rolePolicy,
  instance,
  managedPolicy,
  attachment,
  instance,
  instance,
  bucket,
  instance,
  instance,
  instance,
  instance,
];

function role(index: number): Planned {
  const name = `role_${index}`;
  const principal = { AWS: `arn:aws:iam::${ACCOUNT}:user/agents/agent-${index % 10}` };
  return {
    type: 'aws_iam_role',
    name,
    values: {
      arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
      assume_role_policy: document({ Principal: principal, Action: ['sts:AssumeRole', 'sts:TagSession'] }),
      create_date: '2026-01-01T00:00:00Z',
      description: 'A role of the benchmark. '.repeat(6),
      force_detach_policies: false,
      id: name,
      inline_policy: [],
      managed_policy_arns: [],
      max_session_duration: 3600,
      name,
      path: '/',
      permissions_boundary: '',
      tags: tags(index),
      tags_all: tags(index),
      unique_id: `AROA${index}`,
    },
  };
}

function rolePolicy(index: number): Planned {
  const values = (actions: readonly string[]) => ({
    id: `role_${index - 1}:own`,
    name: 'own',
    name_prefix: '',
    policy: document({
      Action: actions,
      Resource: Array.from({ length: 8 }, (_, each) => `arn:aws:s3:::hermes-dev-${index}-${each}/*`),
    }),
    role: `role_${index - 1}`,
  });
  return {
    type: 'aws_iam_role_policy',
    name: `policy_${index}`,
    values: values(['s3:GetObject', 's3:PutObject']),
    ...(index % 10 === 1 ? { after: values(['s3:GetObject', 's3:PutObject', 's3:DeleteObject']) } : {}),
  };
}

function managedPolicy(index: number): Planned {
  const name = `managed_${index}`;
  return {
    type: 'aws_iam_policy',
    name,
    values: {
      arn: `arn:aws:iam::${ACCOUNT}:policy/${name}`,
      attachment_count: 1,
      description: '',
      id: `arn:aws:iam::${ACCOUNT}:policy/${name}`,
      name,
      path: '/',
      policy: document({ Action: ['ec2:Describe*', 'logs:GetLogEvents'], Resource: '*' }),
      tags: tags(index),
      tags_all: tags(index),
    },
  };
}

function attachment(index: number): Planned {
  return {
    type: 'aws_iam_role_policy_attachment',
    name: `attachment_${index}`,
    values: {
      id: `attachment-${index}`,
      policy_arn: `arn:aws:iam::${ACCOUNT}:policy/managed_${index - 1}`,
      role: `role_${index - 4}`,
    },
  };
}

function bucket(index: number): Planned {
  return {
    type: 'aws_s3_bucket_policy',
    name: `bucket_${index}`,
    values: {
      bucket: `hermes-dev-${index}`,
      id: `hermes-dev-${index}`,
      policy: document({
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/role_${index - 7}` },
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::hermes-dev-${index}/*`,
      }),
    },
  };
}

function instance(index: number): Planned {
  const many = Object.fromEntries(
    Array.from({ length: 34 }, (_, each) => [`attribute_${each}`, each % 3 === 0 ? null : `value-${index}-${each}`]),
  );
  return {
    type: 'aws_instance',
    name: `instance_${index}`,
    values: {
      ...many,
      arn: `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-${index}`,
      root_block_device: [{ device_name: '/dev/xvda', encrypted: true, tags: tags(index), volume_size: 20 }],
      tags: tags(index),
      tags_all: tags(index),
    },
  };
}

function tags(index: number): Readonly<Record<string, string>> {
  return { Name: `resource-${index}`, team: `team-${index % 20}`, environment: 'development', 'cost-center': '4711' };
}

function document(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
}
