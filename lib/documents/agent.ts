/** The policies of an agent's base identity, which permit only requests for leases. */
import type { Agent, Environment, Identity } from '@leasehold/definitions';
import type { PolicyDocument, Statement } from '@leasehold/policy';
import { askBoundary, askDocuments, invokeDocuments } from './ask';
import { asksBroker, routeArns } from './broker/invoke';
import { dnsSuffix, iamArn, roleArn } from './names';
import { mfaAgents } from './trust';

/**
 * The policies that permit an agent to request its roles: with its own STS call, through the broker, or both. Empty for
 * an agent without roles.
 */
export function ask(agent: Agent, environment: Environment): readonly PolicyDocument[] {
  return [...askDocuments(askable(agent, environment)), ...invokeDocuments(callable(agent, environment))];
}

/**
 * The agent's permissions boundary, which permits only requests for the agent's roles, regardless of the policies
 * attached to the identity.
 */
export function agentBoundary(agent: Agent, environment: Environment): PolicyDocument {
  return askBoundary(askable(agent, environment), environment, callable(agent, environment));
}

/**
 * The trust policy of an agent's base role; `undefined` if Leasehold creates no role for the identity. Every OIDC trust
 * policy requires an exact audience and subject.
 */
export function agentTrust(agent: Agent, environment: Environment): PolicyDocument | undefined {
  const statement = agentTrustStatement(agent.identity, environment);
  return statement && { Version: '2012-10-17', Statement: [statement] };
}

/** ARNs of the roles that an agent assumes with its own STS call. */
function askable(agent: Agent, environment: Environment): readonly string[] {
  return environment.roles
    .filter((role) => mfaAgents(role, environment).some(({ name }) => name === agent.name))
    .map((role) => roleArn(role, environment));
}

/** ARNs of the broker's routes that an agent may call. */
function callable(agent: Agent, environment: Environment): readonly string[] {
  return asksBroker(agent, environment) ? routeArns('agent', environment) : [];
}

function agentTrustStatement(identity: Identity, environment: Environment): Statement | undefined {
  switch (identity.type) {
    case 'iam-user':
    case 'existing-role':
      return undefined;
    case 'ec2':
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2.html
      return serviceTrust(`ec2.${dnsSuffix(environment)}`);
    case 'lambda':
      // https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
      return serviceTrust('lambda.amazonaws.com');
    case 'ecs-task':
      // The conditions prevent the confused-deputy problem with tasks of another account:
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
      return {
        ...serviceTrust('ecs-tasks.amazonaws.com'),
        Condition: {
          StringEquals: { 'aws:SourceAccount': environment.account },
          ArnLike: {
            'aws:SourceArn': `arn:${environment.partition}:ecs:${environment.region}:${environment.account}:*`,
          },
        },
      };
    case 'eks-irsa':
      // https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
      return webIdentityTrust(environment, identity.issuer, {
        [`${identity.issuer}:aud`]: 'sts.amazonaws.com',
        [`${identity.issuer}:sub`]: `system:serviceaccount:${identity.namespace}:${identity.serviceAccount}`,
      });
    case 'eks-pod-identity':
      // https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
      return {
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringEquals: {
            'aws:RequestTag/eks-cluster-arn': `arn:${environment.partition}:eks:${environment.region}:${environment.account}:cluster/${identity.cluster}`,
            'aws:RequestTag/kubernetes-namespace': identity.namespace,
            'aws:RequestTag/kubernetes-service-account': identity.serviceAccount,
          },
        },
      };
    case 'github-oidc':
      // https://docs.github.com/en/actions/reference/security/oidc
      return webIdentityTrust(environment, GITHUB_ISSUER, {
        [`${GITHUB_ISSUER}:aud`]: 'sts.amazonaws.com',
        [`${GITHUB_ISSUER}:sub`]: identity.repositories.map((repository) => `repo:${repository}:${identity.subject}`),
      });
    case 'roles-anywhere':
      // https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
      return {
        Effect: 'Allow',
        Principal: { Service: 'rolesanywhere.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
        Condition: {
          ArnEquals: { 'aws:SourceArn': identity.trustAnchorArn },
          StringEquals: { 'aws:PrincipalTag/x509Subject/CN': identity.commonName },
        },
      };
  }
}

/** Issuer of the tokens of GitHub Actions, as it appears in the ARN of IAM's OIDC provider. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';

function serviceTrust(service: string): Statement {
  return { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
}

function webIdentityTrust(
  environment: Environment,
  issuer: string,
  claims: Readonly<Record<string, string | readonly string[]>>,
): Statement {
  return {
    Effect: 'Allow',
    Principal: { Federated: iamArn(environment, `oidc-provider/${issuer}`) },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: claims },
  };
}
