/** Damages to the broker by which somebody could act as it, or hide what it does. */
import { brokerFunctionArn, brokerName, brokerRoleArn, OUTCOME_FILTERS, signInName } from '@leasehold/documents';
import { examined, healthyAnswer, keyMetadata, refuse } from './support/account';
import { account, type Case, changed, environment, policy, region, testDamages } from './support/damage';

type Fields = Readonly<Record<string, unknown>>;

const OTHER_POOL = `https://cognito-idp.${region}.amazonaws.com/${region}_Evil`;
const ACTS = `arn:aws:iam::${account}:role/x`;

/** A function of Lambda in the answer of `ListFunctions`. */
const aFunction = (name: string, change: Fields = {}, where = region) => ({
  FunctionName: name,
  FunctionArn: `arn:aws:lambda:${where}:${account}:function:${name}`,
  Role: ACTS,
  Version: '$LATEST',
  CodeSha256: 'eA==',
  ...change,
});

/** The functions of a region, with another one. Published versions are listed only if they are asked for. */
const functions = (change: Fields, where = region, name = 'copy') =>
  changed('lambda:ListFunctions', ({ Functions }, { FunctionVersion }, asked) => {
    const another = aFunction(name, change, where);
    const listed = asked === where && (another.Version === '$LATEST' || FunctionVersion === 'ALL');
    return { Functions: listed ? [...Functions, another] : Functions };
  });

/** Healthy answers whose first item has a change. */
const first = (call: string, change: Fields) =>
  changed(call, ({ Items: [item, ...rest] }) => ({ Items: [{ ...item, ...change }, ...rest] }));

const configured = (change: Fields) => changed('lambda:GetFunctionConfiguration', (found) => ({ ...found, ...change }));

