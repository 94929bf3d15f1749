/** Compares the account's quotas with the deployed resources and the current usage. */
import { policySize } from '@leasehold/policy';
import { deployedIdentities } from '../roles/deployed-identities';
import { present } from '../unread';
import type { AccountVerification, Damage } from '../verification';

/** Fraction of a quota. If usage is above this fraction, the next deployment may fail. */
const NEARLY_FULL = 0.9;
/** The keys of usage counts in the IAM account summary, each with the key of its quota and a noun. */
const IN_USE = [
  ['Roles', 'RolesQuota', 'roles'],
  ['Policies', 'PoliciesQuota', 'managed policies'],
  ['Users', 'UsersQuota', 'users'],
] as const;

export const quotas: AccountVerification = {
  id: 'quotas',
  part: 'account',
  severity: 'medium',
  title: 'The quotas of IAM leave room for the stack',
  why: 'If a quota is reached, the next apply fails half-way. Quotas differ between accounts, so the doctor reads the quotas of this account.',
  verify: async ({ environment, live }) => {
    const { SummaryMap } = await live.aws.call('iam', 'GetAccountSummary', {});
    const summary: Readonly<Record<string, number>> = SummaryMap ?? {};
    const number = (field: string) => present(summary[field], field, 'iam:GetAccountSummary');
    const identities = deployedIdentities(environment);
    const damage = (place: string, message: string): Damage => ({
      kind: 'damage',
      place,
      message,
      hint: 'Raise the quota in the Service Quotas console, or distribute the project across several accounts.',
    });
    const full = IN_USE.flatMap(([count, quota, what]) => {
      const [used, most] = [number(count), number(quota)];
      if (used < most * NEARLY_FULL) return [];
      return [damage(environment.account, `The account already has ${used} ${what}; the maximum is ${most}.`)];
    });
    const over = identities.flatMap(({ arn, kind, attached, trust }) => {
      const most = number(kind === 'user' ? 'AttachedPoliciesPerUserQuota' : 'AttachedPoliciesPerRoleQuota');
      const longest = number('AssumeRolePolicySizeQuota');
      const size = trust === undefined ? 0 : policySize(trust);
      return [
        ...(attached.size > most
          ? [
              damage(
                arn,
                `The ${kind} needs ${attached.size} attached policies, but the account permits at most ${most}.`,
              ),
            ]
          : []),
        ...(size > longest
          ? [damage(arn, `The trust policy needs ${size} characters, but the account permits at most ${longest}.`)]
          : []),
      ];
    });
    return [...full, ...over];
  },
};
