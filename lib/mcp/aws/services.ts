/**
 * Maps a service's IAM prefix, which roles use, to the service's SDK package, and vice versa. For most services both
 * names are the same; the tables list the exceptions.
 */

/**
 * SDK package names without `@aws-sdk/client-`, by IAM prefix. Source: the `signingName` and `serviceId` of the SDK's
 * models, and
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'access-analyzer': ['accessanalyzer'],
  aoss: ['opensearchserverless'],
  apigateway: ['api-gateway', 'apigatewayv2'],
  aps: ['amp'],
  'application-autoscaling': ['application-auto-scaling'],
  autoscaling: ['auto-scaling'],
  'aws-marketplace': ['marketplace-catalog', 'marketplace-metering'],
  bedrock: ['bedrock', 'bedrock-runtime', 'bedrock-agent', 'bedrock-agent-runtime'],
  ce: ['cost-explorer'],
  cloudformation: ['cloudformation', 'cloudcontrol'],
  'cognito-idp': ['cognito-identity-provider'],
  config: ['config-service'],
  dms: ['database-migration-service'],
  discovery: ['application-discovery-service'],
  ds: ['directory-service'],
  dynamodb: ['dynamodb', 'dynamodb-streams'],
  elasticbeanstalk: ['elastic-beanstalk'],
  elasticfilesystem: ['efs'],
  elasticloadbalancing: ['elastic-load-balancing-v2', 'elastic-load-balancing'],
  elasticmapreduce: ['emr'],
  es: ['opensearch', 'elasticsearch-service'],
  events: ['eventbridge'],
  'execute-api': ['apigatewaymanagementapi'],
  geo: ['location'],
  globalaccelerator: ['global-accelerator'],
  iot: ['iot', 'iot-data-plane'],
  kinesisanalytics: ['kinesis-analytics-v2', 'kinesis-analytics'],
  lex: ['lex-models-v2', 'lex-runtime-v2'],
  logs: ['cloudwatch-logs'],
  mobiletargeting: ['pinpoint'],
  rds: ['rds', 'docdb', 'neptune'],
  route53: ['route-53'],
  route53domains: ['route-53-domains'],
  s3: ['s3', 's3-control'],
  sagemaker: ['sagemaker', 'sagemaker-runtime'],
  secretsmanager: ['secrets-manager'],
  servicecatalog: ['service-catalog'],
  servicequotas: ['service-quotas'],
  ses: ['sesv2', 'ses'],
  sso: ['sso-admin'],
  states: ['sfn'],
  storagegateway: ['storage-gateway'],
  tag: ['resource-groups-tagging-api'],
  timestream: ['timestream-query', 'timestream-write'],
};

/** Maps signing names to IAM prefixes, for services in which the two differ. */
const PREFIX_OF_SIGNING_NAME: Readonly<Record<string, string>> = {
  cloudcontrolapi: 'cloudformation',
  iotdata: 'iot',
  monitoring: 'cloudwatch',
  tagging: 'tag',
};

const PREFIX_OF_PACKAGE: ReadonlyMap<string, string> = new Map(
  Object.entries(PACKAGES).flatMap(([prefix, packages]) => packages.map((name) => [name, prefix] as const)),
);

/** A service that a model has named. */
export interface NamedService {
  /** IAM prefix. */
  readonly prefix: string;
  /** The parts of package names after `@aws-sdk/client-`, the most likely first. */
  readonly packages: readonly string[];
}

/** Finds a service by its IAM prefix, or by its SDK package name with or without `@aws-sdk/client-`. */
export function namedService(name: string): NamedService | undefined {
  const short = name.toLowerCase().replace(/^(?:@aws-sdk\/)?client-/, '');
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(short)) return undefined;
  // `bedrock` and `s3` are both an IAM prefix and a package. As an IAM prefix they have several packages, and an
  // operation may be in any of them.
  if (Object.hasOwn(PACKAGES, short)) return { prefix: short, packages: PACKAGES[short] ?? [short] };
  return { prefix: PREFIX_OF_PACKAGE.get(short) ?? short, packages: [short] };
}

/** IAM prefix of the service with this signing name. */
export function prefixOfSigningName(name: string): string {
  return Object.hasOwn(PREFIX_OF_SIGNING_NAME, name) ? (PREFIX_OF_SIGNING_NAME[name] ?? name) : name;
}
