/**
 * Actions whose access level in AWS's reference does not match their effect. For all other actions, the access level in
 * AWS's reference is used.
 */
import { described, documented, type SourcedAction } from './sources';

/**
 * Actions with the access level Read or List that change something, act on the caller's behalf, or start a process that
 * changes something.
 */
export const ACTING_READS: readonly SourcedAction[] = [
  described('bedrock:InvokeAgent', 'An agent acts through its action groups.'),
  described('bedrock:InvokeInlineAgent', 'An agent acts through its action groups.'),
  described('bedrock:InvokeFlow', 'A flow acts through its nodes.'),
  described('bedrock:InvokeTool', 'A tool performs actions.'),
  described('bedrock-agentcore:CompleteResourceTokenAuth', 'Completes a user consent.'),
  described('bedrock-agentcore:ConnectBrowserAutomationStream', 'Controls a browser.'),
  described('cloudshell:ApproveCommand', 'Runs a command.'),
  documented('config:DeliverConfigSnapshot', 'Writes a snapshot to a bucket.'),
  documented('ec2:StartDeclarativePoliciesReport', 'Writes a report to a bucket.'),
  described('ecs-mcp:UseMcp', 'Its tools perform actions.'),
  described('eks-mcp:InvokeMcp', 'Its tools perform actions.'),
  described('codeconnections:UseConnection', 'Performs operations at the Git provider, including pushes.'),
  described('codestar-connections:UseConnection', 'Performs operations at the Git provider, including pushes.'),
  described('codeconnections:RegisterAppCode', 'Registers an app with the source host.'),
  described('codestar-connections:RegisterAppCode', 'Registers an app with the source host.'),
  described('gamelift:RequestUploadCredentials', 'Returns credentials with write access.'),
  described('sagemaker:InvokeEndpointAsync', 'Writes the response to a bucket.'),
  described('securityhub:SendFindingEvents', 'Sends events to which other systems react.'),
  described('securityhub:SendInsightEvents', 'Sends events to which other systems react.'),
  described('signin:CreateOAuth2Token', 'Returns credentials that act as the user.'),
  described('eks-auth:AssumeRoleForPodIdentity', 'Returns credentials that act as a role.'),
  described('ssm:PutConfigurePackageResult', 'Writes a report.'),
  described('workspaces:DirectoryAccessManagement', 'Manages directories.'),
];

/** Actions with the access level Write or Permissions management that do not change anything. */
export const READING_WRITES: readonly SourcedAction[] = [
  documented(
    'kms:Decrypt',
    'The action is required to read encrypted data. It is also in the list of sensitive reads because it returns decrypted data.',
  ),
  described('arc-region-switch:GetResourcePolicy', 'Returns a policy.'),
  described('backup:ListIndexedRecoveryPointsForSearch', 'Lists recovery points.'),
  described('bcm-pricing-calculator:ListTagsForResource', 'Lists tags.'),
  described('billing:GetResourcePolicy', 'Returns a policy.'),
  described('fsx:GetResourcePolicy', 'Returns a policy.'),
  described('iot:GetConnection', 'Returns information about a client connection.'),
  described('iot:ListSubscriptions', 'Lists subscriptions.'),
  documented('kms:Verify', 'Checks a signature.'),
  documented('kms:VerifyMac', 'Checks a message authentication code.'),
  described('quicksight:DescribeKnowledgeBasePermissions', 'Returns permissions.'),
  described('quicksight:DescribeSpacePermissions', 'Returns permissions.'),
  described('quicksight:DescribeTopicPermissions', 'Returns permissions.'),
  described('route53globalresolver:ListTagsForResource', 'Lists tags.'),
  described('ssm-sap:GetResourcePermission', 'Returns permissions.'),
  documented('sts:DecodeAuthorizationMessage', 'Explains a denial.'),
];

/** Actions with the access level Permissions management that grant no permissions. */
export const NO_PERMISSIONS: readonly SourcedAction[] = [
  described('rds-db:connect', 'Opens a database session as the one database user that the resource ARN names.'),
];

