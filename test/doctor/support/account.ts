/**
 * A live account as hand-written answers of AWS, which a middleware of the real SDK clients returns. Everything is as
 * deployed unless a test replaces the answer of a call.
 */
import { peopleRoute, ROUTES } from '@leasehold/contract/routes';
import type { Environment, People } from '@leasehold/definitions';
import { type Diagnosis, type ExamineOptions, examineAccount } from '@leasehold/doctor';
import {
  accessLogFormat,
  accessLogGroup,
  alertRegions,
  alertRuleName,
  alertRules,
  alertTopicArn,
  alertTopicPolicy,
  brokerAlarmName,
  brokerAlarms,
  brokerBusArn,
  brokerFunctionArn,
  brokerName,
  brokerRoleArn,
  brokerStage,
  brokerVariables,
  CONSOLE_ROUTES,
  consoleFunctionArn,
  countName,
  eventsTableName,
  eventsTablePolicy,
  GROUPS_GIVEN,
  groupsGivenRuleName,
  HEALTH_KEY,
  KEYS_CHANGED,
  keysChangedRuleName,
  logGroupArn,
  mfaDeviceArn,
  OUTCOME_FILTERS,
  OUTCOME_SOURCE,
  OUTCOME_TEMPLATE,
  OUTCOME_TYPE,
  outcomesRoleArn,
  projectionsTableName,
  projectionsTablePolicy,
  RECORD_CHANGED,
  recordChangedRuleName,
  recordKeyAlias,
  recordKeyPolicy,
  recordKeyRuleName,
  redirectAddresses,
  reviewerSecretName,
  reviewerTarget,
  routeLimits,
  SWEEP_EVENT,
  signedOutAddress,
  signInName,
  signInScope,
  stackName,
  tableArn,
  trailBucketName,
  trailBucketPolicy,
} from '@leasehold/documents';
import { deployedIdentities } from '../../../lib/doctor/roles/deployed-identities';
import { aBroker, aBrokerEnvironment, aBrokeredRole, anAuditRole, brokerRules } from '../../support/broker-environment';
import { aReleaseRole, aRole } from '../../support/environment';
import { somePeople } from '../../support/people-environment';

type Input = Readonly<Record<string, unknown>>;
/** The answer to a call: the output, or an error that is thrown. */
export type Answer = (input: Input, region: string) => object | Promise<object>;
/** `service:Command` → answer. */
export type Answers = Readonly<Record<string, Answer>>;

/** The day on which the account is examined. */
export const NOW = new Date('2026-11-30T12:00:00Z');
const KEY = '11111111-2222-3333-4444-555555555555';
const API = 'a1b2c3d4e5';

/** An environment with every part that the doctor verifies. */
export function fullEnvironment(overrides: Partial<Environment> = {}): Environment {
  return aBrokerEnvironment({
    alerts: { emails: ['security@example.com'], trail: 'create', hours: { from: 6, to: 20 } },
    broker: aBroker({
      people: somePeople(),
      reviewer: { provider: 'openai', model: 'm', endpoint: 'https://llm.example', key: true, timeoutSeconds: 9 },
    }),
    roles: [
      aBrokeredRole({ broker: brokerRules({ humans: 0 }) }),
      aRole({ name: 'report' }),
      aReleaseRole({ gates: ['broker', 'mfa'], broker: brokerRules({ humans: 2 }) }),
      anAuditRole(),
    ],
    ...overrides,
  });
}

/** An error as AWS answers it. */
export function awsError(name: string, status = 400): Error {
  return Object.assign(new Error(`${name}: the text of AWS`), { name, $metadata: { httpStatusCode: status } });
}

export const refuse =
  (name: string, status?: number): Answer =>
  () =>
    Promise.reject(awsError(name, status));