const FUNCTION: readonly Case[] = [
  {
    name: 'a published version of the function',
    found: 'broker-entrances',
    says: /has the version 3, which is not deployed\.$/,
    answers: {
      ...functions(
        { Version: '3', FunctionArn: `${brokerFunctionArn(environment)}:3` },
        region,
        brokerName(environment),
      ),
      ...changed('lambda:GetPolicy', (found, { Qualifier }) =>
        Qualifier === undefined ? found : (refuse('ResourceNotFoundException', 404)({}, region) as never),
      ),
    },
  },
  {
    name: 'an alias of the function with a policy of its own',
    found: 'broker-entrances',
    says: /the alias live, .*policy of its own/,
    answers: { 'lambda:ListAliases': () => ({ Aliases: [{ Name: 'live', FunctionVersion: '$LATEST' }] }) },
  },
  {
    name: 'a URL of the function',
    found: 'broker-entrances',
    says: /lambda-url\.example, with authorization NONE/,
    answers: {
      'lambda:ListFunctionUrlConfigs': () => ({
        FunctionUrlConfigs: [{ FunctionUrl: 'https://x.lambda-url.example', AuthType: 'NONE' }],
      }),
    },
  },
  {
    name: 'a queue whose messages call the function',
    found: 'broker-entrances',
    says: /Events from arn:aws:sqs/,
    answers: {
      'lambda:ListEventSourceMappings': () => ({
        EventSourceMappings: [{ EventSourceArn: `arn:aws:sqs:${region}:${account}:x` }],
      }),
    },
  },
  {
    name: 'a destination that gets the answers of the function',
    found: 'broker-entrances',
    says: /sent to arn:aws:sqs/,
    answers: {
      'lambda:ListFunctionEventInvokeConfigs': () => ({
        FunctionEventInvokeConfigs: [
          { DestinationConfig: { OnSuccess: { Destination: `arn:aws:sqs:${region}:${account}:x` } } },
        ],
      }),
    },
  },
  {
    name: "another function with the broker's role",
    found: 'broker-role-elsewhere',
    says: /function:copy runs as the broker's role/,
    answers: functions({ Role: brokerRoleArn(environment) }),
  },
  {
    name: "a function of another region with the broker's role",
    found: 'broker-role-elsewhere',
    says: /eu-west-1:123456789012:function:copy runs as the broker's role/,
    answers: functions({ Role: brokerRoleArn(environment) }, 'eu-west-1'),
  },
  {
    name: "a function of another region with the broker's name and role",
    found: 'broker-role-elsewhere',
    says: /eu-west-1.* runs as the broker's role/,
    answers: functions({ Role: brokerRoleArn(environment) }, 'eu-west-1', brokerName(environment)),
  },
  {
    name: "a published version of another function with the broker's role",
    found: 'broker-role-elsewhere',
    says: /function:copy:7 runs as the broker's role/,
    answers: functions({
      Role: brokerRoleArn(environment),
      Version: '7',
      FunctionArn: `arn:aws:lambda:${region}:${account}:function:copy:7`,
    }),
  },
  {
    name: "a function of another region with the broker's code",
    found: 'broker-role-elsewhere',
    says: /runs the broker's code/,
    answers: functions({ CodeSha256: 'Y29kZQ==' }, 'eu-west-1'),
  },
  {
    name: "a function with the broker's role on the second page of another region",
    found: 'broker-role-elsewhere',
    says: /function:copy runs/,
    answers: {
      'lambda:ListFunctions': async ({ Marker }, where) => {
        const found = await healthyAnswer(environment, 'lambda:ListFunctions', {}, where);
        if (where !== 'eu-west-1') return found;
        return Marker === undefined
          ? { ...found, NextMarker: 'more' }
          : { Functions: [aFunction('copy', { Role: brokerRoleArn(environment) }, where)] };
      },
    },
  },
  ...(
    [
      ['in a VPC', { VpcConfig: { VpcId: 'vpc-1' } }, /runs in a VPC/],
      ['with more time', { Timeout: 900 }, /may run for 900 seconds/],
      ['with a dead letter queue', { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:x' } }, /sends failed events to arn/],
      ['with another log', { LoggingConfig: { LogGroup: '/elsewhere' } }, /log to \/elsewhere/],
      ['from an image', { PackageType: 'Image' }, /runs index\.handler with/],
      ['that is inactive', { State: 'Inactive' }, /is Inactive/],
      ['with a file system', { FileSystemConfigs: [{ Arn: 'x', LocalMountPath: '/mnt' }] }, /mounts a file system/],
    ] as const
  ).map(
    ([how, change, says]): Case => ({
      name: `a function ${how}`,
      found: 'broker-function',
      says,
      answers: configured(change),
    }),
  ),
];

const exportOf = (stage: object, api: object = stage) => ({
  'apigateway:ExportApi': ({ StageName }: Fields) => ({
    body: Buffer.from(JSON.stringify(StageName === undefined ? api : stage)),
  }),
});
const ROUTES_OF_API = { paths: { '/leases': { post: { security: [{ sigv4: [] }] } } }, components: { a: 1 } };

const API: readonly Case[] = [
  {
    name: 'a stage that is not deployed automatically',
    found: 'broker-deployment',
    says: /not deployed automatically/,
    answers: first('apigateway:GetStages', { AutoDeploy: false }),
  },
  {
    name: 'a stage that serves a route without authorization',
    found: 'broker-deployment',
    says: /routes that the stage serves differ/,
    answers: exportOf({ ...ROUTES_OF_API, paths: { '/leases': { post: {} } } }, ROUTES_OF_API),
  },
  {
    name: 'a stage that serves other tokens',
    found: 'broker-deployment',
    says: /routes that the stage serves differ/,
    answers: exportOf({ ...ROUTES_OF_API, components: { a: 2 } }, ROUTES_OF_API),
  },
  ...(
    [
      ['no access log', { AccessLogSettings: undefined }, /writes no access log/],
      [
        'another access log',
        { AccessLogSettings: { DestinationArn: 'arn:aws:logs:x:1:log-group:y', Format: '{}' } },
        /writes no access log/,
      ],
      ['no limit', { DefaultRouteSettings: {} }, /throttling limits of the stage/],
      [
        'a higher limit',
        { DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 5000 } },
        /throttling limits of the stage/,
      ],
      ['no limits of its routes', { RouteSettings: {} }, /throttling limits of the route GET/],
      ['variables', { StageVariables: { function: 'evil' } }, /has variables/],
    ] as const
  ).map(
    ([what, change, says]): Case => ({
      name: `a stage with ${what}`,
      found: 'broker-stage',
      says,
      answers: first('apigateway:GetStages', change),
    }),
  ),
  {
    name: 'a stage whose access log leaves out the caller',
    found: 'broker-stage',
    says: /leaves out or adds fields/,
    answers: changed('apigateway:GetStages', ({ Items: [stage] }) => ({
      Items: [{ ...stage, AccessLogSettings: { ...stage.AccessLogSettings, Format: '{"route":"$context.routeKey"}' } }],
    })),
  },
  {
    name: 'a route with settings of its own',
    found: 'broker-stage',
    says: /route POST \/leases has separate settings/,
    answers: changed('apigateway:GetStages', ({ Items: [stage] }) => ({
      Items: [{ ...stage, RouteSettings: { ...stage.RouteSettings, 'POST /leases': { ThrottlingRateLimit: 0 } } }],
    })),
  },
  {
    name: 'an API with its address turned off',
    found: 'broker-routes',
    says: /turned off/,
    answers: first('apigateway:GetApis', { DisableExecuteApiEndpoint: true }),
  },
  ...(
    [
      ['leads to the broker', { Target: 'integrations/i1' }, /integration with the console/],
      ['leads to another integration', { Target: 'integrations/e7' }, /integration with the console/],
      ['requires a signature', { AuthorizationType: 'AWS_IAM' }, /authorized by AWS_IAM, not by NONE/],
    ] as const
  ).map(
    ([how, change, says]): Case => ({
      name: `a route of the console that ${how}`,
      found: 'broker-routes',
      says,
      answers: changed('apigateway:GetRoutes', ({ Items }) => ({
        Items: Items.map((each: Fields) => (each.RouteKey === 'GET /console' ? { ...each, ...change } : each)),
      })),
    }),
  ),
  {
    name: 'a route of the broker that leads to the console',
    found: 'broker-routes',
    says: /integration with the broker/,
    answers: first('apigateway:GetRoutes', { Target: 'integrations/i2' }),
  },
  ...(
    [
      ['changes what callers sent', { RequestParameters: { 'overwrite:header.x': 'y' } }],
      ['changes what is answered', { ResponseParameters: { 200: { 'overwrite:statuscode': '403' } } }],
      ['calls with other credentials', { CredentialsArn: ACTS }],
      ['calls with another format of events', { PayloadFormatVersion: '1.0' }],
      ['calls through a VPC', { ConnectionType: 'VPC_LINK' }],
      ['is an HTTP proxy', { IntegrationType: 'HTTP_PROXY' }],
    ] as const
  ).map(
    ([how, change]): Case => ({
      name: `an integration that ${how}`,
      found: 'broker-routes',
      says: /does not have the deployed integration/,
      answers: first('apigateway:GetIntegrations', change),
    }),
  ),
];

const pool = (change: Fields) =>
  changed('cognito:DescribeUserPool', ({ UserPool }) => ({ UserPool: { ...UserPool, ...change } }));
const mfa = (change: Fields) => changed('cognito:GetUserPoolMfaConfig', (found) => ({ ...found, ...change }));
const client = (change: Fields) =>
  changed('cognito:DescribeUserPoolClient', ({ UserPoolClient }) => ({
    UserPoolClient: { ...UserPoolClient, ...change },
  }));

const SIGN_IN: readonly Case[] = [
  {
    name: 'another user pool in the function and in the authorizer',
    found: 'broker-routes',
    also: ['broker-function'],
    says: /authorizer of the route differs/,
    answers: {
      ...changed('lambda:GetFunctionConfiguration', (found) => ({
        ...found,
        Environment: { Variables: { ...found.Environment.Variables, LEASEHOLD_USER_POOL: OTHER_POOL } },
      })),
      ...first('apigateway:GetAuthorizers', { JwtConfiguration: { Issuer: OTHER_POOL, Audience: ['4client5id'] } }),
    },
  },
  {
    name: 'another client in the function',
    found: 'broker-function',
    says: /name a token issuer that was not deployed/,
    answers: changed('lambda:GetFunctionConfiguration', (found) => ({
      ...found,
      Environment: { Variables: { ...found.Environment.Variables, LEASEHOLD_USER_POOL_CLIENT: 'evil' } },
    })),
  },
  {
    name: 'a second user pool with the name of the stack',
    found: 'broker-sign-in',
    says: /Several user pools/,
    answers: changed('cognito:ListUserPools', ({ UserPools }) => ({
      UserPools: [...UserPools, { Id: `${region}_Evil`, Name: signInName(environment) }],
    })),
  },
  {
    name: 'a second client',
    found: 'broker-sign-in',
    says: /has the client evil, which Leasehold did not deploy/,
    answers: changed('cognito:ListUserPoolClients', ({ UserPoolClients }) => ({
      UserPoolClients: [...UserPoolClients, { ClientId: 'evil', ClientName: 'mobile' }],
    })),
  },
  ...(
    [
      ['in which anybody registers', pool({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } }), /register/],
      [
        'whose tokens a function changes',
        pool({ LambdaConfig: { PreTokenGeneration: 'arn:x' } }),
        /A trigger function can change/,
      ],
      ['that can be deleted', pool({ DeletionProtection: 'INACTIVE' }), /can be deleted/],
      [
        'with recovery by e-mail',
        pool({ AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] } }),
        /is enough to reset a password/,
      ],
      [
        'with short passwords',
        pool({ Policies: { PasswordPolicy: { MinimumLength: 6 } } }),
        /password policy of the user pool differs/,
      ],
      ['without MFA', mfa({ MfaConfiguration: 'OPTIONAL' }), /does not require MFA/],
      ['with codes by SMS', mfa({ SmsMfaConfiguration: { SmsAuthenticationMessage: 'x' } }), /by SMS or e-mail/],
      ['without authenticator apps', mfa({ SoftwareTokenMfaConfiguration: undefined }), /authenticator apps/],
      [
        'with a client for implicit flows',
        client({ AllowedOAuthFlows: ['code', 'implicit'] }),
        /OAuth flows of the client differ/,
      ],
      [
        'with a client for other scopes',
        client({ AllowedOAuthScopes: ['openid', 'admin'] }),
        /scopes of the client differ/,
      ],
      ['with a client for passwords', client({ ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] }), /sign-in flows/],
      ['with another issuer', client({ SupportedIdentityProviders: ['COGNITO', 'evil'] }), /identity providers/],
      ['that sends codes elsewhere', client({ CallbackURLs: ['https://evil.example'] }), /addresses after signing in/],
      ['with a client with a secret', client({ ClientSecret: 'x' }), /has a secret/],
      ['with tokens of a day', client({ AccessTokenValidity: 86_400 }), /token lifetimes of the client/],
      ['whose tokens cannot be revoked', client({ EnableTokenRevocation: false }), /cannot be revoked/],
    ] as const
  ).map(([how, answers, says]): Case => ({ name: `a user pool ${how}`, found: 'broker-sign-in', says, answers })),
];

