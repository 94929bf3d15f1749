/**
 * Whose actions take a role that is passed to a service, where that is not the service of the principal's own name.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html, and of each
 * service its page on service roles.
 */
export const PASSED_SERVICES: Readonly<Record<string, readonly string[]>> = {
  'application-autoscaling': ['application-autoscaling', 'autoscaling-plans'],
  'automation.ssm': ['ssm'],
  'batch.ecs': ['batch'],
  'build.apprunner': ['apprunner'],
  ec2: ['ec2', 'autoscaling', 'eks', 'elasticbeanstalk', 'elasticmapreduce', 'imagebuilder', 'batch', 'iam'],
  'ecs-tasks': [
    'ecs',
    'batch',
    'events',
    'scheduler',
    'pipes',
    'codedeploy',
    'codepipeline',
    'states',
    'lightsail',
    'apprunner',
  ],
  edgelambda: ['lambda', 'cloudfront'],
  'eks-fargate-pods': ['eks'],
  'emr-serverless': ['emr-serverless'],
  events: ['events', 'scheduler'],
  'export.rds': ['rds'],
  'maintenance.ssm': ['ssm'],
  'monitoring.rds': ['rds'],
  'pods.eks': ['eks'],
  spotfleet: ['ec2'],
  ssm: ['ssm', 'ec2'],
  'tasks.apprunner': ['apprunner'],
  transitgateway: ['ec2'],
  'vpc-flow-logs': ['ec2'],
  bedrock: ['bedrock'],
  'bedrock-agentcore': ['bedrock-agentcore'],
  opensearchservice: ['es'],
  osis: ['osis'],
  es: ['es'],
  elasticmapreduce: ['elasticmapreduce'],
  'cognito-idp': ['cognito-idp'],
  'streams.metrics.cloudwatch': ['cloudwatch'],
  'delivery.logs': ['logs'],
  logs: ['logs'],
};

/** Prefixes of the services whose actions can hand a role to a service principal; the principal's own where none is listed. */
export function servicesTaking(principal: string): readonly string[] {
  // Of a principal of one region, `logs.eu-west-1.amazonaws.com`, the region is left out.
  const name = principal.replace(/\.amazonaws\.com(\.cn)?$/, '').replace(/\.[a-z]{2}(-[a-z]+)+-\d$/, '');
  return Object.hasOwn(PASSED_SERVICES, name) ? (PASSED_SERVICES[name] ?? []) : [name];
}
