/** Names that people use for services, and the prefixes that IAM knows them by, the likeliest first. */
export const SERVICE_ALIASES: Readonly<Record<string, readonly string[]>> = {
  alb: ['elasticloadbalancing'],
  'application-auto-scaling': ['application-autoscaling'],
  apigatewayv2: ['apigateway'],
  asg: ['autoscaling'],
  aurora: ['rds'],
  cfn: ['cloudformation'],
  cloudwatchevents: ['events'],
  cloudwatchlogs: ['logs'],
  cognito: ['cognito-idp', 'cognito-identity'],
  cw: ['cloudwatch'],
  ddb: ['dynamodb'],
  documentdb: ['rds'],
  efs: ['elasticfilesystem'],
  elb: ['elasticloadbalancing'],
  elbv2: ['elasticloadbalancing'],
  emr: ['elasticmapreduce'],
  eventbridge: ['events', 'scheduler'],
  kinesisfirehose: ['firehose'],
  msk: ['kafka'],
  nlb: ['elasticloadbalancing'],
  opensearch: ['es', 'aoss'],
  parameterstore: ['ssm'],
  redis: ['elasticache'],
  secrets: ['secretsmanager'],
  sfn: ['states'],
  ses: ['ses'],
  stepfunctions: ['states'],
  'step-functions': ['states'],
  systemsmanager: ['ssm'],
  waf: ['wafv2', 'waf'],
  xray: ['xray'],
};

/** Prefixes that a name of a service may mean; none for a name that nobody uses otherwise. */
export function servicesMeant(name: string): readonly string[] {
  return Object.hasOwn(SERVICE_ALIASES, name) ? (SERVICE_ALIASES[name] ?? []) : [];
}
