/**
 * The services whose actions pass a role to a service principal, if they differ from the service with the principal's
 * own name.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html, and the page
 * on service roles of each service.
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

/**
 * Prefixes of the services whose actions can pass a role to this service principal. Default: the principal's own name.
 */
export function servicesTaking(principal: string): readonly string[] {
  // The region of a regional principal such as `logs.eu-west-1.amazonaws.com` is left out.
  const name = principal.replace(/\.amazonaws\.com(\.cn)?$/, '').replace(/\.[a-z]{2}(-[a-z]+)+-\d$/, '');
  return Object.hasOwn(PASSED_SERVICES, name) ? (PASSED_SERVICES[name] ?? []) : [name];
}
