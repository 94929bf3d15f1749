/**
 * Actions that read the account's identities and policies, which an audit or a Terraform plan needs. These actions are
 * read-only and return no credentials. They are sensitive because they show who has which permissions. Source:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */

/** Services that manage permissions, in lower case. */
export const IDENTITY_SERVICES: readonly string[] = ['account', 'iam', 'organizations', 'sts'];

/**
 * Patterns of the action names. Every action that matches is a read, including actions that AWS adds later. `sts` is
 * not included, because its `Get…` actions return credentials.
 */
export const IDENTITY_READS: readonly RegExp[] = [
  /^(?:account|iam|organizations):(?:Get|List)[A-Za-z0-9]+$/i,
  /^organizations:Describe[A-Za-z0-9]+$/i,
  /^iam:(?:GenerateCredentialReport|GenerateServiceLastAccessedDetails|SimulateCustomPolicy|SimulatePrincipalPolicy)$/i,
  /^sts:(?:DecodeAuthorizationMessage|GetAccessKeyInfo)$/i,
];

/**
 * Actions that need no permission, so that no statement can allow or deny them.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const NO_PERMISSION: readonly string[] = ['sts:GetCallerIdentity'];