const key = (change: Fields) => ({ 'kms:DescribeKey': () => ({ KeyMetadata: keyMetadata(change) }) });
const pipe = (change: Fields) => changed('pipes:DescribePipe', (found) => ({ ...found, ...change }));
const source = (change: Fields) =>
  changed('pipes:DescribePipe', (found) => ({
    ...found,
    SourceParameters: { ...found.SourceParameters, ...change },
  }));
const target = (change: Fields) =>
  changed('pipes:DescribePipe', (found) => ({
    ...found,
    TargetParameters: { ...found.TargetParameters, ...change },
  }));
const table = (change: Fields) =>
  changed('dynamodb:DescribeTable', ({ Table }, { TableName }) => ({
    Table: TableName === 'hermes-dev-lease-events' ? { ...Table, ...change } : Table,
  }));
const FILTERS = OUTCOME_FILTERS.map((pattern) => ({ Pattern: JSON.stringify(pattern) }));
const STARTS = { StartingPosition: 'TRIM_HORIZON', MaximumRecordAgeInSeconds: -1, MaximumRetryAttempts: -1 };

const RECORDS: readonly Case[] = [
  ...(
    [
      ['whose material somebody imported', key({ Origin: 'EXTERNAL' }), /was imported: whoever imported it/],
      ['of AWS', key({ KeyManager: 'AWS' }), /managed by AWS/],
      ['with replicas in other regions', key({ MultiRegion: true }), /replicas in other regions/],
      ['in a custom key store', key({ CustomKeyStoreId: 'cks-1' }), /custom key store/],
    ] as const
  ).map(([how, answers, says]): Case => ({ name: `a key ${how}`, found: 'broker-record-key', says, answers })),
  ...(
    [
      ['that leaves out outcomes', source({ FilterCriteria: { Filters: [{ Pattern: '{"eventName":["MODIFY"]}' }] } })],
      ['with a further filter', source({ FilterCriteria: { Filters: [...FILTERS, { Pattern: '{}' }] } })],
      ['without a filter', source({ FilterCriteria: undefined })],
      ['that starts with new records', source({ DynamoDBStreamParameters: { ...STARTS, StartingPosition: 'LATEST' } })],
      ['that skips old records', source({ DynamoDBStreamParameters: { ...STARTS, MaximumRecordAgeInSeconds: 60 } })],
      ['that tries once', source({ DynamoDBStreamParameters: { ...STARTS, MaximumRetryAttempts: 0 } })],
    ] as const
  ).map(
    ([how, answers]): Case => ({
      name: `a pipe ${how}`,
      found: 'broker-outcomes',
      says: /source settings of the pipe differ/,
      answers,
    }),
  ),
  ...(
    [
      ['that sends a fixed text', target({ InputTemplate: '{"outcome":"denied"}' })],
      ['that sends everything', target({ InputTemplate: undefined })],
      ['that sends another type', target({ EventBridgeEventBusParameters: { Source: 'leasehold', DetailType: 'x' } })],
    ] as const
  ).map(
    ([how, answers]): Case => ({
      name: `a pipe ${how}`,
      found: 'broker-outcomes',
      says: /target settings of the pipe differ/,
      answers,
    }),
  ),
  {
    name: 'a pipe that reads another stream of the table',
    found: 'broker-outcomes',
    says: /reads from .*stream\/2020/,
    answers: changed('pipes:DescribePipe', (found) => ({
      ...found,
      Source: String(found.Source).replace('2026-01-01', '2020-01-01'),
    })),
  },
  { name: 'a pipe to another bus', found: 'broker-outcomes', says: /sends to x/, answers: pipe({ Target: 'x' }) },
  { name: 'a pipe of another role', found: 'broker-outcomes', says: /runs as x/, answers: pipe({ RoleArn: 'x' }) },
  {
    name: 'a bus to which others may send',
    found: 'broker-outcomes',
    says: /other principals may be able to send events/,
    answers: changed('events:DescribeEventBus', (found) => ({
      ...found,
      Policy: policy({ Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: '*' }),
    })),
  },
  {
    name: 'a replica of the records in another region',
    found: 'broker-tables',
    says: /replica in eu-west-1/,
    answers: table({ Replicas: [{ RegionName: 'eu-west-1' }] }),
  },
  {
    name: 'a table that is archived',
    found: 'broker-tables',
    says: /state ARCHIVED/,
    answers: table({ TableStatus: 'ARCHIVED' }),
  },
  {
    name: 'a rule that watches another key',
    found: 'broker-rules',
    says: /event pattern of the rule differs/,
    answers: changed('events:DescribeRule', (found, { Name }) =>
      Name === 'hermes-dev-record-key'
        ? { ...found, EventPattern: found.EventPattern.replaceAll('1111', '2222') }
        : found,
    ),
  },
];

