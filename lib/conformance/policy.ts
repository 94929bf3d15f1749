/** The permissions that a person needs to run the probes. */
import type { Partition } from '@leasehold/definitions';
import type { PolicyDocument } from '@leasehold/policy';
import { PROBE_PATH } from './identities/definitions';

/**
 * The least-privilege policy for running the probes in an account, and for removing leftovers. With this policy, a
 * person can create identities with any permissions, which is equivalent to full access to the account. Attach it to
 * administrators only.
 */
export function conformancePolicy(account: string, partition: Partition = 'aws'): PolicyDocument {
  const at = (kind: string) => `arn:${partition}:iam::${account}:${kind}${PROBE_PATH}*`;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'iam:CreateAccessKey',
          'iam:CreateUser',
          'iam:DeactivateMFADevice',
          'iam:DeleteAccessKey',
          'iam:DeleteUser',
          'iam:DeleteUserPolicy',
          'iam:EnableMFADevice',
          'iam:GetUser',
          'iam:ListAccessKeys',
          'iam:ListUserPolicies',
          'iam:PutUserPolicy',
        ],
        Resource: at('user'),
      },
      {
        Effect: 'Allow',
        Action: [
          'iam:AttachRolePolicy',
          'iam:CreateRole',
          'iam:DeleteRole',
          'iam:DeleteRolePolicy',
          'iam:DetachRolePolicy',
          'iam:GetRole',
          'iam:ListAttachedRolePolicies',
          'iam:ListRolePolicies',
          'iam:PutRolePolicy',
          'iam:TagRole',
        ],
        Resource: at('role'),
      },
      {
        Effect: 'Allow',
        Action: [
          'iam:CreatePolicy',
          'iam:CreatePolicyVersion',
          'iam:DeletePolicy',
          'iam:DeletePolicyVersion',
          'iam:ListPolicyVersions',
        ],
        Resource: at('policy'),
      },
      { Effect: 'Allow', Action: ['iam:CreateVirtualMFADevice', 'iam:DeleteVirtualMFADevice'], Resource: at('mfa') },
      {
        Effect: 'Allow',
        Action: [
          'events:TestEventPattern',
          'iam:GetAccountSummary',
          'iam:ListPolicies',
          'iam:ListRoles',
          'iam:ListUsers',
          'iam:ListVirtualMFADevices',
        ],
        Resource: '*',
      },
    ],
  };
}
