/** Privilege escalation by changing permissions or by assuming another identity. */
import { described, documented, listed, path, RHINO, type SourcedAction } from './sources';

const POLICIES: readonly SourcedAction[] = [
  path('iam-001', 'iam:CreatePolicyVersion', "Rewrites a policy, including the caller's own."),
  { action: 'iam:SetDefaultPolicyVersion', source: RHINO, why: 'Restores an earlier, wider version of a policy.' },
  documented('iam:CreatePolicy', 'Creates a policy that can then be attached.'),
  path('iam-008', 'iam:AttachUserPolicy', 'Gives a user any policy.'),
  path('iam-010', 'iam:AttachGroupPolicy', 'Gives a group any policy.'),
  path('iam-009', 'iam:AttachRolePolicy', 'Gives a role any policy.'),
  path('iam-007', 'iam:PutUserPolicy', 'Gives a user any permission.'),
  path('iam-011', 'iam:PutGroupPolicy', 'Gives a group any permission.'),
  path('iam-005', 'iam:PutRolePolicy', 'Gives a role any permission.'),
  path('iam-012', 'iam:UpdateAssumeRolePolicy', 'Lets anybody assume a role.'),
  documented('iam:UpdateRole', 'Permits sessions of a role to last up to twelve hours.'),
  documented('iam:CreateRole', 'Creates a role with any trust policy.'),
  documented('iam:TagRole', 'Makes a role match tag-based policies.'),
  documented('iam:UntagRole', 'Excludes a role from tag-based denies.'),
  documented('iam:TagUser', 'Makes a user match tag-based policies.'),
  documented('iam:UntagUser', 'Excludes a user from tag-based denies.'),
  documented('iam:DeleteUserPolicy', 'Removes all denies that the policy contains.'),
  documented('iam:DeleteGroupPolicy', 'Removes all denies that the policy contains.'),
  documented('iam:DeleteRolePolicy', 'Removes all denies that the policy contains.'),
  documented('iam:DeletePolicy', 'Removes all denies that the policy contains.'),
  documented('iam:DeletePolicyVersion', 'Deletes a policy version, so that a new version can be created.'),
  documented('iam:DetachUserPolicy', 'Removes all denies that the policy contains.'),
  documented('iam:DetachGroupPolicy', 'Removes all denies that the policy contains.'),
  documented('iam:DetachRolePolicy', 'Removes all denies that the policy contains.'),
  documented('iam:PutUserPermissionsBoundary', 'Widens the maximum permissions of a user.'),
  documented('iam:PutRolePermissionsBoundary', 'Widens the maximum permissions of a role.'),
  documented('iam:DeleteUserPermissionsBoundary', 'Removes the limit on the permissions of a user.'),
  documented('iam:DeleteRolePermissionsBoundary', 'Removes the limit on the permissions of a role.'),
  documented('iam:AddRoleToInstanceProfile', 'Gives another role to the machines that have the instance profile.'),
];

const CREDENTIALS: readonly SourcedAction[] = [
  path('iam-002', 'iam:CreateAccessKey', 'Creates a permanent key for any user.'),
  listed('iam:UpdateAccessKey', 'Enables a disabled key again.'),
  path('iam-004', 'iam:CreateLoginProfile', 'Sets a console password for a user who had no password.'),
  path('iam-006', 'iam:UpdateLoginProfile', "Sets another user's console password."),
  listed('iam:CreateServiceSpecificCredential', 'Creates permanent credentials for any user.'),
  listed('iam:ResetServiceSpecificCredential', 'Returns a new password for any user.'),
  documented('iam:UpdateServiceSpecificCredential', 'Enables disabled credentials again.'),
  documented('iam:UploadSSHPublicKey', "Adds the caller's own key to any user."),
  documented('iam:UpdateSSHPublicKey', 'Enables a disabled key again.'),
  documented('iam:UploadSigningCertificate', 'Adds a certificate of the caller to any user.'),
  documented('iam:UpdateSigningCertificate', 'Enables a disabled certificate again.'),
  path('iam-013', 'iam:AddUserToGroup', 'Gives a user the permissions of any group.'),
  documented('iam:RemoveUserFromGroup', "Removes a group's denies from a user."),
  documented('iam:CreateUser', 'Creates a user that nobody monitors.'),
  documented(
    'iam:CreateVirtualMFADevice',
    'Returns the seed of a new MFA device, with which the caller can pass MFA checks.',
  ),
  documented(
    'iam:EnableMFADevice',
    'Assigns an MFA device of the caller to a user, so that the caller can pass MFA checks.',
  ),
  documented('iam:DeactivateMFADevice', 'Removes the MFA device of a human.'),
  documented('iam:DeleteVirtualMFADevice', 'Removes the MFA device of a human.'),
  documented('iam:ResyncMFADevice', 'Changes an MFA device that humans use to approve.'),
  documented('iam:TagMFADevice', 'Changes an MFA device that humans use to approve.'),
  documented('iam:UntagMFADevice', 'Changes an MFA device that humans use to approve.'),
];

