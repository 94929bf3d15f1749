/** Damages to the broker. */
import {
  CreateRouteCommand,
  CreateStageCommand,
  DeleteRouteCommand,
  DeleteStageCommand,
  GetApisCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  type Route,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
} from '@aws-sdk/client-apigatewayv2';
import {
  DeleteItemCommand,
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  PutItemCommand,
  PutResourcePolicyCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { TagRoleCommand, UntagRoleCommand } from '@aws-sdk/client-iam';
import {
  CreateGrantCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  type KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
} from '@aws-sdk/client-kms';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  PublishVersionCommand,
  RemovePermissionCommand,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import { StartPipeCommand, StopPipeCommand } from '@aws-sdk/client-pipes';
import { ANSWERED, countName, HEALTH_KEY, principalKey, reviewerTarget } from '@leasehold/documents';
import { strToU8, zipSync } from 'fflate';
import { aBroker } from '../../support/broker-environment';
import { disabled, rule } from './account-damages';
import { ACCOUNT, type Clients, type LiveDamage } from './damage';

const FunctionName = 'hermes-dev-broker';
const EVENTS = 'hermes-dev-lease-events';
const eventsArn = `arn:aws:dynamodb:ap-northeast-2:${ACCOUNT}:table/${EVENTS}`;
const BROKER_ROLE = `arn:aws:iam::${ACCOUNT}:role/leasehold-broker/hermes-dev-broker`;
const ZipFile = zipSync({ 'index.js': strToU8('exports.handler = async () => 1') }, { mtime: new Date(1980, 0, 1) });

/** Changes the function's configuration, and back. */
function configured(
  change: (found: FunctionConfiguration) => Omit<UpdateFunctionConfigurationCommandInput, 'FunctionName'>,
) {
  let before: FunctionConfiguration = {};
  return {
    damage: async ({ lambda }: Clients) => {
      before = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, ...change(before) }));
    },
    repair: ({ lambda }: Clients) =>
      lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName,
          Role: before.Role,
          Handler: before.Handler,
          Runtime: before.Runtime,
          Environment: { Variables: before.Environment?.Variables },
        }),
      ),
  };
}

async function api({ apigateway }: Clients): Promise<string> {
  const { Items = [] } = await apigateway.send(new GetApisCommand({}));
  return Items.find(({ Name }) => Name === FunctionName)?.ApiId ?? '';
}

async function route(clients: Clients, key: string): Promise<Route> {
  const { Items = [] } = await clients.apigateway.send(new GetRoutesCommand({ ApiId: await api(clients) }));
  const found = Items.find(({ RouteKey }) => RouteKey === key);
  if (found === undefined) throw new Error(`no route ${key}`);
  return found;
}

/** Adds a route, and removes it again. */
function addedRoute(RouteKey: string) {
  return {
    damage: async (clients: Clients) =>
      clients.apigateway.send(
        new CreateRouteCommand({
          ApiId: await api(clients),
          RouteKey,
          AuthorizationType: 'NONE',
          Target: (await route(clients, 'POST /leases')).Target,
        }),
      ),
    repair: async (clients: Clients) =>
      clients.apigateway.send(
        new DeleteRouteCommand({ ApiId: await api(clients), RouteId: (await route(clients, RouteKey)).RouteId }),
      ),
  };
}

/** Changes a route, and back. */
function changedRoute(RouteKey: string, change: object, back: (before: Route) => object) {
  let before: Route | undefined;
  return {
    damage: async (clients: Clients) => {
      before = await route(clients, RouteKey);
      await clients.apigateway.send(
        new UpdateRouteCommand({ ApiId: await api(clients), RouteId: before.RouteId, ...change }),
      );
    },
    repair: async (clients: Clients) =>
      clients.apigateway.send(
        new UpdateRouteCommand({ ApiId: await api(clients), RouteId: before?.RouteId, ...back(before as Route) }),
      ),
  };
}

