/** Common names of AWS services, with their possible IAM prefixes, the most likely first. */
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

/** The prefixes to which a service name may refer; empty if the name is not a known alias. */
export function servicesMeant(name: string): readonly string[] {
  return Object.hasOwn(SERVICE_ALIASES, name) ? (SERVICE_ALIASES[name] ?? []) : [];
}