const TRUST: readonly SourcedAction[] = [
  documented('iam:CreateOpenIDConnectProvider', 'Trusts another identity provider.'),
  documented(
    'iam:DeleteOpenIDConnectProvider',
    'Deletes an identity provider, so that another provider with the same name can be created.',
  ),
  documented('iam:AddClientIDToOpenIDConnectProvider', 'Trusts tokens for another audience.'),
  documented(
    'iam:RemoveClientIDFromOpenIDConnectProvider',
    'Changes the audiences for which the tokens of a provider are trusted.',
  ),
  documented('iam:UpdateOpenIDConnectProviderThumbprint', 'Trusts another server for the issuer.'),
  documented('iam:CreateSAMLProvider', 'Trusts another identity provider.'),
  documented('iam:UpdateSAMLProvider', 'Trusts another signing key.'),
  documented(
    'iam:DeleteSAMLProvider',
    'Deletes an identity provider, so that another provider with the same name can be created.',
  ),
  described(
    'iam:AcceptDelegationRequest',
    'Grants another principal the permissions that the other principal requested.',
  ),
  described('iam:SendDelegationToken', 'Transfers a delegated permission.'),
  documented('iam:EnableOrganizationsRootSessions', 'Allows sessions as the root user of member accounts.'),
  documented(
    'iam:EnableOrganizationsRootCredentialsManagement',
    'Allows managing root credentials of member accounts.',
  ),
  documented('sts:AssumeRole', 'Assumes another role.'),
  documented('sts:AssumeRoleWithSAML', 'Assumes another role.'),
  documented('sts:AssumeRoleWithWebIdentity', 'Assumes another role.'),
  documented('sts:AssumeRoot', 'Becomes root of a member account.'),
  documented('rolesanywhere:CreateTrustAnchor', 'Trusts another certificate authority.'),
  documented('rolesanywhere:UpdateTrustAnchor', 'Trusts another certificate authority.'),
  documented('rolesanywhere:EnableTrustAnchor', 'Trusts another certificate authority.'),
  documented('rolesanywhere:CreateProfile', 'Permits holders of certificates to assume roles.'),
  documented('rolesanywhere:UpdateProfile', 'Permits holders of certificates to assume roles.'),
];

const ADMINISTRATION: readonly SourcedAction[] = [
  documented('organizations:AttachPolicy', 'Changes the limits of accounts.'),
  documented('organizations:DetachPolicy', 'Removes a limit of accounts.'),
  documented('organizations:UpdatePolicy', 'Changes the limits of accounts.'),
  documented('organizations:DeletePolicy', 'Removes a limit of accounts.'),
  documented('organizations:DisablePolicyType', 'Removes all limits of one kind.'),
  documented('organizations:LeaveOrganization', "Removes the account from the organization's limits."),
  documented('organizations:MoveAccount', 'Moves an account under other limits.'),
  documented('organizations:PutResourcePolicy', 'Delegates the administration of policies.'),
  documented(
    'organizations:RegisterDelegatedAdministrator',
    'Delegates the administration of a service to another account.',
  ),
  documented('sso:CreateAccountAssignment', 'Gives a person a role in an account.'),
  documented('sso:AttachManagedPolicyToPermissionSet', 'Widens the permissions of people.'),
  documented('sso:AttachCustomerManagedPolicyReferenceToPermissionSet', 'Widens the permissions of people.'),
  documented('sso:PutInlinePolicyToPermissionSet', 'Widens the permissions of people.'),
  documented('sso:PutPermissionsBoundaryToPermissionSet', 'Widens the maximum permissions of people.'),
  documented(
    'sso:DeletePermissionsBoundaryFromPermissionSet',
    'Removes the boundary that limits the permissions of people.',
  ),
  documented('sso:ProvisionPermissionSet', 'Deploys changed permissions to accounts.'),
  documented('identitystore:CreateGroupMembership', 'Gives a person the roles of a group.'),
  described('sso-directory:AddMemberToGroup', 'Gives a person the roles of a group.'),
  documented('eks:CreateAccessEntry', 'Gives an identity access to a cluster.'),
  documented('eks:UpdateAccessEntry', 'Changes what an identity may do in a cluster.'),
  documented('eks:AssociateAccessPolicy', "Makes an identity a cluster's administrator, who can use every pod's role."),
];