/** The answers of an undamaged account. */
export function healthyAnswers(environment: Environment): Answers {
  const { account, region, partition } = environment;
  const arn = (service: string, resource: string, where = region) =>
    `arn:${partition}:${service}:${where}:${account}:${resource}`;
  const trail = arn('cloudtrail', 'trail/hermes-dev-trail');
  const keyArn = arn('kms', `key/${KEY}`);
  const alerts = environment.alerts;
  return {
    'sts:GetCallerIdentity': () => ({ Account: account, Arn: `arn:aws:iam::${account}:user/auditor` }),
    'iam:GetAccountAuthorizationDetails': () => authorizationOf(environment),
    'iam:ListRoles': () => ({
      Roles: deployedIdentities(environment)
        .filter(({ kind }) => kind === 'role')
        .map(({ name, arn: Arn }) => ({ RoleName: name, Arn, MaxSessionDuration: 3600 })),
    }),
    'iam:GetPolicy': refuse('NoSuchEntityException', 404),
    'iam:GetPolicyVersion': refuse('NoSuchEntityException', 404),
    'iam:GetAccountSummary': () => ({
      SummaryMap: {
        Roles: 12,
        RolesQuota: 1000,
        Policies: 9,
        PoliciesQuota: 1500,
        Users: 5,
        UsersQuota: 5000,
        AttachedPoliciesPerRoleQuota: 10,
        AttachedPoliciesPerUserQuota: 10,
        AssumeRolePolicySizeQuota: 2048,
      },
    }),
    'iam:GetLoginProfile': refuse('NoSuchEntityException', 404),
    'iam:ListAccessKeys': () => ({
      AccessKeyMetadata: [{ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status: 'Active', CreateDate: daysAgo(10) }],
    }),
    'iam:GetAccessKeyLastUsed': () => ({
      AccessKeyLastUsed: { ServiceName: 'sts', Region: region, LastUsedDate: daysAgo(1) },
    }),
    'iam:ListMFADevices': ({ UserName }) => ({
      MFADevices: environment.agents
        .filter(({ name }) => UserName === `${stackName(environment)}-${name}`)
        .flatMap((agent) =>
          environment.approvers.map((approver) => ({ SerialNumber: mfaDeviceArn(approver, agent, environment) })),
        ),
    }),
    'iam:ListSSHPublicKeys': () => ({ SSHPublicKeys: [] }),
    'iam:ListSigningCertificates': () => ({ Certificates: [] }),
    'iam:ListServiceSpecificCredentials': () => ({ ServiceSpecificCredentials: [] }),
    'organizations:DescribeOrganization': () => ({ Organization: { Id: 'o-1', MasterAccountId: '999999999999' } }),
    'organizations:ListParents': ({ ChildId }) => ({
      Parents: [ChildId === account ? { Id: 'ou-1', Type: 'ORGANIZATIONAL_UNIT' } : { Id: 'r-1', Type: 'ROOT' }],
    }),
    'organizations:ListPoliciesForTarget': ({ Filter }) => ({
      Policies: [{ Id: Filter === 'SERVICE_CONTROL_POLICY' ? 'p-FullAWSAccess' : 'p-RCPFullAWSAccess' }],
    }),
    'organizations:DescribePolicy': ({ PolicyId }) => ({ Policy: { Content: FULL_ACCESS[String(PolicyId)] } }),
    'account:GetRegionOptStatus': () => ({ RegionOptStatus: 'ENABLED_BY_DEFAULT' }),
    'account:ListRegions': () => ({
      Regions: [
        { RegionName: region, RegionOptStatus: 'ENABLED_BY_DEFAULT' },
        { RegionName: 'eu-west-1', RegionOptStatus: 'ENABLED' },
        { RegionName: 'ap-east-1', RegionOptStatus: 'DISABLED' },
      ],
    }),
    'accessanalyzer:ListAnalyzers': () => ({ analyzers: [{ name: 'account', type: 'ACCOUNT', status: 'ACTIVE' }] }),
    'cloudtrail:DescribeTrails': () => ({
      trailList: [
        {
          Name: 'hermes-dev-trail',
          TrailARN: trail,
          HomeRegion: region,
          IsMultiRegionTrail: true,
          IncludeGlobalServiceEvents: true,
          LogFileValidationEnabled: true,
          S3BucketName: trailBucketName(environment),
        },
      ],
    }),
    'cloudtrail:GetTrailStatus': () => ({ IsLogging: true }),
    'cloudtrail:GetEventSelectors': () => ({
      EventSelectors: [
        { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
      ],
    }),
    'cloudtrail:LookupEvents': () => ({ Events: [] }),
    'cloudwatch:DescribeAlarms': () => ({
      MetricAlarms: brokerAlarms(environment).map((alarm) => ({
        AlarmName: brokerAlarmName(alarm, environment),
        Namespace: alarm.namespace,
        MetricName: alarm.metric,
        Dimensions: Object.entries(alarm.dimensions).map(([Name, Value]) => ({ Name, Value })),
        ...(alarm.statistic === 'Sum' ? { Statistic: 'Sum' } : { ExtendedStatistic: alarm.statistic }),
        Threshold: alarm.threshold,
        EvaluationPeriods: alarm.periods,
        Period: 300,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
        StateValue: 'INSUFFICIENT_DATA',
        ActionsEnabled: true,
        AlarmActions: [alertTopicArn(environment, region)],
      })),
    }),
    'sns:ListTopics': () => ({
      Topics: [{ TopicArn: alertTopicArn(environment, region) }, { TopicArn: arn('sns', 'news') }],
    }),
    'sns:GetTopicAttributes': ({ TopicArn }, where) => ({
      Attributes: {
        Policy:
          TopicArn === alertTopicArn(environment, where) && alerts
            ? JSON.stringify(alertTopicPolicy(environment, alerts, where))
            : '',
      },
    }),
    'sns:ListSubscriptionsByTopic': ({ TopicArn }) => ({
      Subscriptions: [{ Endpoint: 'security@example.com', SubscriptionArn: `${TopicArn}:1`, Protocol: 'email' }],
    }),
    'sns:GetSubscriptionAttributes': ({ SubscriptionArn }) => ({
      Attributes: { SubscriptionArn, Protocol: 'email', PendingConfirmation: 'false' },
    }),
    'events:DescribeRule': ({ Name }, where) =>
      ruleNamed(String(Name), where, environment) ?? refuse('ResourceNotFoundException')({}, where),
    'events:ListTargetsByRule': ({ Rule }, where) => ({
      Targets: [
        Rule === 'hermes-dev-sweep'
          ? { Id: 'broker', Arn: brokerFunctionArn(environment), Input: JSON.stringify(SWEEP_EVENT) }
          : { Id: 'alerts', Arn: alertTopicArn(environment, where) },
      ],
    }),
    'events:DescribeEventBus': ({ Name }) => ({ Name }),
    's3:ListBuckets': () => ({ Buckets: [{ Name: 'someone-elses' }] }),
    's3:GetBucketPolicy': ({ Bucket }, where) =>
      Bucket === trailBucketName(environment)
        ? { Policy: JSON.stringify(trailBucketPolicy(environment)) }
        : refuse('NoSuchBucketPolicy', 404)({}, where),
    's3:GetBucketVersioning': () => ({ Status: 'Enabled' }),
    's3:GetBucketLifecycleConfiguration': refuse('NoSuchLifecycleConfiguration', 404),
    's3:GetPublicAccessBlock': () => ({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
    'kms:ListKeys': () => ({
      Keys: [
        { KeyId: KEY, KeyArn: keyArn },
        { KeyId: 'other', KeyArn: arn('kms', 'key/other') },
      ],
    }),
    'kms:ListAliases': () => ({ Aliases: [{ AliasName: recordKeyAlias(environment), TargetKeyId: KEY }] }),
    'kms:DescribeKey': () => ({
      KeyMetadata: keyMetadata(),
    }),
    'kms:GetKeyPolicy': ({ KeyId }) => ({
      Policy: JSON.stringify(KeyId === KEY ? recordKeyPolicy(environment) : OWN_ACCOUNT(account)),
    }),
    'kms:ListGrants': () => ({ Grants: [] }),
    'secretsmanager:ListSecrets': () => ({ SecretList: [{ ARN: arn('secretsmanager', 'secret:other-a1b2c3') }] }),
    'secretsmanager:GetResourcePolicy': () => ({}),
    'secretsmanager:DescribeSecret': () => ({
      Name: reviewerSecretName(environment),
      VersionIdsToStages: { v1: ['AWSCURRENT'] },
      LastChangedDate: daysAgo(30),
    }),
    'sqs:ListQueues': () => ({ QueueUrls: [`https://sqs.${region}.amazonaws.com/${account}/jobs`] }),
    'sqs:GetQueueAttributes': () => ({ Attributes: {} }),
    'ecr:DescribeRepositories': () => ({
      repositories: [{ repositoryName: 'images', repositoryArn: arn('ecr', 'repository/images') }],
    }),
    'ecr:GetRepositoryPolicy': refuse('RepositoryPolicyNotFoundException'),
    'lambda:ListFunctions': (_, where) => ({
      Functions: [
        {
          FunctionName: brokerName(environment),
          FunctionArn: brokerFunctionArn(environment),
          Role: brokerRoleArn(environment),
          Version: '$LATEST',
          CodeSha256: 'Y29kZQ==',
        },
        {
          FunctionName: 'nightly',
          FunctionArn: arn('lambda', 'function:nightly'),
          Role: `arn:aws:iam::${account}:role/x`,
          Version: '$LATEST',
          CodeSha256: 'bmlnaHRseQ==',
        },
      ].filter((_, index) => index > 0 || where === region),
    }),
    'lambda:ListAliases': () => ({ Aliases: [] }),
    'lambda:ListFunctionUrlConfigs': () => ({ FunctionUrlConfigs: [] }),
    'lambda:ListEventSourceMappings': () => ({ EventSourceMappings: [] }),
    'lambda:ListFunctionEventInvokeConfigs': () => ({ FunctionEventInvokeConfigs: [] }),
    'lambda:GetPolicy': ({ FunctionName }) =>
      String(FunctionName).endsWith(brokerName(environment))
        ? { Policy: JSON.stringify(functionPolicy(environment)) }
        : refuse('ResourceNotFoundException', 404)({}, region),
    'lambda:GetFunctionConfiguration': () => ({
      Role: brokerRoleArn(environment),
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      CodeSha256: 'Y29kZQ==',
      State: 'Active',
      Timeout: 29,
      PackageType: 'Zip',
      Environment: {
        Variables: {
          ...brokerVariables(environment),
          LEASEHOLD_RECORD_KEY: keyArn,
          ...(environment.broker?.people?.signIn.type === 'cognito' && {
            LEASEHOLD_USER_POOL: issuerOf(environment),
            LEASEHOLD_USER_POOL_CLIENT: CLIENT,
          }),
        },
      },
    }),
    'apigateway:GetApis': () => ({
      Items: [
        { ApiId: API, Name: brokerName(environment), ProtocolType: 'HTTP', ApiEndpoint: endpointOf(environment) },
        { ApiId: 'f6g7h8', Name: 'shop', ProtocolType: 'HTTP', ApiEndpoint: 'https://f6g7h8.example' },
      ],
    }),
    'apigateway:ExportApi': () => ({ body: Buffer.from(JSON.stringify(EXPORTED)) }),
    'apigateway:GetRoutes': () => ({
      Items: [
        ...Object.values(ROUTES).map(({ method, path }) => ({
          RouteKey: `${method} ${path}`,
          AuthorizationType: 'AWS_IAM',
          Target: 'integrations/i1',
        })),
        ...(environment.broker?.people === undefined ? [] : Object.values(ROUTES).map(peopleRoute)).map(
          ({ method, path }) => ({
            RouteKey: `${method} ${path}`,
            AuthorizationType: 'JWT',
            AuthorizerId: 'au1',
            AuthorizationScopes: [signInScope(environment.broker?.people as People)],
            Target: 'integrations/i1',
          }),
        ),
        ...(environment.broker?.people === undefined ? [] : Object.values(CONSOLE_ROUTES)).map((RouteKey) => ({
          RouteKey,
          AuthorizationType: 'NONE',
          Target: 'integrations/i2',
        })),
      ],
    }),
    'apigateway:GetAuthorizers': () => ({
      Items: [
        {
          AuthorizerId: 'au1',
          Name: signInName(environment),
          AuthorizerType: 'JWT',
          IdentitySource: ['$request.header.Authorization'],
          JwtConfiguration: jwtOf(environment),
        },
      ],
    }),
    'apigateway:GetIntegrations': () => ({
      Items: [brokerFunctionArn(environment), consoleFunctionArn(environment)].map((functionArn, index) => ({
        IntegrationId: `i${index + 1}`,
        IntegrationType: 'AWS_PROXY',
        PayloadFormatVersion: '2.0',
        ConnectionType: 'INTERNET',
        IntegrationUri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
      })),
    }),
    'apigateway:GetStages': () => ({
      Items: [
        {
          StageName: brokerStage(environment),
          AutoDeploy: true,
          AccessLogSettings: {
            DestinationArn: logGroupArn(accessLogGroup(environment), environment),
            Format: accessLogFormat(environment),
          },
          DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
          RouteSettings: Object.fromEntries(
            [...routeLimits(environment)].map(([key, { throttlingRateLimit, throttlingBurstLimit }]) => [
              key,
              { ThrottlingRateLimit: throttlingRateLimit, ThrottlingBurstLimit: throttlingBurstLimit },
            ]),
          ),
          StageVariables: {},
        },
      ],
    }),
    ...poolAnswers(environment),
    'dynamodb:DescribeTable': ({ TableName }) => ({
      Table: {
        TableName,
        TableStatus: 'ACTIVE',
        ...(TableName === eventsTableName(environment) ? { LatestStreamArn: streamOf(environment) } : {}),
        DeletionProtectionEnabled: true,
        SSEDescription: { Status: 'ENABLED' },
        StreamSpecification: { StreamEnabled: TableName === eventsTableName(environment), StreamViewType: 'NEW_IMAGE' },
      },
    }),
    'dynamodb:DescribeContinuousBackups': () => ({
      ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' } },
    }),
    'dynamodb:DescribeTimeToLive': ({ TableName }) => ({
      TimeToLiveDescription:
        TableName === projectionsTableName(environment)
          ? { TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' }
          : { TimeToLiveStatus: 'DISABLED' },
    }),
    'dynamodb:GetResourcePolicy': ({ ResourceArn }) => ({
      Policy: JSON.stringify(
        ResourceArn === tableArn(eventsTableName(environment), environment)
          ? eventsTablePolicy(environment)
          : projectionsTablePolicy(environment),
      ),
    }),
    'dynamodb:Query': () => ({ Items: [] }),
    'dynamodb:Scan': () => ({ Items: [] }),
    'dynamodb:GetItem': ({ Key }) => {
      const { pk } = (Key ?? { pk: { S: HEALTH_KEY.pk } }) as { readonly pk: { readonly S: string } };
      if (pk.S === HEALTH_KEY.pk) return { Item: healthItem(environment) };
      return { Item: { [countName('requests', 60, SECONDS)]: { N: '2' } } };
    },
    'pipes:DescribePipe': () => ({
      CurrentState: 'RUNNING',
      Source: streamOf(environment),
      SourceParameters: {
        FilterCriteria: { Filters: OUTCOME_FILTERS.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
        DynamoDBStreamParameters: {
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 10,
          MaximumRecordAgeInSeconds: -1,
          MaximumRetryAttempts: -1,
        },
      },
      TargetParameters: {
        InputTemplate: OUTCOME_TEMPLATE,
        EventBridgeEventBusParameters: { Source: OUTCOME_SOURCE, DetailType: OUTCOME_TYPE },
      },
      Target: brokerBusArn(environment),
      RoleArn: outcomesRoleArn(environment),
    }),
  };
}

const SECONDS = NOW.getTime() / 1000;

/** The health that the function states, with a change. */
export function healthItem({ broker }: Environment, change: object = {}) {
  return {
    at: { N: String(SECONDS - 20) },
    completeAt: { N: String(SECONDS - 20) },
    askedAt: { N: String(SECONDS - 600) },
    target: { S: broker?.reviewer === undefined ? '' : reviewerTarget(broker.reviewer) },
    result: { S: 'answered' },
    ...change,
  };
}

/** One healthy answer. */
export async function healthyAnswer(
  environment: Environment,
  call: string,
  input: Input,
  region: string,
): Promise<object> {
  const answer = healthyAnswers(environment)[call];
  if (answer === undefined) throw new Error(`nobody wrote an answer to ${call}`);
  return answer(input, region);
}

const CLIENT = '4client5id';

const EXPORTED = { openapi: '3.0.1', info: { title: 'x' }, servers: [], paths: { '/leases': {} }, components: {} };

function endpointOf({ region }: Environment): string {
  return `https://${API}.execute-api.${region}.amazonaws.com`;
}

function streamOf(environment: Environment): string {
  return `${tableArn(eventsTableName(environment), environment)}/stream/2026-01-01T00:00:00.000`;
}

/** The metadata of the key of the records, with a change. */
export function keyMetadata(change: object = {}) {
  return {
    KeyId: KEY,
    KeyState: 'Enabled',
    KeyUsage: 'GENERATE_VERIFY_MAC',
    KeySpec: 'HMAC_256',
    KeyManager: 'CUSTOMER',
    Origin: 'AWS_KMS',
    MultiRegion: false,
    ...change,
  };
}

function poolId({ region }: Environment): string {
  return `${region}_AbCdEf123`;
}

function issuerOf(environment: Environment): string {
  return `https://cognito-idp.${environment.region}.amazonaws.com/${poolId(environment)}`;
}

/** The user pool, if the environment has one. */
function poolAnswers(environment: Environment): Answers {
  const signIn = environment.broker?.people?.signIn;
  if (signIn?.type !== 'cognito') return {};
  const domain = environment.broker?.console?.domain;
  const address = domain ? `https://${domain}` : `${endpointOf(environment)}/${brokerStage(environment)}`;
  return {
    'cognito:ListUserPools': () => ({
      UserPools: [
        { Id: `${environment.region}_other`, Name: 'shop' },
        { Id: poolId(environment), Name: signInName(environment) },
      ],
    }),
    'cognito:DescribeUserPool': () => ({
      UserPool: {
        DeletionProtection: 'ACTIVE',
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
        LambdaConfig: {},
        Policies: {
          PasswordPolicy: {
            MinimumLength: signIn.passwordLength,
            RequireLowercase: true,
            RequireUppercase: true,
            RequireNumbers: true,
            RequireSymbols: true,
          },
        },
      },
    }),
    'cognito:GetUserPoolMfaConfig': () => ({
      MfaConfiguration: 'ON',
      SoftwareTokenMfaConfiguration: { Enabled: true },
    }),
    'cognito:ListUserPoolClients': () => ({
      UserPoolClients: [{ ClientId: CLIENT, ClientName: signInName(environment) }],
    }),
    'cognito:DescribeUserPoolClient': () => ({
      UserPoolClient: {
        AllowedOAuthFlows: ['code'],
        AllowedOAuthScopes: ['openid'],
        SupportedIdentityProviders: ['COGNITO'],
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
        CallbackURLs: redirectAddresses(signIn, address),
        LogoutURLs: [signedOutAddress(address)],
        AccessTokenValidity: signIn.accessSeconds,
        RefreshTokenValidity: signIn.refreshSeconds,
        TokenValidityUnits: { AccessToken: 'seconds', IdToken: 'seconds', RefreshToken: 'seconds' },
        EnableTokenRevocation: true,
        PreventUserExistenceErrors: 'ENABLED',
      },
    }),
  };
}

function jwtOf(environment: Environment) {
  const signIn = environment.broker?.people?.signIn;
  return signIn?.type === 'oidc'
    ? { Issuer: signIn.issuer, Audience: [signIn.audience] }
    : { Issuer: issuerOf(environment), Audience: [CLIENT] };
}

/** Examines an account that is undamaged except for these answers. `sent` gets every call with its input. */
export function examined(
  environment: Environment,
  answers: Answers = {},
  options: ExamineOptions & {
    readonly sent?: (call: string, input: Input, region: string) => void;
    /** Milliseconds that every answer takes. @default 0 */
    readonly pause?: number;
    /** Whether requests are composed, with their addresses, before they are answered. It takes longer. @default false */
    readonly composed?: boolean;
    /** AWS's time in every answer. @default the day of the examination */
    readonly date?: Date | 'none';
  } = {},
): Promise<Diagnosis> {
  const { sent, pause = 0, composed = false, date = NOW, ...rest } = options;
  const all: Answers = { ...healthyAnswers(environment), ...answers };
  return examineAccount(environment, {
    now: NOW,
    clock: () => NOW.getTime(),
    brokerCode: 'Y29kZQ==',
    verifyRecord: () => undefined,
    verifyPasskeys: async () => ({ broken: new Map(), owners: [] }),
    attempts: 1,
    configure: (_service, region) => ({ region, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }),
    onClient: (client) => {
      const { region } = client.config as { readonly region: () => Promise<string> };
      client.middlewareStack.add(answering(all, region, sent, pause, date), {
        step: composed ? 'finalizeRequest' : 'initialize',
        name: 'answers',
      });
    },
    ...rest,
  });
}

/** A middleware that answers in place of AWS. */
function answering(
  answers: Answers,
  region: () => Promise<string>,
  sent: ((call: string, input: Input, region: string) => void) | undefined,
  pause: number,
  date: Date | 'none',
) {
  return (_next: unknown, { clientName, commandName }: { clientName: string; commandName: string }) =>
    async ({ input }: { input: Input }) => {
      const call = `${SHORT_NAMES[clientName] ?? clientName}:${commandName.replace(/Command$/, '')}`;
      const where = await region();
      sent?.(call, input, where);
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      const answer = answers[call];
      if (answer === undefined) throw new Error(`nobody wrote an answer to ${call}`);
      const headers = date === 'none' ? {} : { date: date.toUTCString() };
      return { response: { headers }, output: { $metadata: {}, ...(await answer(input, where)) } };
    };
}

/** Names of clients in the doctor's table of calls. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  AccessAnalyzerClient: 'accessanalyzer',
  AccountClient: 'account',
  ApiGatewayV2Client: 'apigateway',
  CloudTrailClient: 'cloudtrail',
  CloudWatchClient: 'cloudwatch',
  CognitoIdentityProviderClient: 'cognito',
  DynamoDBClient: 'dynamodb',
  ECRClient: 'ecr',
  EventBridgeClient: 'events',
  IAMClient: 'iam',
  KMSClient: 'kms',
  LambdaClient: 'lambda',
  OrganizationsClient: 'organizations',
  PipesClient: 'pipes',
  S3Client: 's3',
  SecretsManagerClient: 'secretsmanager',
  SNSClient: 'sns',
  SQSClient: 'sqs',
  STSClient: 'sts',
};

const FULL_ACCESS: Readonly<Record<string, string>> = {
  'p-FullAWSAccess': '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  'p-RCPFullAWSAccess':
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
};

const OWN_ACCOUNT = (account: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }],
});

function daysAgo(days: number): Date {
  return new Date(NOW.getTime() - days * 86_400_000);
}

/** A user or role in the answer of `GetAccountAuthorizationDetails`. */
export interface IdentityDetail {
  readonly kind: 'user' | 'role';
  readonly UserName?: string;
  readonly RoleName?: string;
  readonly Arn: string;
  readonly [field: string]: unknown;
}

/** The answer of `GetAccountAuthorizationDetails` for what is deployed, on one page. */
export function authorizationOf(environment: Environment) {
  const identities = deployedIdentities(environment);
  const encoded = (document: object) => encodeURIComponent(JSON.stringify(document));
  const details = identities.map(
    ({ kind, name, arn, inline, attached, boundary, trust }): IdentityDetail => ({
      [kind === 'user' ? 'UserName' : 'RoleName']: name,
      [kind === 'user' ? 'UserId' : 'RoleId']: `${kind === 'user' ? 'AIDA' : 'AROA'}${name.toUpperCase()}`,
      Arn: arn,
      Path: arn.replace(/^[^/]*(\/(?:.*\/)?)[^/]*$/, '$1'),
      [kind === 'user' ? 'UserPolicyList' : 'RolePolicyList']: [...inline].map(([PolicyName, document]) => ({
        PolicyName,
        PolicyDocument: encoded(document),
      })),
      AttachedManagedPolicies: [...attached.keys()].map((PolicyArn) => ({ PolicyArn })),
      PermissionsBoundary: { PermissionsBoundaryArn: boundary.arn, PermissionsBoundaryType: 'Policy' },
      ...(kind === 'user' && { GroupList: [] }),
      ...(trust && { AssumeRolePolicyDocument: encoded(trust) }),
      Tags: [{ Key: 'leasehold:stack', Value: stackName(environment) }],
      kind,
    }),
  );
  const policies = new Map(
    identities.flatMap(({ attached, boundary }) => [...attached, [boundary.arn, boundary.document] as const]),
  );
  return {
    UserDetailList: details.filter(({ kind }) => kind === 'user'),
    RoleDetailList: details.filter(({ kind }) => kind === 'role'),
    GroupDetailList: [],
    Policies: [...policies].map(([Arn, document]) => ({
      Arn,
      DefaultVersionId: 'v1',
      PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: encoded(document) }],
    })),
  };
}

function ruleNamed(name: string, region: string, environment: Environment) {
  const { alerts, partition, account } = environment;
  if (name === 'hermes-dev-sweep') return { State: 'ENABLED', ScheduleExpression: 'rate(1 minute)' };
  const json = (pattern: object) => ({ State: 'ENABLED', EventPattern: JSON.stringify(pattern) });
  if (name === keysChangedRuleName(environment)) return json(KEYS_CHANGED);
  if (name === recordChangedRuleName(environment)) return json(RECORD_CHANGED);
  if (name === groupsGivenRuleName(environment)) return json(GROUPS_GIVEN);
  if (name === recordKeyRuleName(environment)) {
    const keyId = [KEY, `arn:${partition}:kms:${region}:${account}:key/${KEY}`];
    return json({
      'detail-type': ['AWS API Call via CloudTrail'],
      source: ['aws.kms'],
      detail: { requestParameters: { keyId } },
    });
  }
  if (alerts === undefined || !alertRegions(environment).includes(region)) return undefined;
  const rule = alertRules(environment, alerts, region).find((each) => alertRuleName(each, environment) === name);
  return (
    rule && {
      ...json(rule.pattern),
      State: rule.readOnly ? 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' : 'ENABLED',
    }
  );
}

function functionPolicy(environment: Environment) {
  const { partition, region, account } = environment;
  const caller = (Sid: string, Service: string, source: string) => ({
    Sid,
    Effect: 'Allow',
    Principal: { Service },
    Action: 'lambda:InvokeFunction',
    Resource: brokerFunctionArn(environment),
    Condition: { ArnLike: { 'AWS:SourceArn': source } },
  });
  return {
    Version: '2012-10-17',
    Statement: [
      caller('sweep', 'events.amazonaws.com', `arn:${partition}:events:${region}:${account}:rule/hermes-dev-sweep`),
      caller(
        'api',
        'apigateway.amazonaws.com',
        `arn:${partition}:execute-api:${region}:${account}:${API}/${brokerStage(environment)}/*`,
      ),
    ],
  };
}