/** Changes the integration of the API, and back. */
function integration(change: object, back: object) {
  const set = async (clients: Clients, to: object) => {
    const ApiId = await api(clients);
    const { Items: [first] = [] } = await clients.apigateway.send(new GetIntegrationsCommand({ ApiId }));
    return clients.apigateway.send(new UpdateIntegrationCommand({ ApiId, IntegrationId: first?.IntegrationId, ...to }));
  };
  return { damage: (clients: Clients) => set(clients, change), repair: (clients: Clients) => set(clients, back) };
}

async function recordKey(kms: KMSClient): Promise<string> {
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({}));
  return Aliases.find(({ AliasName }) => AliasName === 'alias/leasehold/hermes-dev/records')?.TargetKeyId ?? '';
}

/** Changes the policy of a table, and back. */
function tablePolicy(change: (policy: { Statement: { Sid: string }[] }) => object) {
  let before = '';
  return {
    damage: async ({ dynamodb }: Clients) => {
      before = (await dynamodb.send(new GetResourcePolicyCommand({ ResourceArn: eventsArn }))).Policy ?? '';
      const Policy = JSON.stringify(change(JSON.parse(before)));
      await dynamodb.send(new PutResourcePolicyCommand({ ResourceArn: eventsArn, Policy }));
    },
    repair: ({ dynamodb }: Clients) =>
      dynamodb.send(new PutResourcePolicyCommand({ ResourceArn: eventsArn, Policy: before })),
  };
}

/** Changes the policy of the key of the records, and back. */
function keyPolicy(change: (policy: { Statement: object[] }) => object) {
  let before = '';
  const put = async (kms: KMSClient, Policy: string) =>
    kms.send(new PutKeyPolicyCommand({ KeyId: await recordKey(kms), PolicyName: 'default', Policy }));
  return {
    damage: async ({ kms }: Clients) => {
      const found = await kms.send(new GetKeyPolicyCommand({ KeyId: await recordKey(kms), PolicyName: 'default' }));
      before = found.Policy ?? '';
      await put(kms, JSON.stringify(change(JSON.parse(before))));
    },
    repair: ({ kms }: Clients) => put(kms, before),
  };
}

let tableText = '';

const PROJECTIONS = 'hermes-dev-broker-projections';
const HEALTH = { pk: { S: HEALTH_KEY.pk }, sk: { S: HEALTH_KEY.sk } };

/** States the health of the function, as its schedule does every minute. The last result of the reviewer stays. */
export async function stateHealth({ dynamodb }: Clients): Promise<void> {
  const { reviewer } = aBroker();
  if (reviewer === undefined) throw new Error('there is no reviewer');
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: PROJECTIONS,
      Key: HEALTH,
      UpdateExpression:
        'SET #at = :now, completeAt = :now, askedAt = :now, #target = :target, #result = if_not_exists(#result, :answered)',
      ExpressionAttributeNames: { '#at': 'at', '#target': 'target', '#result': 'result' },
      ExpressionAttributeValues: {
        ':now': { N: String(Math.floor(Date.now() / 1000)) },
        ':target': { S: reviewerTarget(reviewer) },
        ':answered': { S: ANSWERED },
      },
    }),
  );
}

/** The result of the test question, as the function states it. */
const resultIs =
  (result: string) =>
  ({ dynamodb }: Clients) =>
    dynamodb.send(
      new UpdateItemCommand({
        TableName: PROJECTIONS,
        Key: HEALTH,
        UpdateExpression: 'SET #result = :result',
        ExpressionAttributeNames: { '#result': 'result' },
        ExpressionAttributeValues: { ':result': { S: result } },
      }),
    );

/** Counts of the agent in the windows of the next minutes. */
function spentByAgent(): Record<string, { readonly N: string }> {
  const { windowSeconds, limit } = aBroker().budgets.requests;
  const now = Math.floor(Date.now() / 1000);
  return Object.fromEntries(
    Array.from({ length: 10 }, (_, ago) => [countName('requests', windowSeconds, now, -ago), { N: String(limit) }]),
  );
}