/**
 * Actions that act as a user of a user pool, or that control how a pool authenticates its users. Applications, APIs and
 * roles trust the pool's tokens, so a caller who can obtain tokens for users of the pool can impersonate these users.
 */
const USER_POOLS: readonly SourcedAction[] = [
  documented('cognito-idp:AdminAddUserToGroup', "Gives a user the group's role."),
  documented('cognito-idp:AdminConfirmSignUp', 'Confirms a user without proof that the user owns the address.'),
  documented('cognito-idp:AdminCreateUser', 'Creates a user whose password the caller chooses.'),
  documented('cognito-idp:AdminEnableUser', 'Lets a disabled user sign in again.'),
  documented('cognito-idp:AdminInitiateAuth', 'Signs in as a user without using the sign-in pages.'),
  documented('cognito-idp:AdminRespondToAuthChallenge', 'Signs in as a user without using the sign-in pages.'),
  documented(
    'cognito-idp:AdminLinkProviderForUser',
    'Permits somebody from another identity provider to sign in as an existing user.',
  ),
  documented(
    'cognito-idp:AdminResetUserPassword',
    "Sends the code that sets a user's password to the current address.",
  ),
  documented('cognito-idp:AdminSetUserPassword', "Sets another user's password."),
  documented(
    'cognito-idp:AdminUpdateUserAttributes',
    "Changes a user's address, or attributes on which access depends.",
  ),
  documented('cognito-idp:AdminDeleteUserAttributes', 'Removes attributes on which access depends.'),
  described('cognito-idp:AdminDeleteSoftwareToken', 'Removes the MFA device of a user.'),
  documented('cognito-idp:AdminSetUserMFAPreference', 'Removes the MFA requirement for a user.'),
  documented('cognito-idp:AdminSetUserSettings', 'Removes the MFA requirement for a user.'),
  documented('cognito-idp:AdminUpdateDeviceStatus', 'Permits sign-ins from a device without MFA.'),
  documented('cognito-idp:SetUserPoolMfaConfig', 'Removes the MFA requirement for all users.'),
  documented('cognito-idp:SetRiskConfiguration', 'Permits sign-ins that look like attacks.'),
  documented('cognito-idp:CreateIdentityProvider', 'Trusts another identity provider.'),
  documented('cognito-idp:UpdateIdentityProvider', 'Trusts another identity provider.'),
  documented('cognito-idp:CreateUserImportJob', 'Creates users with any attributes.'),
  documented('cognito-idp:StartUserImportJob', 'Creates users with any attributes.'),
  documented(
    'cognito-idp:CreateUserPoolClient',
    'Creates an app client that users can sign in to, with any redirect address.',
  ),
  documented(
    'cognito-idp:UpdateUserPoolClient',
    'Changes how users sign in to an app client, and to which address they are redirected.',
  ),
  described(
    'cognito-idp:AddUserPoolClientSecret',
    'Returns a secret with which the caller can authenticate as the client.',
  ),
  documented(
    'cognito-idp:UpdateUserPool',
    'Changes MFA, account recovery and the functions that decide whether a sign-in is accepted.',
  ),
];

/**
 * Actions that give roles to people, or that let one person act as another person. The source of each row is the
 * service authorization reference.
 */
