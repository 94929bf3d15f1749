/** An account with thousands of roles, page by page as AWS answers. */
import type { Environment } from '@leasehold/definitions';
import { type Answers, authorizationOf } from './account';

/** What AWS puts on a page at most. */
export const PAGE = 1000;

/** The project's identities among roles of other people, which trust the whole account and a service. */
export function crowdedAccount(environment: Environment, count: number): Answers {
  const own = authorizationOf(environment);
  const trust = encodeURIComponent(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${environment.account}:root` }, Action: 'sts:AssumeRole' },
        { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }),
  );
  const others = Array.from({ length: count - own.RoleDetailList.length }, (_, index) => ({
    RoleName: `other-${index}`,
    RoleId: `AROA${index}`,
    Arn: `arn:aws:iam::${environment.account}:role/other-${index}`,
    Path: '/',
    RolePolicyList: [],
    AttachedManagedPolicies: [],
    AssumeRolePolicyDocument: trust,
  }));
  const all = [...own.RoleDetailList, ...others];
  return {
    'iam:GetAccountAuthorizationDetails': (input) => {
      const { items, ...rest } = page(all, input);
      return { ...('Marker' in input ? {} : own), RoleDetailList: items, ...rest };
    },
    'iam:ListRoles': (input) => {
      const { items, ...rest } = page(all, input);
      return { Roles: items.map(({ RoleName }) => ({ RoleName, MaxSessionDuration: 3600 })), ...rest };
    },
  };
}

function page<T>(items: readonly T[], { Marker }: { readonly Marker?: unknown }) {
  const from = Number(Marker ?? 0);
  const IsTruncated = from + PAGE < items.length;
  return {
    items: items.slice(from, from + PAGE),
    IsTruncated,
    ...(IsTruncated ? { Marker: String(from + PAGE) } : {}),
  };
}