const SPENDING = { pk: { S: principalKey('agent').pk }, sk: { S: principalKey('agent').sk } };

export const BROKER_DAMAGES: readonly LiveDamage[] = [
  {
    name: 'the reviewer does not answer',
    found: 'broker-reviewer',
    says: /did not answer: it gave no answer in time/,
    damage: resultIs('timeout'),
    repair: resultIs(ANSWERED),
  },
  {
    name: 'an agent has used up its budget',
    found: 'broker-budgets',
    says: /agent has used up its budget of requests/,
    damage: ({ dynamodb }) =>
      dynamodb.send(new PutItemCommand({ TableName: PROJECTIONS, Item: { ...SPENDING, ...spentByAgent() } })),
    repair: ({ dynamodb }) => dynamodb.send(new DeleteItemCommand({ TableName: PROJECTIONS, Key: SPENDING })),
  },
  {
    name: 'a variable of the function is changed',
    found: 'broker-function',
    says: /Environment variables differ: POWERTOOLS_LOGGER_LOG_EVENT/,
    ...configured(({ Environment }) => ({
      Environment: { Variables: { ...Environment?.Variables, POWERTOOLS_LOGGER_LOG_EVENT: 'true' } },
    })),
  },
  {
    name: 'a variable is added that runs other code',
    found: 'broker-function',
    says: /variables differ: NODE_OPTIONS/,
    ...configured(({ Environment }) => ({
      Environment: { Variables: { ...Environment?.Variables, NODE_OPTIONS: '--require /tmp/x.js' } },
    })),
  },
  {
    name: 'the function uses another key',
    found: 'broker-function',
    says: /does not name the KMS key/,
    ...configured(({ Environment }) => ({
      Environment: {
        Variables: {
          ...Environment?.Variables,
          LEASEHOLD_RECORD_KEY: `arn:aws:kms:ap-northeast-2:${ACCOUNT}:key/other`,
        },
      },
    })),
  },
  {
    name: 'the function runs as another role',
    found: 'broker-function',
    says: /runs as .*role\/instances/,
    ...configured(() => ({ Role: `arn:aws:iam::${ACCOUNT}:role/instances` })),
  },
  {
    name: 'the function has another handler',
    found: 'broker-function',
    says: /runs debug\.handler/,
    ...configured(() => ({ Handler: 'debug.handler' })),
  },
  {
    name: 'a service of another account may call the function',
    found: 'broker-callers',
    says: /permits more/,
    damage: ({ lambda }) =>
      lambda.send(
        new AddPermissionCommand({
          FunctionName,
          StatementId: 'more',
          Action: 'lambda:InvokeFunction',
          Principal: 's3.amazonaws.com',
          SourceArn: 'arn:aws:s3:::anything',
        }),
      ),
    repair: ({ lambda }) => lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'more' })),
  },
  {
    name: 'the schedule may not call the function any more',
    found: 'broker-callers',
    says: /permits less/,
    damage: ({ lambda }) => lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'sweep' })),
    repair: ({ lambda }) =>
      lambda.send(
        new AddPermissionCommand({
          FunctionName,
          StatementId: 'sweep',
          Action: 'lambda:InvokeFunction',
          Principal: 'events.amazonaws.com',
          SourceArn: `arn:aws:events:ap-northeast-2:${ACCOUNT}:rule/hermes-dev-sweep`,
        }),
      ),
  },
  {
    name: 'another function runs as the broker',
    found: 'broker-role-elsewhere',
    says: /function:shadow runs as the broker's role/,
    damage: ({ lambda }) =>
      lambda.send(
        new CreateFunctionCommand({
          FunctionName: 'shadow',
          Role: BROKER_ROLE,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Code: { ZipFile },
        }),
      ),
    repair: ({ lambda }) => lambda.send(new DeleteFunctionCommand({ FunctionName: 'shadow' })),
  },
  {
    name: 'a version of the function is published',
    found: 'broker-entrances',
    says: /has the version 1, which is not deployed/,
    damage: ({ lambda }) => lambda.send(new PublishVersionCommand({ FunctionName })),
    repair: ({ lambda }) => lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '1' })),
  },
  {
    name: 'an integration replaces what callers sent',
    found: 'broker-routes',
    says: /does not have the deployed integration/,
    ...integration({ RequestParameters: { 'overwrite:header.x': 'y' } }, { RequestParameters: {} }),
  },
  {
    name: 'a route needs no signature',
    found: 'broker-routes',
    says: /authorized by NONE, not by AWS_IAM/,
    ...changedRoute('POST /leases', { AuthorizationType: 'NONE' }, () => ({ AuthorizationType: 'AWS_IAM' })),
  },
  {
    name: 'there is a default route',
    found: 'broker-routes',
    says: /route is not deployed/,
    ...addedRoute('$default'),
  },
  {
    name: 'there is a further route',
    found: 'broker-routes',
    says: /route is not deployed/,
    ...addedRoute('GET /debug'),
  },
  {
    name: 'a route leads elsewhere',
    found: 'broker-routes',
    says: /does not have the deployed integration/,
    ...changedRoute('GET /leases', { Target: 'integrations/other' }, ({ Target }) => ({ Target })),
  },
  {
    name: 'the API has another stage',
    found: 'broker-stage',
    says: /stage is not deployed/,
    damage: async (clients) =>
      clients.apigateway.send(new CreateStageCommand({ ApiId: await api(clients), StageName: 'debug' })),
    repair: async (clients) =>
      clients.apigateway.send(new DeleteStageCommand({ ApiId: await api(clients), StageName: 'debug' })),
  },
  {
    name: 'the records can be deleted',
    found: 'broker-tables',
    says: /can be deleted/,
    damage: ({ dynamodb }) =>
      dynamodb.send(new UpdateTableCommand({ TableName: EVENTS, DeletionProtectionEnabled: false })),
    repair: ({ dynamodb }) =>
      dynamodb.send(new UpdateTableCommand({ TableName: EVENTS, DeletionProtectionEnabled: true })),
  },
  {
    name: 'the records cannot be restored',
    found: 'broker-tables',
    says: /cannot be restored/,
    damage: ({ dynamodb }) =>
      dynamodb.send(
        new UpdateContinuousBackupsCommand({
          TableName: EVENTS,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
        }),
      ),
    repair: ({ dynamodb }) =>
      dynamodb.send(
        new UpdateContinuousBackupsCommand({
          TableName: EVENTS,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      ),
  },
  {
    name: 'the records expire',
    found: 'broker-tables',
    says: /Records expire/,
    damage: ({ dynamodb }) =>
      dynamodb.send(
        new UpdateTimeToLiveCommand({
          TableName: EVENTS,
          TimeToLiveSpecification: { AttributeName: 'at', Enabled: true },
        }),
      ),
    repair: ({ dynamodb }) =>
      dynamodb.send(
        new UpdateTimeToLiveCommand({
          TableName: EVENTS,
          TimeToLiveSpecification: { AttributeName: 'at', Enabled: false },
        }),
      ),
  },
  {
    name: 'the table of the records has no policy',
    found: 'broker-table-policies',
    says: /has no policy of its own/,
    damage: async ({ dynamodb }) => {
      tableText = (await dynamodb.send(new GetResourcePolicyCommand({ ResourceArn: eventsArn }))).Policy ?? '';
      await dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn: eventsArn }));
    },
    repair: ({ dynamodb }) =>
      dynamodb.send(new PutResourcePolicyCommand({ ResourceArn: eventsArn, Policy: tableText })),
  },
  {
    name: 'records can be changed',
    found: 'broker-table-policies',
    says: /may permit more/,
    ...tablePolicy((policy) => ({ ...policy, Statement: policy.Statement.filter(({ Sid }) => Sid !== 'RecordsStay') })),
  },
  {
    name: 'the key of the records is disabled',
    found: 'broker-record-key',
    says: /state Disabled/,
    damage: async ({ kms }) => kms.send(new DisableKeyCommand({ KeyId: await recordKey(kms) })),
    repair: async ({ kms }) => kms.send(new EnableKeyCommand({ KeyId: await recordKey(kms) })),
  },
  {
    name: 'another role may use the key of the records',
    found: 'broker-record-key',
    says: /policy of the key permits more/,
    ...keyPolicy(({ Statement, ...rest }) => ({
      ...rest,
      Statement: [
        Statement[0],
        Statement[1],
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/mallory` }, Action: 'kms:*', Resource: '*' },
      ],
    })),
  },
  {
    name: 'a grant permits the use of the key of the records',
    found: 'broker-record-key',
    says: /grant on the key permits .*mallory/,
    damage: async ({ kms }) =>
      kms.send(
        new CreateGrantCommand({
          KeyId: await recordKey(kms),
          GranteePrincipal: `arn:aws:iam::${ACCOUNT}:user/mallory`,
          Operations: ['GenerateMac'],
        }),
      ),
    repair: async ({ kms }) => {
      const KeyId = await recordKey(kms);
      const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId }));
      for (const { GrantId } of Grants) await kms.send(new RevokeGrantCommand({ KeyId, GrantId }));
    },
  },
  {
    name: 'the pipe is stopped',
    found: 'broker-outcomes',
    says: /state STOPP/,
    damage: ({ pipes }) => pipes.send(new StopPipeCommand({ Name: 'hermes-dev-outcomes' })),
    repair: ({ pipes }) => pipes.send(new StartPipeCommand({ Name: 'hermes-dev-outcomes' })),
  },
  { name: 'the sweep is disabled', found: 'broker-rules', says: /state DISABLED/, ...disabled('hermes-dev-sweep') },
  {
    name: 'the sweep runs once a year',
    found: 'broker-rules',
    says: /schedule of the rule differs/,
    ...rule('hermes-dev-sweep', () => ({ ScheduleExpression: 'rate(365 days)' })),
  },
  {
    name: 'nobody is told of changed records',
    found: 'broker-rules',
    says: /state DISABLED/,
    ...disabled('hermes-dev-record-changed', ({ events }) => events, 'hermes-dev-broker'),
  },
  {
    name: 'nobody is told of a changed key',
    found: 'broker-rules',
    says: /event pattern of the rule differs/,
    ...rule('hermes-dev-record-key', () => ({ EventPattern: '{"source":["aws.never"]}' })),
  },
  {
    name: 'somebody wrote a record',
    found: 'lease-records',
    says: /The record is broken/,
    damage: ({ dynamodb }) =>
      dynamodb.send(
        new PutItemCommand({
          TableName: EVENTS,
          Item: {
            lease: { S: 'lh-forged' },
            sequence: { N: '1' },
            events: { S: '[{"lease":"lh-forged","sequence":1}]' },
            at: { N: '1796000000' },
            open: { S: 'open#3' },
          },
        }),
      ),
    repair: ({ dynamodb }) =>
      dynamodb.send(
        new DeleteItemCommand({ TableName: EVENTS, Key: { lease: { S: 'lh-forged' }, sequence: { N: '1' } } }),
      ),
  },
  {
    name: 'a revocation is for no lease',
    found: 'revocation-tags',
    says: /revoked\.3 revokes the lease lh-nobody, which is not on record/,
    damage: ({ iam }) =>
      iam.send(new TagRoleCommand({ RoleName: 'hermes-dev-refund', Tags: [{ Key: 'revoked.3', Value: 'lh-nobody' }] })),
    repair: ({ iam }) => iam.send(new UntagRoleCommand({ RoleName: 'hermes-dev-refund', TagKeys: ['revoked.3'] })),
  },
];
