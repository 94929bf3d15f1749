/**
 * Actions that read settings that often contain secrets (user data, environment variables) or that describe the whole
 * account.
 */
import { api, documented, type SourcedAction } from './sources';

const USER_DATA = 'Returns user data, which may contain start-up scripts with secrets.';
const ENVIRONMENT = 'Returns environment variables, where applications keep secrets.';

export const SENSITIVE_CONFIGURATION: readonly SourcedAction[] = [
  documented('ec2:DescribeInstanceAttribute', USER_DATA),
  documented('ec2:DescribeLaunchTemplateVersions', USER_DATA),
  documented('ec2:GetLaunchTemplateData', USER_DATA),
  documented('ec2:DescribeSpotInstanceRequests', USER_DATA),
  documented('ec2:DescribeSpotFleetRequests', USER_DATA),
  documented('autoscaling:DescribeLaunchConfigurations', USER_DATA),
  documented('ec2:GetConsoleOutput', 'Returns the start-up output of machines, which may contain secrets.'),
  documented('ec2:GetConsoleScreenshot', "Shows a machine's screen."),
  documented('lambda:GetFunction', 'Returns the code and the environment variables of a function.'),
  documented('lambda:GetFunctionConfiguration', ENVIRONMENT),
  documented('lambda:ListFunctions', ENVIRONMENT),
  documented('lambda:ListVersionsByFunction', ENVIRONMENT),
  documented('ecs:DescribeTaskDefinition', ENVIRONMENT),
  documented('ecs:DescribeTasks', ENVIRONMENT),
  documented('batch:DescribeJobDefinitions', ENVIRONMENT),
  documented('batch:DescribeJobs', ENVIRONMENT),
  documented('codebuild:BatchGetProjects', ENVIRONMENT),
  documented('codebuild:BatchGetBuilds', ENVIRONMENT),
  documented('apprunner:DescribeService', ENVIRONMENT),
  documented('amplify:GetApp', ENVIRONMENT),
  documented('amplify:ListApps', ENVIRONMENT),
  documented('amplify:GetBranch', ENVIRONMENT),
  documented('elasticbeanstalk:DescribeConfigurationSettings', ENVIRONMENT),
  documented('glue:GetConnection', 'Returns database passwords.'),
  documented('glue:GetConnections', 'Returns database passwords.'),
  documented('glue:GetJob', 'Returns job arguments, which often contain secrets.'),
  documented('glue:GetJobs', 'Returns job arguments, which often contain secrets.'),
  documented('kafkaconnect:DescribeConnector', "Returns the connector's settings with passwords."),
  documented('datapipeline:GetPipelineDefinition', 'Returns definitions with passwords.'),
  documented('appconfig:GetConfiguration', 'Returns application settings.'),
  {
    action: 'appconfig:GetLatestConfiguration',
    source: api('appconfig', 'appconfigdata_GetLatestConfiguration'),
    why: 'Returns application settings.',
  },
  documented('appconfig:GetHostedConfigurationVersion', 'Returns application settings.'),
  documented('cloudformation:GetTemplate', 'Returns templates with literal secrets.'),
  documented('cloudformation:DescribeStacks', 'Returns parameters and outputs.'),
  documented('cloudformation:DescribeChangeSet', 'Returns parameters and outputs.'),
  documented('ssm:GetCommandInvocation', 'Returns the output of commands that were run on machines.'),
  documented('ssm:ListCommandInvocations', 'Returns the output of commands that were run on machines.'),
  documented('ssm:ListCommands', 'Returns the commands that were run, with their arguments.'),
  documented('iam:GetCredentialReport', 'Lists every user and the age of its keys.'),
  documented('iam:GetAccountAuthorizationDetails', 'Lists every identity and policy of the account.'),
  documented('cloudtrail:LookupEvents', 'Shows who called what, with parameters.'),
];
