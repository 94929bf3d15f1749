/** The stack of an environment, as Terraform reads it. */

import {
  agentBoundary,
  agentTrust,
  ask,
  brokerBoundary,
  brokerPermissions,
  brokerTrust,
  hasOwnBoundary,
  manifest,
  roleBoundary,
  rolePolicy,
  trust,
} from '@leasehold/documents';
import type { Alerts } from '../../lib/definitions/model';
import { anAgent, anEnvironment, aReleaseRole, aRole, IDENTITIES } from '../support/environment';
import { type Attributes, resourcesOf, type StackJson, synthStack, unescaped } from '../support/synth';

const alerts: Alerts = { emails: ['security@example.com'], trail: 'create', hours: { from: 0, to: 10 } };

/** One agent of every identity, roles with either gate and with parameters, alerts and a trail. */
const everything = anEnvironment({
  agents: Object.values(IDENTITIES).map((identity) => anAgent({ name: `a-${identity.type}`, identity })),
  roles: [
    aReleaseRole({ agents: ['a-iam-user'], gates: ['broker', 'mfa'] }),
    aRole({ name: 'brokered', agents: Object.keys(IDENTITIES).map((type) => `a-${type}`), gates: ['broker'] }),
  ],
  alerts,
});
const stack = synthStack(everything);

describe('what a reviewer reads in the plan', () => {
  it('is literal: no attribute refers to another resource', () => {
    expect(references(stack)).toEqual([]);
  });

  it('escapes IAM’s own variables, so that they reach AWS', () => {
    const policies = resourcesOf(stack, 'aws_iam_role_policy').map(({ policy }) => String(policy));
    expect(policies.filter((policy) => policy.includes('$${aws:PrincipalTag/param.release}'))).toHaveLength(1);
  });

  it('names what must exist first', () => {
    const dependencies = resources(stack).flatMap(({ type, name, attributes }) =>
      list(attributes.depends_on).map((on) => [`${type}.${name}`, on] as const),
    );
    const known = new Set(resources(stack).map(({ type, name }) => `${type}.${name}`));
    for (const [, on] of dependencies) expect(known).toContain(on);
    for (const [from, on] of dependencies) expect(reaches(dependencies, on, from)).toBe(false);
  });
});

describe('the documents in the stack', () => {
  it('are those that lib/documents derives, to the letter', () => {
    const [release, brokered] = everything.roles;
    if (!release || !brokered) throw new Error('two roles');
    const managed = [
      ...everything.agents.flatMap((agent) =>
        agent.identity.type === 'existing-role' ? [] : [agentBoundary(agent, everything)],
      ),
      ...everything.agents.flatMap((agent) => ask(agent, everything)),
      brokerBoundary(everything),
      ...brokerPermissions(everything),
      roleBoundary(),
      ...everything.roles.filter(hasOwnBoundary).map((role) => roleBoundary(role, everything)),
    ];
    const trusts = [
      ...everything.agents.flatMap((agent) => agentTrust(agent, everything) ?? []),
      brokerTrust(),
      trust(release, everything),
      trust(brokered, everything),
    ];
    expect(texts(stack, 'aws_iam_policy', 'policy')).toEqual(sorted(managed));
    expect(texts(stack, 'aws_iam_role', 'assume_role_policy')).toEqual(sorted(trusts));
    expect(texts(stack, 'aws_iam_role_policy', 'policy')).toEqual(sorted([rolePolicy(release), rolePolicy(brokered)]));
    expect(JSON.parse(unescaped(JSON.stringify(stack.output.leasehold?.value)))).toEqual(manifest(everything));
  });
});

describe('an IAM user', () => {
  const [user] = resourcesOf(stack, 'aws_iam_user');

  it('lives under /agents/, bounded, with no password and no key', () => {
    expect(user).toMatchObject({
      name: 'hermes-dev-a-iam-user',
      path: '/agents/',
      permissions_boundary: 'arn:aws:iam::123456789012:policy/leasehold/hermes-dev/hermes-dev-a-iam-user-boundary',
    });
    expect(Object.keys(stack.resource)).not.toContain('aws_iam_access_key');
    expect(Object.keys(stack.resource)).not.toContain('aws_iam_user_login_profile');
  });

  it('has exactly its ask policies, and no inline one', () => {
    const arn = 'arn:aws:iam::123456789012:policy/leasehold/hermes-dev/hermes-dev-a-iam-user-ask-1';
    expect(resourcesOf(stack, 'aws_iam_user_policy_attachment')).toMatchObject([
      { user: 'hermes-dev-a-iam-user', policy_arn: arn },
    ]);
    expect(resourcesOf(stack, 'aws_iam_user_policy_attachments_exclusive')).toMatchObject([
      { user_name: 'hermes-dev-a-iam-user', policy_arns: [arn] },
    ]);
    expect(resourcesOf(stack, 'aws_iam_user_policies_exclusive')).toMatchObject([
      { user_name: 'hermes-dev-a-iam-user', policy_names: [] },
    ]);
  });
});