const PEOPLE: readonly SourcedAction[] = [
  described('account-access:CreateEntitlement', 'Gives a role to people in IAM Identity Center.'),
  described('sso:AssociateProfile', 'Gives a person a role in an account.'),
  described('sso:AssociateDirectory', 'Accepts people from another directory.'),
  described('sso:PutPermissionsPolicy', 'Widens the permissions of people.'),
  described('sso:PutMfaDeviceManagementForDirectory', 'Removes the MFA requirement for people.'),
  described('sso:CreateTrustedTokenIssuer', 'Trusts another identity provider.'),
  described('sso:UpdateTrustedTokenIssuer', 'Trusts another identity provider.'),
  described('sso:CreateInstanceAccessControlAttributeConfiguration', 'Makes people match tag-based policies.'),
  described('sso:UpdateInstanceAccessControlAttributeConfiguration', 'Makes people match tag-based policies.'),
  described('sso-directory:CreateBearerToken', 'Creates a token that can add people to groups.'),
  described('sso-directory:CreateExternalIdPConfigurationForDirectory', 'Trusts another identity provider.'),
  described('sso-directory:UpdateExternalIdPConfigurationForDirectory', 'Trusts another identity provider.'),
  described('sso-directory:EnableExternalIdPConfigurationForDirectory', 'Trusts another identity provider.'),
  described('sso-directory:ImportExternalIdPCertificate', 'Trusts another signing key.'),
  documented('identitystore:UpdateUser', "Changes a person's address, to which the code that sets a password is sent."),
  described('sso-directory:UpdateUser', "Changes a person's address, to which the code that sets a password is sent."),
  described('sso-directory:EnableUser', 'Lets a disabled person sign in again.'),
  described('sso-directory:VerifyEmail', 'Confirms an address without proof.'),
  described('workmail:ResetPassword', "Sets the password of another person's mailbox."),
  described('workmail:PutIdentityProviderConfiguration', 'Trusts another identity provider.'),
  described('workspaces:ModifySamlProperties', 'Changes the trusted identity provider for desktops.'),
  described('sso-directory:UpdatePassword', "Sets another person's password."),
  described('sso-directory:UpdateMfaDeviceForUser', 'Changes an MFA device that humans use to approve.'),
  described('sso-directory:DeleteMfaDeviceForUser', 'Removes the MFA device of a person.'),
  described('ds:EnableRoleAccess', 'Lets people of a directory assume roles.'),
  described('ds:CreateTrust', 'Trusts another directory.'),
  described('ds:ResetUserPassword', 'Sets the password of any person in a directory.'),
  described('ds-data:AddGroupMember', 'Gives a person the roles of a group.'),
  described('iq-permission:ApproveAccessGrant', 'Gives a role to somebody outside the account.'),
  described('iq-permission:ApprovePermissionRequest', 'Gives a role to somebody outside the account.'),
  described('iq-permission:AssumePermissionRole', 'Assumes another role.'),
  described('cognito-identity:SetPrincipalTagAttributeMap', 'Makes people match tag-based policies.'),
  documented('cognito-identity:SetIdentityPoolRoles', 'Sets the roles of guests and of people who have signed in.'),
  documented(
    'cognito-identity:MergeDeveloperIdentities',
    'Merges the identities of two people, so that one person gets the identity of the other person.',
  ),
  described(
    'cognito-identity:UpdateIdentityPool',
    'Permits users of another identity provider, or guests, to get AWS credentials.',
  ),
  described('eks:AssociateIdentityProviderConfig', 'Adds another trusted identity provider to a cluster.'),
  described('iot:AttachPolicy', 'Gives a device all permissions of a policy, for example to assume a role alias.'),
  described(
    'iot:AttachPrincipalPolicy',
    'Gives a device all permissions of a policy, for example to assume a role alias.',
  ),
  described('quicksight:CreateIAMPolicyAssignment', 'Gives people any policy.'),
  described('quicksight:UpdateIAMPolicyAssignment', 'Gives people any policy.'),
  described(
    'cloud9:CreateEnvironmentMembership',
    "Gives somebody access to an environment with its owner's credentials.",
  ),
  described(
    'cloud9:UpdateEnvironmentMembership',
    "Gives somebody access to an environment with its owner's credentials.",
  ),
];

export const ESCALATION_BY_IDENTITY: readonly SourcedAction[] = [
  ...POLICIES,
  ...CREDENTIALS,
  ...TRUST,
  ...ADMINISTRATION,
  ...USER_POOLS,
  ...PEOPLE,
];
