/**
 * Actions whose level in AWS's reference does not say what they do to the account. The reference's level is believed
 * everywhere else.
 */
import { described, documented, type SourcedAction } from './sources';

/** Of level Read or List, though they change something, act on the caller's behalf, or start something that does. */
export const ACTING_READS: readonly SourcedAction[] = [
  described('bedrock:InvokeAgent', 'An agent acts through its action groups.'),
  described('bedrock:InvokeInlineAgent', 'An agent acts through its action groups.'),
  described('bedrock:InvokeFlow', 'A flow acts through its nodes.'),
  described('bedrock:InvokeTool', 'A tool acts.'),
  described('bedrock-agentcore:CompleteResourceTokenAuth', 'Completes a user consent.'),
  described('bedrock-agentcore:ConnectBrowserAutomationStream', 'Drives a browser.'),
  described('cloudshell:ApproveCommand', 'Runs a command.'),
  documented('config:DeliverConfigSnapshot', 'Writes a snapshot into a bucket.'),
  documented('ec2:StartDeclarativePoliciesReport', 'Writes a report into a bucket.'),
  described('ecs-mcp:UseMcp', 'Its tools act.'),
  described('eks-mcp:InvokeMcp', 'Its tools act.'),
  described('codeconnections:UseConnection', 'Acts on the source host, pushes too.'),
  described('codestar-connections:UseConnection', 'Acts on the source host, pushes too.'),
  described('codeconnections:RegisterAppCode', 'Registers an app with the source host.'),
  described('codestar-connections:RegisterAppCode', 'Registers an app with the source host.'),
  described('gamelift:RequestUploadCredentials', 'Returns credentials that write.'),
  described('sagemaker:InvokeEndpointAsync', 'Writes the answer into a bucket.'),
  described('securityhub:SendFindingEvents', 'Sends events that others act on.'),
  described('securityhub:SendInsightEvents', 'Sends events that others act on.'),
  described('signin:CreateOAuth2Token', 'Returns credentials that act as the user.'),
  described('eks-auth:AssumeRoleForPodIdentity', 'Returns credentials that act as a role.'),
  described('ssm:PutConfigurePackageResult', 'Writes a report.'),
  described('workspaces:DirectoryAccessManagement', 'Manages directories.'),
];

/** Of level Write, though they change nothing. */
export const READING_WRITES: readonly SourcedAction[] = [
  documented(
    'kms:Decrypt',
    'Reading encrypted data needs it; it is in the list of sensitive reads for what it returns.',
  ),
  documented('kms:Verify', 'Checks a signature.'),
  documented('kms:VerifyMac', 'Checks a code.'),
  documented('sts:DecodeAuthorizationMessage', 'Explains a denial.'),
];

/** Of level Permissions management, though they give nobody a permission. */
export const NO_PERMISSIONS: readonly SourcedAction[] = [
  described('rds-db:connect', 'Opens a database session as the one user that its resource names.'),
];

/** Of level Read, though they let somebody else in. */
export const HIDDEN_PERMISSIONS: readonly SourcedAction[] = [
  described(
    's3:AllowVendedLogDeliveryForResource',
    'Lets a service send logs elsewhere, as its namesakes of other services.',
  ),
];