describe('every role', () => {
  const roles = resourcesOf(stack, 'aws_iam_role');

  it('is made for each workload identity, the broker and each purpose', () => {
    expect(roles.map(({ path, name }) => `${path}${name}`).sort()).toEqual([
      '/agents/hermes-dev-a-ec2',
      '/agents/hermes-dev-a-ecs-task',
      '/agents/hermes-dev-a-eks-irsa',
      '/agents/hermes-dev-a-eks-pod-identity',
      '/agents/hermes-dev-a-github-oidc',
      '/agents/hermes-dev-a-lambda',
      '/agents/hermes-dev-a-roles-anywhere',
      '/leasehold-broker/hermes-dev-broker',
      '/leasehold/hermes-dev/hermes-dev-brokered',
      '/leasehold/hermes-dev/hermes-dev-s3-deploy',
    ]);
  });

  it('is bounded, and lasts an hour at most', () => {
    for (const { permissions_boundary, max_session_duration } of roles) {
      expect(permissions_boundary).toMatch(/^arn:aws:iam::123456789012:policy\/leasehold\/hermes-dev\/.*boundary$/);
      expect(max_session_duration).toBe(3600);
    }
  });

  it('has exactly the policies that the stack gives it', () => {
    const names = roles.map(({ name }) => name).sort();
    const exclusive = (type: string) =>
      resourcesOf(stack, type)
        .map(({ role_name }) => role_name)
        .sort();
    expect(exclusive('aws_iam_role_policies_exclusive')).toEqual(names);
    expect(exclusive('aws_iam_role_policy_attachments_exclusive')).toEqual(names);
  });

  it('of an instance comes with its instance profile', () => {
    expect(resourcesOf(stack, 'aws_iam_instance_profile')).toMatchObject([
      { name: 'hermes-dev-a-ec2', role: 'hermes-dev-a-ec2', path: '/agents/' },
    ]);
  });
});

describe('the stack', () => {
  it('can be applied to its own account only, in every region', () => {
    expect(stack.provider.aws.map(({ region, allowed_account_ids }) => [region, allowed_account_ids])).toEqual([
      ['ap-northeast-2', ['123456789012']],
      ['us-east-1', ['123456789012']],
    ]);
    const aliases = new Set(stack.provider.aws.flatMap(({ alias }) => (alias ? [`aws.${alias}`] : [])));
    for (const { attributes } of resources(stack)) {
      if (attributes.provider !== undefined) expect(aliases).toContain(attributes.provider);
    }
  });

  it('names its provider and the versions that it is tested with', () => {
    expect(stack.terraform.required_providers).toEqual({ aws: { source: 'hashicorp/aws', version: '>= 5.100, < 7' } });
  });

  it('keeps its state beside the project by default', () => {
    expect(stack.terraform.backend).toEqual({ local: { path: '../../../terraform.hermes-dev.tfstate' } });
  });

  it('keeps its state in S3, encrypted and locked, when told so', () => {
    const backend = { type: 's3', bucket: 'acme-state', key: 'hermes/dev.tfstate', region: 'eu-west-1' } as const;
    const s3 = {
      bucket: 'acme-state',
      key: 'hermes/dev.tfstate',
      region: 'eu-west-1',
      encrypt: true,
      use_lockfile: true,
      allowed_account_ids: ['123456789012'],
    };
    expect(synthStack(anEnvironment({ backend })).terraform.backend).toEqual({ s3 });
    const kmsKeyId = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    expect(synthStack(anEnvironment({ backend: { ...backend, kmsKeyId } })).terraform.backend).toEqual({
      s3: { ...s3, kms_key_id: kmsKeyId },
    });
  });

  it('tells clients what they need, in its outputs', () => {
    expect(Object.keys(stack.output).sort()).toEqual(['agent_arns', 'agent_user_arn', 'leasehold', 'role_arns']);
    expect(stack.output.agent_user_arn?.value).toBe('arn:aws:iam::123456789012:user/agents/hermes-dev-a-iam-user');
    expect(stack.output.role_arns?.value).toEqual({
      brokered: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-brokered',
      's3-deploy': 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy',
    });
  });

  it('has no broker where no role has that gate', () => {
    expect(resourcesOf(synthStack(anEnvironment()), 'aws_iam_role').map(({ name }) => name)).toEqual([
      'hermes-dev-s3-deploy',
    ]);
  });
});

