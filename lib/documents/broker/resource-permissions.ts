/**
 * The permissions of the broker's function for its own resources, as narrow as IAM permits. The permissions for
 * assuming roles are not included.
 */
import type { Broker, Environment, Reviewer } from '@leasehold/definitions';
import type { Statement } from '@leasehold/policy';
import { managedArns } from '../managed-policies';
import {
  brokerLogGroup,
  CHANGE_ITEM,
  EVENT_INDEXES,
  eventsTableName,
  isBrokered,
  logGroupArn,
  projectionsTableName,
  reviewerSecretArn,
  tableArn,
} from './names';
import { recordKeyStatement } from './record-key';
import { REVOCATION_POLICY_ACTIONS, revocationPolicyArn, rolesWithRevocationPolicy } from './revocation-policy';

/** ARNs of the events table and its indexes. */
export function eventsArns(environment: Environment): readonly string[] {
  const table = tableArn(eventsTableName(environment), environment);
  return [table, ...EVENT_INDEXES.map((index) => `${table}/index/${index}`)];
}

/**
 * The function's allow statements. The function can add events, change projections, write the revocation policy, call
 * the reviewer, write its own log and send its traces.
 */
export function resourceStatements(broker: Broker, environment: Environment): readonly Statement[] {
  const [events = '', ...indexes] = eventsArns(environment);
  return [
    { Sid: 'Record', Effect: 'Allow', Action: ['dynamodb:PutItem', 'dynamodb:Query'], Resource: events },
    { Sid: 'FindRecords', Effect: 'Allow', Action: 'dynamodb:Query', Resource: indexes },
    {
      Sid: 'Keep',
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', ...CHANGE_ITEM],
      Resource: tableArn(projectionsTableName(environment), environment),
    },
    recordKeyStatement(environment),
    ...(rolesWithRevocationPolicy(environment).length === 0
      ? []
      : [
          {
            Sid: 'Revoke',
            Effect: 'Allow' as const,
            Action: REVOCATION_POLICY_ACTIONS,
            Resource: revocationPolicyArn(environment),
          },
        ]),
    ...pinnedTexts(environment),
    ...(broker.reviewer === undefined ? [] : reviewerStatements(broker.reviewer, environment)),
    {
      Sid: 'Log',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `${logGroupArn(brokerLogGroup(environment), environment)}:*`,
    },
    // Neither action supports resources:
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    {
      Sid: 'Trace',
      Effect: 'Allow',
      Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      Resource: '*',
    },
  ];
}

/**
 * Statements for reading the current text of managed policies, so that the broker can check it against the pinned text.
 */
function pinnedTexts({ roles }: Environment): readonly Statement[] {
  const arns = [...new Set(roles.filter(isBrokered).flatMap(managedArns))].sort();
  if (arns.length === 0) return [];
  return [
    { Sid: 'ReadPinnedTexts', Effect: 'Allow', Action: ['iam:GetPolicy', 'iam:GetPolicyVersion'], Resource: arns },
  ];
}

/** Whether the reviewer needs an API key, which is stored in Secrets Manager. */
export function hasReviewerKey({ reviewer }: Broker): boolean {
  return reviewer !== undefined && reviewer.provider !== 'bedrock' && reviewer.key;
}

function reviewerStatements(reviewer: Reviewer, environment: Environment): readonly Statement[] {
  if (reviewer.provider === 'bedrock') return modelStatements(reviewer, environment);
  if (!reviewer.key) return [];
  return [
    {
      Sid: 'ReviewerKey',
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: reviewerSecretArn(environment),
    },
  ];
}

/**
 * Statements for calling one model of Amazon Bedrock. Converse is authorized as `bedrock:InvokeModel`. An inference
 * profile calls its model in several regions on the caller's behalf. The model is therefore allowed too, but only
 * through the profile. Sources: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
 */
function modelStatements(
  { model, region }: Extract<Reviewer, { provider: 'bedrock' }>,
  { partition, account }: Environment,
): readonly Statement[] {
  const ask = (Sid: string, Resource: string): Statement => ({
    Sid,
    Effect: 'Allow',
    Action: 'bedrock:InvokeModel',
    Resource,
  });
  const foundation = (where: string, name: string) => `arn:${partition}:bedrock:${where}::foundation-model/${name}`;
  const profile = profileOf(model);
  if (profile === undefined) return [ask('AskModel', model.startsWith('arn:') ? model : foundation(region, model))];
  const arn = model.startsWith('arn:')
    ? model
    : `arn:${partition}:bedrock:${region}:${account}:inference-profile/${model}`;
  return [
    ask('AskProfile', arn),
    {
      ...ask('AskModelByProfile', foundation('*', profile.model)),
      Condition: { StringEquals: { 'bedrock:InferenceProfileArn': arn } },
    },
  ];
}

/**
 * The model behind an inference profile, from the profile's id: a geography, a dot, and the model's id. The id of an
 * application inference profile does not contain its model. `undefined` if the id does not belong to a profile. Source:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */
function profileOf(model: string): { readonly model: string } | undefined {
  if (model.includes(':application-inference-profile/')) return { model: '*' };
  const id = model.replace(/^arn:.*:inference-profile\//, '');
  if (id.startsWith('arn:')) return undefined;
  const behind = /^(?:[a-z]{2}|us-gov|apac|global)\.(.+)$/.exec(id)?.[1];
  return behind === undefined ? undefined : { model: behind };
}
