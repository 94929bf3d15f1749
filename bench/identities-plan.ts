/** A plan in which every identity changes and may assume every other, so that nothing about them is decided once for all. */

const PROVIDER = 'registry.terraform.io/hashicorp/aws';
const ACCOUNT = '123456789012';

/** The text of a plan of `count` roles, about 5 kB each. */
export function identitiesPlan(count: number): string {
  const changes = Array.from({ length: count }, (_, index) => [role(index), policy(index)]).flat();
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: changes,
    configuration: {},
    complete: true,
    errored: false,
  });
}

function role(index: number): object {
  const values = {
    arn: `arn:aws:iam::${ACCOUNT}:role/role-${index}`,
    assume_role_policy: document({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' }),
    max_session_duration: 3600,
    name: `role-${index}`,
    path: '/',
  };
  return change('aws_iam_role', `role_${index}`, values, values);
}

function policy(index: number): object {
  const values = (...more: readonly object[]) => ({
    name: 'own',
    role: `role-${index}`,
    policy: document(
      ...['s3', 'sqs', 'sns', 'kms'].map((service) => ({
        Action: ['Get*', 'Put*', 'List*'].map((name) => `${service}:${name}`),
        Resource: Array.from({ length: 6 }, (_, each) => `arn:aws:${service}:*:${ACCOUNT}:thing-${index}-${each}`),
      })),
      { Effect: 'Deny', Action: ['iam:*'], NotResource: [`arn:aws:iam::${ACCOUNT}:role/app-${index}-*`] },
      ...more,
    ),
  });
  const hop = { Action: 'sts:AssumeRole', Resource: `arn:aws:iam::${ACCOUNT}:role/*` };
  return change('aws_iam_role_policy', `policy_${index}`, values(), values(hop));
}

function change(type: string, name: string, before: object, after: object): object {
  return {
    address: `${type}.${name}`,
    mode: 'managed',
    type,
    name,
    provider_name: PROVIDER,
    change: {
      actions: [before === after ? 'no-op' : 'update'],
      before,
      after,
      after_unknown: {},
      before_sensitive: false,
      after_sensitive: false,
    },
  };
}

function document(...statements: readonly object[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  });
}
