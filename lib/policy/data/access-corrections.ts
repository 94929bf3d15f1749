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

/** Of level Read or Write, though they let somebody else in. */
export const HIDDEN_PERMISSIONS: readonly SourcedAction[] = [
  described(
    's3:AllowVendedLogDeliveryForResource',
    'Lets a service send logs elsewhere, as its namesakes of other services.',
  ),
  described('agent-registry:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('appsync:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('aps:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('bedrock:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('bedrock-agentcore:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('cloudfront:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('cloudtrail:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('comprehend:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('kinesis:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('lookoutequipment:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('network-firewall:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('odb:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('osis:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('qbusiness:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('redshift-serverless:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('refactor-spaces:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('rum:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('sagemaker:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('schemas:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('servicecatalog:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('servicediscovery:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('vpc-lattice:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('xray:PutResourcePolicy', 'Lets whomever the policy names in.'),
  described('aoss:CreateAccessPolicy', 'Lets whomever the policy names in.'),
  described('aoss:UpdateAccessPolicy', 'Lets whomever the policy names in.'),
  described('codeartifact:PutDomainPermissionsPolicy', 'Lets whomever the policy names in.'),
  described('codeartifact:PutRepositoryPermissionsPolicy', 'Lets whomever the policy names in.'),
  described('iotsitewise:CreateAccessPolicy', 'Lets whomever the policy names in.'),
  described('iotsitewise:UpdateAccessPolicy', 'Lets whomever the policy names in.'),
  described('lex:CreateResourcePolicy', 'Lets whomever the policy names in.'),
  described('lex:CreateResourcePolicyStatement', 'Lets whomever the policy names in.'),
  described('lex:UpdateResourcePolicy', 'Lets whomever the policy names in.'),
  described('omics:PutS3AccessPolicy', 'Lets whomever the policy names in.'),
  described('signin:PutResourcePermissionStatement', 'Lets whomever the policy names in.'),
  described('config:PutAggregationAuthorization', 'Shares something with another account.'),
  described('dataexchange:CreateDataGrant', 'Shares something with another account.'),
  described('ds:ShareDirectory', 'Shares something with another account.'),
  described('es:AuthorizeVpcEndpointAccess', 'Shares something with another account.'),
  described('license-manager:CreateGrant', 'Shares something with another account.'),
  described('odb:CreateGrantShare', 'Shares something with another account.'),
  described('omics:CreateShare', 'Shares something with another account.'),
  described('ram:AssociateResourceShare', 'Shares something with another account.'),
  described('ram:AssociateResourceSharePermission', 'Shares something with another account.'),
  described('ram:CreatePermissionVersion', 'Shares something with another account.'),
  described('ram:CreateResourceShare', 'Shares something with another account.'),
  described('ram:ReplacePermissionAssociations', 'Shares something with another account.'),
  described('ram:SetDefaultPermissionVersion', 'Shares something with another account.'),
  described('ram:UpdateResourceShare', 'Shares something with another account.'),
  described('cloudtrail:RegisterOrganizationDelegatedAdmin', 'Hands a service of the organization to another account.'),
  described('inspector2:EnableDelegatedAdminAccount', 'Hands a service of the organization to another account.'),
  described(
    'securitylake:RegisterDataLakeDelegatedAdministrator',
    'Hands a service of the organization to another account.',
  ),
  described('servicecatalog:AssociatePrincipalWithPortfolio', 'Lets people or applications in.'),
  described('sso:CreateApplicationAssignment', 'Lets people or applications in.'),
  described('sso:PutApplicationAssignmentConfiguration', 'Lets people or applications in.'),
  described('sso:PutApplicationGrant', 'Lets people or applications in.'),
  described('quicksight:CreateGroupMembership', 'Lets people or applications in.'),
  described('quicksight:CreateRoleMembership', 'Lets people or applications in.'),
];
