/** The sources of the curated lists. */

/** One row of a curated list: an action, the reason why it is in the list, and the source. */
export interface SourcedAction {
  /** The action in canonical case, for example `s3:GetObject`. */
  readonly action: string;
  /** URL of the page that documents the action, or of the list that contains it. */
  readonly source: string;
  /** One sentence for the reader of a finding. */
  readonly why: string;
}

export const RHINO = 'https://github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation';

/** An action that is documented on the page of the API operation with the same name. */
export function documented(action: `${keyof typeof API_REFERENCES}:${string}`, why: string): SourcedAction {
  const [service = '', operation = ''] = action.split(':');
  return { action, source: api(service as keyof typeof API_REFERENCES, operation), why };
}

/** An action without an API operation of the same name. The service authorization reference documents the action. */
export function described(action: string, why: string): SourcedAction {
  return { action, source: AUTHORIZATION_REFERENCE, why };
}

/** An action in cloudsplaining's `READ_ONLY_DATA_EXFILTRATION_ACTIONS` or `ACTIONS_THAT_RETURN_CREDENTIALS`. */
export function listed(action: string, why: string): SourcedAction {
  return { action, source: CLOUDSPLAINING, why };
}

/** An action on an escalation path in DataDog's collection, for example the path `iam-001`. */
export function path(id: string, action: string, why: string): SourcedAction {
  return { action, source: `https://pathfinding.cloud/paths/${id}`, why };
}

/** The address of an API operation's page. */
export function api(service: keyof typeof API_REFERENCES, operation: string): string {
  return `https://docs.aws.amazon.com/${API_REFERENCES[service]}/API_${operation}.html`;
}

const AUTHORIZATION_REFERENCE =
  'https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html';

const CLOUDSPLAINING = 'https://github.com/salesforce/cloudsplaining/blob/master/cloudsplaining/shared/constants.py';

/** The path of each service's API reference. */
const API_REFERENCES = {
  acm: 'acm/latest/APIReference',
  amplify: 'amplify/latest/APIReference',
  apigateway: 'apigateway/latest/api',
  appconfig: 'appconfig/2019-10-09/APIReference',
  apprunner: 'apprunner/latest/api',
  appsync: 'appsync/latest/APIReference',
  athena: 'athena/latest/APIReference',
  autoscaling: 'autoscaling/ec2/APIReference',
  backup: 'aws-backup/latest/devguide',
  batch: 'batch/latest/APIReference',
  bedrock: 'bedrock/latest/APIReference',
  'bedrock-agentcore': 'bedrock-agentcore/latest/APIReference',
  braket: 'braket/latest/APIReference',
  cloudformation: 'AWSCloudFormation/latest/APIReference',
  cloudtrail: 'awscloudtrail/latest/APIReference',
  codebuild: 'codebuild/latest/APIReference',
  codecommit: 'codecommit/latest/APIReference',
  codedeploy: 'codedeploy/latest/APIReference',
  codepipeline: 'codepipeline/latest/APIReference',
  'cognito-identity': 'cognitoidentity/latest/APIReference',
  'cognito-idp': 'cognito-user-identity-pools/latest/APIReference',
  config: 'config/latest/APIReference',
  datapipeline: 'datapipeline/latest/APIReference',
  datasync: 'datasync/latest/userguide',
  datazone: 'datazone/latest/APIReference',
  directconnect: 'directconnect/latest/APIReference',
  dlm: 'dlm/latest/APIReference',
  dynamodb: 'amazondynamodb/latest/APIReference',
  ebs: 'ebs/latest/APIReference',
  ec2: 'AWSEC2/latest/APIReference',
  ecr: 'AmazonECR/latest/APIReference',
  ecs: 'AmazonECS/latest/APIReference',
  eks: 'eks/latest/APIReference',
  'eks-auth': 'eks/latest/APIReference',
  elasticbeanstalk: 'elasticbeanstalk/latest/api',
  elasticmapreduce: 'emr/latest/APIReference',
  'emr-containers': 'emr-on-eks/latest/APIReference',
  'emr-serverless': 'emr-serverless/latest/APIReference',
  events: 'eventbridge/latest/APIReference',
  fsx: 'fsx/latest/APIReference',
  gamelift: 'gamelift/latest/apireference',
  glacier: 'amazonglacier/latest/dev',
  glue: 'glue/latest/webapi',
  iam: 'IAM/latest/APIReference',
  identitystore: 'singlesignon/latest/IdentityStoreAPIReference',
  imagebuilder: 'imagebuilder/latest/APIReference',
  iot: 'iot/latest/apireference',
  kafkaconnect: 'MSKC/latest/mskc',
  kendra: 'kendra/latest/APIReference',
  kinesis: 'kinesis/latest/APIReference',
  kinesisanalytics: 'managed-flink/latest/apiv2',
  kinesisvideo: 'kinesisvideostreams/latest/dg',
  kms: 'kms/latest/APIReference',
  lakeformation: 'lake-formation/latest/APIReference',
  lambda: 'lambda/latest/api',
  lightsail: 'lightsail/2016-11-28/api-reference',
  logs: 'AmazonCloudWatchLogs/latest/APIReference',
  macie2: 'macie/latest/APIReference',
  mwaa: 'mwaa/latest/API',
  organizations: 'organizations/latest/APIReference',
  rbin: 'recyclebin/latest/APIReference',
  rds: 'AmazonRDS/latest/APIReference',
  'rds-data': 'rdsdataservice/latest/APIReference',
  redshift: 'redshift/latest/APIReference',
  'redshift-data': 'redshift-data/latest/APIReference',
  'redshift-serverless': 'redshift-serverless/latest/APIReference',
  rolesanywhere: 'rolesanywhere/latest/APIReference',
  route53: 'Route53/latest/APIReference',
  route53domains: 'Route53/latest/APIReference',
  s3: 'AmazonS3/latest/API',
  sagemaker: 'sagemaker/latest/APIReference',
  scheduler: 'scheduler/latest/APIReference',
  secretsmanager: 'secretsmanager/latest/apireference',
  sns: 'sns/latest/api',
  sqs: 'AWSSimpleQueueService/latest/APIReference',
  ssm: 'systems-manager/latest/APIReference',
  sso: 'singlesignon/latest/APIReference',
  states: 'step-functions/latest/apireference',
  storagegateway: 'storagegateway/latest/APIReference',
  sts: 'STS/latest/APIReference',
  timestream: 'timestream/latest/developerguide',
  wafv2: 'waf/latest/APIReference',
  workspaces: 'workspaces/latest/api',
} as const;