/** Actions with the access level Read or Write that give another identity access. */
export const HIDDEN_PERMISSIONS: readonly SourcedAction[] = [
  described(
    's3:AllowVendedLogDeliveryForResource',
    'Permits a service to deliver logs to another destination, as actions with the same name in other services do.',
  ),
  described('agent-registry:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('appsync:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('aps:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('bedrock:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('bedrock-agentcore:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('cloudfront:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('cloudtrail:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('comprehend:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('kinesis:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('lookoutequipment:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('network-firewall:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('odb:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('osis:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('qbusiness:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('redshift-serverless:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('refactor-spaces:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('rum:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('sagemaker:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('schemas:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('servicecatalog:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('servicediscovery:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('vpc-lattice:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('xray:PutResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('aoss:CreateAccessPolicy', 'Grants access to the principals that the policy names.'),
  described('aoss:UpdateAccessPolicy', 'Grants access to the principals that the policy names.'),
  described('codeartifact:PutDomainPermissionsPolicy', 'Grants access to the principals that the policy names.'),
  described('codeartifact:PutRepositoryPermissionsPolicy', 'Grants access to the principals that the policy names.'),
  described('iotsitewise:CreateAccessPolicy', 'Grants access to the principals that the policy names.'),
  described('iotsitewise:UpdateAccessPolicy', 'Grants access to the principals that the policy names.'),
  described('lex:CreateResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('lex:CreateResourcePolicyStatement', 'Grants access to the principals that the policy names.'),
  described('lex:UpdateResourcePolicy', 'Grants access to the principals that the policy names.'),
  described('omics:PutS3AccessPolicy', 'Grants access to the principals that the policy names.'),
  described('signin:PutResourcePermissionStatement', 'Grants access to the principals that the policy names.'),
  described('config:PutAggregationAuthorization', 'Shares a resource with another account.'),
  described('dataexchange:CreateDataGrant', 'Shares a resource with another account.'),
  described('ds:ShareDirectory', 'Shares a resource with another account.'),
  described('es:AuthorizeVpcEndpointAccess', 'Shares a resource with another account.'),
  described('license-manager:CreateGrant', 'Shares a resource with another account.'),
  described('odb:CreateGrantShare', 'Shares a resource with another account.'),
  described('omics:CreateShare', 'Shares a resource with another account.'),
  described('ram:AssociateResourceShare', 'Shares a resource with another account.'),
  described('ram:AssociateResourceSharePermission', 'Shares a resource with another account.'),
  described('ram:CreatePermissionVersion', 'Shares a resource with another account.'),
  described('ram:CreateResourceShare', 'Shares a resource with another account.'),
  described('ram:ReplacePermissionAssociations', 'Shares a resource with another account.'),
  described('ram:SetDefaultPermissionVersion', 'Shares a resource with another account.'),
  described('ram:UpdateResourceShare', 'Shares a resource with another account.'),
  described(
    'cloudtrail:RegisterOrganizationDelegatedAdmin',
    'Lets another account administer a service for the organization.',
  ),
  described(
    'inspector2:EnableDelegatedAdminAccount',
    'Lets another account administer a service for the organization.',
  ),
  described(
    'securitylake:RegisterDataLakeDelegatedAdministrator',
    'Lets another account administer a service for the organization.',
  ),
  described('servicecatalog:AssociatePrincipalWithPortfolio', 'Grants access to people or applications.'),
  described('sso:CreateApplicationAssignment', 'Grants access to people or applications.'),
  described('sso:PutApplicationAssignmentConfiguration', 'Grants access to people or applications.'),
  described('sso:PutApplicationGrant', 'Grants access to people or applications.'),
  described('quicksight:CreateGroupMembership', 'Grants access to people or applications.'),
  described('quicksight:CreateRoleMembership', 'Grants access to people or applications.'),
];