describe('alerts', () => {
  it('reach their topic in each region', () => {
    const topics = ['ap-northeast-2', 'us-east-1'].map(
      (region) => `arn:aws:sns:${region}:123456789012:hermes-dev-alerts`,
    );
    const targets = resourcesOf(stack, 'aws_cloudwatch_event_target');
    expect(targets).toHaveLength(resourcesOf(stack, 'aws_cloudwatch_event_rule').length);
    expect([...new Set(targets.map(({ arn }) => arn))].sort()).toEqual(topics);
    expect(
      resourcesOf(stack, 'aws_sns_topic_subscription')
        .map(({ topic_arn }) => topic_arn)
        .sort(),
    ).toEqual(topics);
  });

  it('ask for read-only events where they are about asking', () => {
    const states = Object.fromEntries(
      resourcesOf(stack, 'aws_cloudwatch_event_rule').map(({ name, state }) => [name, state]),
    );
    expect(states).toEqual({
      'hermes-dev-change': 'ENABLED',
      'hermes-dev-failed-ask': 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      'hermes-dev-out-of-hours': 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      'hermes-dev-probing': 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      'hermes-dev-tampering': 'ENABLED',
    });
  });

  it('may be published by their own rules only', () => {
    for (const { policy, provider } of resourcesOf(stack, 'aws_sns_topic_policy')) {
      const region = provider === undefined ? 'ap-northeast-2' : 'us-east-1';
      const rules = resourcesOf(stack, 'aws_cloudwatch_event_rule').filter((rule) => rule.provider === provider);
      expect(JSON.parse(unescaped(policy)).Statement).toMatchObject([
        {
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sns:Publish',
          Condition: {
            ArnEquals: {
              'aws:SourceArn': expect.arrayContaining(
                rules.map(({ name }) => `arn:aws:events:${region}:123456789012:rule/${name}`),
              ),
            },
          },
        },
      ]);
    }
  });

  it('stand in one region where that is also the one of IAM’s events', () => {
    const here = synthStack(anEnvironment({ region: 'us-east-1', alerts }));
    expect(here.provider.aws).toHaveLength(1);
    expect(resourcesOf(here, 'aws_sns_topic')).toHaveLength(1);
  });

  it('create a trail, or leave the one that exists alone', () => {
    const types = ['aws_cloudtrail', 'aws_s3_bucket', 'aws_s3_bucket_policy', 'aws_s3_bucket_public_access_block'];
    for (const type of types) expect(resourcesOf(stack, type)).toHaveLength(1);
    const trail = { arn: 'arn:aws:cloudtrail:us-east-1:123456789012:trail/audit' };
    const existing = synthStack(anEnvironment({ alerts: { emails: [], trail } }));
    for (const type of types) expect(resourcesOf(existing, type)).toHaveLength(0);
    expect(resourcesOf(existing, 'aws_cloudwatch_event_rule').length).toBeGreaterThan(0);
  });

  it('are absent where none are asked for', () => {
    const quiet = Object.keys(synthStack(anEnvironment()).resource);
    expect(quiet.filter((type) => !type.startsWith('aws_iam_'))).toEqual([]);
  });
});

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly attributes: Attributes;
}

function resources({ resource }: StackJson): readonly Resource[] {
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, attributes]) => ({ type, name, attributes })),
  );
}

/** Template sequences that Terraform would evaluate, wherever they stand: those whose sign is not doubled. */
function references(value: unknown): readonly string[] {
  return [...JSON.stringify(value).matchAll(/(.?)([$%])\{/g)].flatMap(([text, before, sign]) =>
    before === sign ? [] : [text],
  );
}

function reaches(edges: readonly (readonly [string, string])[], from: string, to: string): boolean {
  return from === to || edges.some(([start, end]) => start === from && reaches(edges, end, to));
}

function texts(from: StackJson, type: string, attribute: string): readonly string[] {
  return resourcesOf(from, type)
    .map((attributes) => unescaped(attributes[attribute]))
    .sort();
}

function sorted(documents: readonly object[]): readonly string[] {
  return documents.map((document) => JSON.stringify(document)).sort();
}

function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value : [];
}
