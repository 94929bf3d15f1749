/** Quotas of an account: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html */
import { COUNT_QUOTAS, DOCUMENT_QUOTAS } from '@leasehold/policy';
import { type Operation, permit } from '../query/service';

/** The quotas and counts that the sandbox supports. AWS returns more quotas and counts. */
export const getAccountSummary: Operation = (call) => {
  const { account } = call.caller;
  permit(call, [{ action: 'iam:GetAccountSummary', resource: '*', context: {} }]);
  const less = call.cloud.violates('account-quotas');
  const numbers: Readonly<Record<string, number>> = {
    AssumeRolePolicySizeQuota: less ? 1024 : DOCUMENT_QUOTAS['trust-policy'].limit,
    Roles: account.roles.size,
    RolesQuota: less ? 500 : COUNT_QUOTAS.rolesPerAccount.value,
    Users: account.users.size,
    UsersQuota: COUNT_QUOTAS.usersPerAccount.value,
    MFADevices: account.devices.size,
    PolicySizeQuota: DOCUMENT_QUOTAS['managed-policy'].limit,
    RolePolicySizeQuota: DOCUMENT_QUOTAS['role-inline-policy'].limit,
    UserPolicySizeQuota: DOCUMENT_QUOTAS['user-inline-policy'].limit,
  };
  return { SummaryMap: new Map(Object.entries(numbers)) };
};
