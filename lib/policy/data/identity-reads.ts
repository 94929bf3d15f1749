/**
 * Reads of the account's own identities and rules: what an audit or a Terraform plan looks at. They change nothing and
 * hand out no credentials; that who may do what is learnt from them is what makes them sensitive.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */

/** Services that say who may do what, in lower case. */
export const IDENTITY_SERVICES: readonly string[] = ['account', 'iam', 'organizations', 'sts'];

/** By name: every action of these forms reads, also one that AWS adds. `sts` is not among them: its `Get…` hand out credentials. */
export const IDENTITY_READS: readonly RegExp[] = [
  /^(?:account|iam|organizations):(?:Get|List)[A-Za-z0-9]+$/i,
  /^organizations:Describe[A-Za-z0-9]+$/i,
  /^iam:(?:GenerateCredentialReport|GenerateServiceLastAccessedDetails|SimulateCustomPolicy|SimulatePrincipalPolicy)$/i,
  /^sts:(?:DecodeAuthorizationMessage|GetAccessKeyInfo)$/i,
];

/**
 * Actions that need no permission, so that no statement allows or denies them.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const NO_PERMISSION: readonly string[] = ['sts:GetCallerIdentity'];