testDamages([...FUNCTION, ...API, ...SIGN_IN, ...RECORDS]);

it('a missing alias of the key leaves the pattern of its rule unchecked, and not the rest of the rule', async () => {
  const { verified } = await examined(environment, {
    'kms:ListAliases': () => ({ Aliases: [] }),
    ...changed('events:DescribeRule', (found, { Name }) =>
      Name === 'hermes-dev-record-key' ? { ...found, State: 'DISABLED' } : found,
    ),
  });
  const rules = verified.find(({ id }) => id === 'broker-rules');
  expect(rules?.damages.map(({ message }) => message)).toEqual(['The rule has the state DISABLED.']);
  expect(rules?.unchecked.map(({ why }) => why)).toEqual(['the alias of the key of the records does not exist']);
  expect(verified.find(({ id }) => id === 'broker-record-key')?.result).toBe('damaged');
});

it('functions of the own region are verified where the regions cannot be listed', async () => {
  const { verified } = await examined(environment, {
    'account:ListRegions': refuse('AccessDeniedException', 403),
    ...functions({ Role: brokerRoleArn(environment) }),
  });
  const [found] = verified.filter(({ id }) => id === 'broker-role-elsewhere');
  expect([found?.damages.length, found?.unchecked.length]).toEqual([1, 1]);
});

