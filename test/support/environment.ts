/** Resolved definitions for a test, which overrides only what it speaks of. */
import { ParameterPattern } from '@leasehold/definitions';
import type { Agent, Definitions, Environment, Identity, Locate, Parameter, Role } from '../../lib/definitions/model';

const nowhere: Locate = () => ({ file: 'roles/test.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 });

/** Environment `dev` of project `hermes`: one agent, an IAM user, and one role, `s3-deploy`. */
export function anEnvironment(overrides: Partial<Environment> = {}): Environment {
  return {
    project: 'hermes',
    name: 'dev',
    account: '123456789012',
    region: 'ap-northeast-2',
    partition: 'aws',
    agents: [anAgent()],
    approvers: ['lead', 'oncall'],
    approval: { humans: 1, windowSeconds: 1800 },
    production: false,
    principals: [],
    roles: [aRole()],
    backend: { type: 'local' },
    external: [],
    mixedAccess: [],
    waivers: [],
    locate: nowhere,
    ...overrides,
  };
}

/** Agent `agent`, an IAM user. */
export function anAgent(overrides: Partial<Agent> = {}): Agent {
  return { name: 'agent', identity: { type: 'iam-user' }, locate: nowhere, ...overrides };
}

/** Role `s3-deploy`, opened by MFA for agent `agent`, without parameters. */
export function aRole(overrides: Partial<Role> = {}): Role {
  return {
    name: 's3-deploy',
    purpose: 'Upload build artefacts to the deploy bucket. No delete.',
    access: 'write',
    gates: ['mfa'],
    agents: ['agent'],
    lease: { defaultSeconds: 900, maxSeconds: 900 },
    parameters: [],
    allow: [{ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::hermes-dev-deploy/*'], conditions: {} }],
    deny: [],
    passes: [],
    assumes: [],
    companions: [],
    sensitive: [],
    waivers: [],
    locate: nowhere,
    ...overrides,
  };
}

/** A parameter that narrows a release folder. */
export function aParameter({ pattern, ...overrides }: ParameterOverrides = {}): Parameter {
  return {
    name: 'release',
    description: 'Release folder, for example 1.4.2',
    ...overrides,
    ...(pattern === undefined ? {} : { pattern: new ParameterPattern(pattern) }),
  };
}

/** Of a parameter, its pattern as text. */
export type ParameterOverrides = Omit<Partial<Parameter>, 'pattern'> & { readonly pattern?: string };

/** A role that uploads under one release of the deploy bucket, named by a parameter with this pattern. */
export function aReleaseRole(overrides: Partial<Role> = {}): Role {
  return aRole({
    parameters: [aParameter({ pattern: '[a-z0-9][a-z0-9.-]{0,62}' })],
    allow: [
      {
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: ['arn:aws:s3:::hermes-dev-deploy/${param.release}/*'],
        conditions: {},
      },
      {
        actions: ['s3:ListBucket'],
        resources: ['arn:aws:s3:::hermes-dev-deploy'],
        conditions: { StringLike: { 's3:prefix': ['${param.release}/*'] } },
      },
    ],
    ...overrides,
  });
}

/** This many roles, `task-0001` on, each with its own bucket, for these agents. */
export function manyRoles(count: number, overrides: Partial<Role> = {}): readonly Role[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `task-${String(index + 1).padStart(4, '0')}`;
    return aReleaseRole({
      name,
      allow: [
        {
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: [`arn:aws:s3:::hermes-dev-${name}/\${param.release}/*`],
          conditions: {},
        },
      ],
      ...overrides,
    });
  });
}

/** A project of these environments; by default of the one that {@link anEnvironment} makes. */
export function definitions(...environments: readonly Environment[]): Definitions {
  const all = environments.length > 0 ? environments : [anEnvironment()];
  return { project: all[0]?.project ?? 'hermes', environments: all };
}

/** One identity of every type. */
export const IDENTITIES: { readonly [T in Identity['type']]: Extract<Identity, { type: T }> } = {
  'iam-user': { type: 'iam-user' },
  ec2: { type: 'ec2' },
  'ecs-task': { type: 'ecs-task' },
  lambda: { type: 'lambda' },
  'eks-irsa': {
    type: 'eks-irsa',
    issuer: 'oidc.eks.ap-northeast-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
    namespace: 'agents',
    serviceAccount: 'hermes',
  },
  'eks-pod-identity': { type: 'eks-pod-identity', cluster: 'tools', namespace: 'agents', serviceAccount: 'hermes' },
  'github-oidc': {
    type: 'github-oidc',
    repositories: ['acme/hermes', 'acme@1234/hermes@5678'],
    subject: 'environment:dev',
  },
  'roles-anywhere': {
    type: 'roles-anywhere',
    trustAnchorArn:
      'arn:aws:rolesanywhere:ap-northeast-2:123456789012:trust-anchor/11111111-2222-3333-4444-555555555555',
    commonName: 'hermes.agents.example.com',
  },
  'existing-role': { type: 'existing-role', roleArn: 'arn:aws:iam::123456789012:role/tools/hermes-worker' },
};
