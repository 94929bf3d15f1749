/** What a stack deploys, as policies by identity, and the question whether a lease of it opens and what it permits. */
import { defined } from '@leasehold/contract/defined';
import { evaluate, type Policies, type Principal, prepare } from '@leasehold/policy';

/** An IAM identity as deployed; documents are JSON text. */
export interface DeployedIdentity {
  arn: string;
  policies: string[];
  boundary?: string;
  /** Trust policy, for a role. */
  trust?: string;
}

/** Users and roles by physical name. */
export interface Deployed {
  users: Record<string, DeployedIdentity>;
  roles: Record<string, DeployedIdentity>;
}

type Resources = Record<string, Record<string, Record<string, unknown>>>;

/** Reads the identities of one synthesized stack (`cdk.tf.json`), every string as Terraform will send it. */
export function readStack(stack: { resource: Resources }, account: string, partition = 'aws'): Deployed {
  const all = (type: string) =>
    Object.values(stack.resource[type] ?? {}).map((config) => ({
      text: (key: string) => unescaped(config[key]),
    }));
  const arn = (kind: string, config: { text(key: string): string }) =>
    `arn:${partition}:iam::${account}:${kind}${config.text('path')}${config.text('name')}`;
  const policies = new Map(all('aws_iam_policy').map((config) => [arn('policy', config), config.text('policy')]));
  const policy = (policyArn: string) => {
    const found = policies.get(policyArn);
    if (found === undefined) throw new Error(`the stack names ${policyArn} and does not make it`);
    return found;
  };
  const attached = (type: string, key: string, name: string) =>
    all(type)
      .filter((config) => config.text(key) === name)
      .map((config) => policy(config.text('policy_arn')));
  const users = all('aws_iam_user').map((config): [string, DeployedIdentity] => {
    const name = config.text('name');
    return [
      name,
      {
        arn: arn('user', config),
        policies: attached('aws_iam_user_policy_attachment', 'user', name),
        boundary: policy(config.text('permissions_boundary')),
      },
    ];
  });
  const roles = all('aws_iam_role').map((config): [string, DeployedIdentity] => {
    const name = config.text('name');
    const inline = all('aws_iam_role_policy').filter((inlined) => inlined.text('role') === name);
    return [
      name,
      {
        arn: arn('role', config),
        policies: [
          ...inline.map((inlined) => inlined.text('policy')),
          ...attached('aws_iam_role_policy_attachment', 'role', name),
        ],
        boundary: policy(config.text('permissions_boundary')),
        trust: config.text('assume_role_policy'),
      },
    ];
  });
  return { users: Object.fromEntries(users), roles: Object.fromEntries(roles) };
}

/** A try to open a role, as its STS call and its caller make it. */
export interface Attempt {
  /** Who calls, with which credentials; MFA keys and the like are in the context. */
  caller: Principal;
  callerPolicies: { identity: string[]; boundary?: string };
  roleArn: string;
  trust: string;
  sessionName: string;
  sourceIdentity?: string;
  tags: Record<string, string>;
  context: Record<string, string>;
}

/** Whether AWS lets the call through: each of the actions that it is authorised as. */
export function opens(attempt: Attempt): boolean {
  const policies = prepare({
    identity: attempt.callerPolicies.identity,
    ...defined({ boundary: attempt.callerPolicies.boundary }),
    trust: attempt.trust,
  });
  const tags = Object.entries(attempt.tags);
  const context = {
    ...attempt.context,
    'sts:RoleSessionName': attempt.sessionName,
    ...defined({ 'sts:SourceIdentity': attempt.sourceIdentity }),
    ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': tags.map(([key]) => key),
  };
  const actions = [
    'sts:AssumeRole',
    ...(tags.length > 0 ? ['sts:TagSession'] : []),
    ...(attempt.sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
  return actions.every((action) => allows(policies, action, attempt.roleArn, attempt.caller, context));
}

/** Whether a session of a role, with these tags, may do one thing. */
export function permits(
  role: DeployedIdentity,
  { action, resource, tags = {}, context = {}, trust }: PermissionRequest,
): boolean {
  const policies = prepare({
    identity: role.policies,
    ...defined({ boundary: role.boundary, trust }),
  });
  const session: Principal = { kind: 'session', roleArn: role.arn, sessionName: 'lh-7f3k2q9d' };
  const principalTags = Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
  return allows(policies, action, resource, session, { ...Object.fromEntries(principalTags), ...context });
}

export interface PermissionRequest {
  action: string;
  resource: string;
  /** Session tags, for example `{ 'param.release': '1.4.2' }`. */
  tags?: Record<string, string>;
  context?: Record<string, string | string[]>;
  /** The trust policy of the role that the session tries to assume. */
  trust?: string;
}

function allows(
  policies: Policies,
  action: string,
  resource: string,
  principal: Principal,
  context: Record<string, string | readonly string[]>,
): boolean {
  return evaluate({ action, resource, principal, context }, policies).outcome === 'allowed';
}

function unescaped(value: unknown): string {
  return String(value).replaceAll('$${', '${').replaceAll('%%{', '%{');
}
