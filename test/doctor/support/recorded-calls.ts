/** The calls that the doctor sends to an account where every call is needed, and what AWS decides about each. */
import type { Request } from '@leasehold/policy';
import { callNamed } from '../../../lib/doctor/aws/calls';
import type { Service } from '../../../lib/doctor/aws/modules';
import { examined, type fullEnvironment, healthyAnswers } from './account';

/** The calls of a run over an account where every call is needed: one policy of AWS is attached. */
export async function recorded(environment: ReturnType<typeof fullEnvironment>) {
  const calls: { readonly call: string; readonly input: Readonly<Record<string, unknown>>; readonly region: string }[] =
    [];
  const answers = healthyAnswers(environment);
  const details = await answers['iam:GetAccountAuthorizationDetails']?.({}, environment.region);
  const { RoleDetailList } = details as { RoleDetailList: { AttachedManagedPolicies: object[] }[] };
  RoleDetailList[0]?.AttachedManagedPolicies.push({ PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' });
  await examined(
    environment,
    {
      'iam:GetAccountAuthorizationDetails': () => details as object,
      'iam:GetPolicy': () => ({ Policy: { DefaultVersionId: 'v7' } }),
      'iam:GetPolicyVersion': () => ({ PolicyVersion: { Document: '%7B%22Statement%22%3A%5B%5D%7D' } }),
    },
    { sent: (call, input, region) => calls.push({ call, input, region }) },
  );
  return calls;
}

/** The request that AWS decides for a recorded call. The caller is the user `auditor`. */
export function requestOf(
  { call, input, region }: Awaited<ReturnType<typeof recorded>>[number],
  environment: ReturnType<typeof fullEnvironment>,
): Request {
  const [service = '', command = ''] = call.split(':');
  const { action, resources } = callNamed(service as Service, command);
  return {
    action,
    resource: resources === undefined ? '*' : resourceOf(call, input, region, environment.account),
    principal: { kind: 'user', arn: `arn:aws:iam::${environment.account}:user/auditor` },
    context: {},
  };
}

/** The ARN that AWS authorizes a call on, from its input. */
function resourceOf(call: string, input: Readonly<Record<string, unknown>>, region: string, account: string): string {
  const text = (key: string) => String(input[key] ?? '');
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const [service = ''] = call.split(':');
  switch (service) {
    case 'apigateway':
      return `arn:aws:apigateway:${region}::/apis${input.ApiId === undefined ? '' : `/${input.ApiId}/x`}`;
    case 'cognito':
      return arn('cognito-idp', `userpool/${text('UserPoolId')}`);
    case 'dynamodb':
      return input.ResourceArn === undefined
        ? arn(
            'dynamodb',
            `table/${text('TableName')}${input.IndexName === undefined ? '' : `/index/${input.IndexName}`}`,
          )
        : text('ResourceArn');
    case 'ecr':
      return arn('ecr', `repository/${input.repositoryName ?? '*'}`);
    case 'events':
      if (call.endsWith('DescribeEventBus')) return arn('events', `event-bus/${text('Name')}`);
      return arn('events', ['rule', input.EventBusName, input.Name ?? input.Rule].filter(Boolean).join('/'));
    case 'iam':
      return input.PolicyArn === undefined
        ? `arn:aws:iam::${account}:user/agents/${input.UserName ?? 'hermes-dev-agent'}`
        : text('PolicyArn');
    case 'kms':
      return arn('kms', `key/${text('KeyId')}`);
    case 'lambda':
      return text('FunctionName').startsWith('arn:')
        ? text('FunctionName')
        : arn('lambda', `function:${text('FunctionName')}`);
    case 'pipes':
      return arn('pipes', `pipe/${text('Name')}`);
    case 's3':
      return `arn:aws:s3:::${text('Bucket')}`;
    case 'secretsmanager':
      return text('SecretId').startsWith('arn:')
        ? text('SecretId')
        : arn('secretsmanager', `secret:${text('SecretId')}-a1b2c3`);
    case 'sns':
      // A subscription is authorized by its topic.
      return text('TopicArn') || text('SubscriptionArn').replace(/:[^:]*$/, '');
    case 'sqs':
      return arn('sqs', text('QueueUrl').replace(/^.*\//, ''));
    default:
      throw new Error(`which resource has ${call}?`);
  }
}
