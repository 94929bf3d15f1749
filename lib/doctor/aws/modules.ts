/** The SDK clients of the doctor. Each client is loaded at its first call; most clients are optional dependencies. */
import { Unread } from '../unread';

/** SDK client modules, by the short service names of this package. */
export interface Modules {
  readonly accessanalyzer: typeof import('@aws-sdk/client-accessanalyzer');
  readonly account: typeof import('@aws-sdk/client-account');
  readonly apigateway: typeof import('@aws-sdk/client-apigatewayv2');
  readonly cloudtrail: typeof import('@aws-sdk/client-cloudtrail');
  readonly cloudwatch: typeof import('@aws-sdk/client-cloudwatch');
  readonly cognito: typeof import('@aws-sdk/client-cognito-identity-provider');
  readonly dynamodb: typeof import('@aws-sdk/client-dynamodb');
  readonly ecr: typeof import('@aws-sdk/client-ecr');
  readonly events: typeof import('@aws-sdk/client-eventbridge');
  readonly iam: typeof import('@aws-sdk/client-iam');
  readonly kms: typeof import('@aws-sdk/client-kms');
  readonly lambda: typeof import('@aws-sdk/client-lambda');
  readonly organizations: typeof import('@aws-sdk/client-organizations');
  readonly pipes: typeof import('@aws-sdk/client-pipes');
  readonly s3: typeof import('@aws-sdk/client-s3');
  readonly secretsmanager: typeof import('@aws-sdk/client-secrets-manager');
  readonly sns: typeof import('@aws-sdk/client-sns');
  readonly sqs: typeof import('@aws-sdk/client-sqs');
  readonly sts: typeof import('@aws-sdk/client-sts');
}

export type Service = keyof Modules;

interface Loader {
  readonly from: string;
  /** Class of the client. */
  readonly client: string;
  readonly load: () => unknown;
}

/** The argument of each `require` is a literal, because a bundler must be able to find the module names. */
export const LOADERS: Readonly<Record<Service, Loader>> = {
  accessanalyzer: {
    from: '@aws-sdk/client-accessanalyzer',
    client: 'AccessAnalyzerClient',
    load: () => require('@aws-sdk/client-accessanalyzer'),
  },
  account: {
    from: '@aws-sdk/client-account',
    client: 'AccountClient',
    load: () => require('@aws-sdk/client-account'),
  },
  apigateway: {
    from: '@aws-sdk/client-apigatewayv2',
    client: 'ApiGatewayV2Client',
    load: () => require('@aws-sdk/client-apigatewayv2'),
  },
  cloudtrail: {
    from: '@aws-sdk/client-cloudtrail',
    client: 'CloudTrailClient',
    load: () => require('@aws-sdk/client-cloudtrail'),
  },
  cloudwatch: {
    from: '@aws-sdk/client-cloudwatch',
    client: 'CloudWatchClient',
    load: () => require('@aws-sdk/client-cloudwatch'),
  },
  cognito: {
    from: '@aws-sdk/client-cognito-identity-provider',
    client: 'CognitoIdentityProviderClient',
    load: () => require('@aws-sdk/client-cognito-identity-provider'),
  },
  dynamodb: {
    from: '@aws-sdk/client-dynamodb',
    client: 'DynamoDBClient',
    load: () => require('@aws-sdk/client-dynamodb'),
  },
  ecr: { from: '@aws-sdk/client-ecr', client: 'ECRClient', load: () => require('@aws-sdk/client-ecr') },
  events: {
    from: '@aws-sdk/client-eventbridge',
    client: 'EventBridgeClient',
    load: () => require('@aws-sdk/client-eventbridge'),
  },
  iam: { from: '@aws-sdk/client-iam', client: 'IAMClient', load: () => require('@aws-sdk/client-iam') },
  kms: { from: '@aws-sdk/client-kms', client: 'KMSClient', load: () => require('@aws-sdk/client-kms') },
  lambda: { from: '@aws-sdk/client-lambda', client: 'LambdaClient', load: () => require('@aws-sdk/client-lambda') },
  organizations: {
    from: '@aws-sdk/client-organizations',
    client: 'OrganizationsClient',
    load: () => require('@aws-sdk/client-organizations'),
  },
  pipes: { from: '@aws-sdk/client-pipes', client: 'PipesClient', load: () => require('@aws-sdk/client-pipes') },
  s3: { from: '@aws-sdk/client-s3', client: 'S3Client', load: () => require('@aws-sdk/client-s3') },
  secretsmanager: {
    from: '@aws-sdk/client-secrets-manager',
    client: 'SecretsManagerClient',
    load: () => require('@aws-sdk/client-secrets-manager'),
  },
  sns: { from: '@aws-sdk/client-sns', client: 'SNSClient', load: () => require('@aws-sdk/client-sns') },
  sqs: { from: '@aws-sdk/client-sqs', client: 'SQSClient', load: () => require('@aws-sdk/client-sqs') },
  sts: { from: '@aws-sdk/client-sts', client: 'STSClient', load: () => require('@aws-sdk/client-sts') },
};

/** Loads a client's module. @throws Unread if the module is not installed */
export function moduleOf<S extends Service>(service: S): Modules[S] {
  const { from, load } = LOADERS[service];
  try {
    return load() as Modules[S];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new Unread(
      {
        code: 'not-installed',
        message: `the package ${from} is not installed`,
        hint: `Run \`npm install ${from}\` beside Leasehold.`,
      },
      { cause },
    );
  }
}