it("a copy of the broker's code is not ruled out where the hash of the code is unknown", async () => {
  const { verified } = await examined(environment, {}, { brokerCode: undefined });
  const results = Object.fromEntries(verified.map(({ id, result }) => [id, result]));
  expect([results['broker-role-elsewhere'], results['broker-code']]).toEqual(['not checked', 'not checked']);
  const damaged = await examined(environment, functions({ Role: brokerRoleArn(environment) }), {
    brokerCode: undefined,
  });
  const [found] = damaged.verified.filter(({ id }) => id === 'broker-role-elsewhere');
  expect([found?.damages.length, found?.unchecked.length]).toEqual([1, 1]);
});

it.each<[change: Fields, says: readonly RegExp[]]>([
  [
    { KeyManager: 'AWS' },
    [
      /^The alias points to a key that is managed by AWS, so the policy of the key differs from the key policy in the stack\.$/,
    ],
  ],
  [{ Origin: 'EXTERNAL' }, [/^The key material was imported: whoever imported it/]],
  [{ Origin: 'AWS_CLOUDHSM' }, [/^The key material is in a CloudHSM cluster/]],
  [{ Origin: 'EXTERNAL_KEY_STORE' }, [/^The key material is outside AWS/]],
  [{ Origin: 'ELSEWHERE' }, [/^The key material has the origin ELSEWHERE\.$/]],
  [{ Origin: 'EXTERNAL', KeyManager: 'AWS' }, [/managed by AWS/, /was imported/]],
])('a key of the records with %j: the message states what is wrong with it, and nothing else', async (change, says) => {
  const { verified } = await examined(environment, key(change));
  const messages = verified.find(({ id }) => id === 'broker-record-key')?.damages.map(({ message }) => message);
  expect(messages).toEqual(says.map((each) => expect.stringMatching(each)));
});
