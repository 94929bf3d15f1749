/**
 * The policy that the broker writes to revoke leases. It contains only denies. Even if something else were written
 * there, it could permit nothing: it is attached only to roles whose boundary permits exactly what their own policy
 * allows. The denies need no tag of a role: they name leases by their session tag and roles by their ARN, and a
 * revocation of all roles has no condition at all.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Environment, Role } from '@leasehold/definitions';
import { checkSize, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { policyArn, roleArn } from '../names';
import { hasExactBoundary } from '../role-boundary';
import { LEASE_ID_TAG } from '../session';
import { NO_LEASE, revocationPolicyName } from './names';

/** What the policy denies. */
export interface Denials {
  /** Ids of leases, each with the name of its role; `undefined` if the role is unknown. */
  readonly leases: ReadonlyMap<string, string | undefined>;
  /** Names of roles of which every session is denied. */
  readonly roles: ReadonlySet<string>;
  /** Whether every session of every role is denied. */
  readonly everything: boolean;
}

/** Denies nothing. */
export const NO_DENIALS: Denials = { leases: new Map(), roles: new Set(), everything: false };

/** Actions on the policy that the broker needs. `CreatePolicyVersion` also makes the new version the default. */
export const REVOCATION_POLICY_ACTIONS: readonly string[] = [
  'iam:CreatePolicyVersion',
  'iam:DeletePolicyVersion',
  'iam:GetPolicyVersion',
  'iam:ListPolicyVersions',
];

/** The roles to which the policy is attached. Empty without a broker. */
export function rolesWithRevocationPolicy({ broker, roles }: Environment): readonly Role[] {
  return broker === undefined ? [] : roles.filter(hasExactBoundary);
}

/** ARN of the policy. */
export function revocationPolicyArn(environment: Environment): string {
  return policyArn(revocationPolicyName(environment), environment);
}

/**
 * The document for some denials. If it exceeds the size of a managed policy, it denies more: first whole roles instead
 * of their leases, then everything. The same denials give the same bytes.
 */
export function revocationPolicy(denials: Denials, environment: Environment): PolicyDocument {
  const arns = new Map(rolesWithRevocationPolicy(environment).map((role) => [role.name, roleArn(role, environment)]));
  const roles = new Set([...denials.roles].filter((role) => arns.has(role)));
  for (;;) {
    if (denials.everything || (arns.size > 0 && roles.size === arns.size)) return EVERYTHING;
    const leases = [...denials.leases].filter(([, role]) => role === undefined || !roles.has(role));
    const document = documentOf(
      leases.map(([lease]) => lease),
      [...roles].flatMap((role) => arns.get(role) ?? []),
    );
    if (!checkSize('managed-policy', document).over) return document;
    const largest = roleWithMostLeases(leases.map(([, role]) => role).filter((role) => arns.has(role ?? '')));
    if (largest === undefined) return EVERYTHING;
    roles.add(largest);
  }
}

/**
 * Reads a document that {@link revocationPolicy} wrote.
 * @returns `undefined` for any other document, even if it only denies
 */
export function readRevocationPolicy(document: PolicyDocument, environment: Environment): Denials | undefined {
  if (isSame(document, EVERYTHING)) return { ...NO_DENIALS, everything: true };
  const [leasesDenied, rolesDenied] = many(document.Statement);
  const leases = many(leasesDenied?.Condition?.StringEquals?.[LEASE_ID_KEY] ?? []).map(String);
  const arns = many(rolesDenied?.Condition?.ArnEquals?.[ROLE_KEY] ?? []).map(String);
  const written = leases.filter((lease) => lease !== NO_LEASE);
  if (!isSame(document, documentOf(written, arns))) return undefined;
  const names = new Map(environment.roles.map((role) => [roleArn(role, environment), role.name]));
  return {
    leases: new Map(written.map((lease) => [lease, undefined])),
    roles: new Set(arns.map((arn) => names.get(arn) ?? arn)),
    everything: false,
  };
}

const LEASE_ID_KEY = `aws:PrincipalTag/${LEASE_ID_TAG}`;
const ROLE_KEY = 'aws:PrincipalArn';

const DENY: Statement = { Effect: 'Deny', Action: '*', Resource: '*' };

/** Without a condition, so that it depends on no key. */
const EVERYTHING: PolicyDocument = { Version: '2012-10-17', Statement: [{ Sid: 'EverythingRevoked', ...DENY }] };

function documentOf(leases: readonly string[], arns: readonly string[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      // IAM accepts no policy without a statement, so the list is never empty.
      { Sid: 'RevokedLeases', ...DENY, Condition: { StringEquals: { [LEASE_ID_KEY]: [NO_LEASE, ...leases].sort() } } },
      ...(arns.length > 0
        ? [{ Sid: 'RevokedRoles', ...DENY, Condition: { ArnEquals: { [ROLE_KEY]: [...arns].sort() } } }]
        : []),
    ],
  };
}

/** Ties are decided by name, so that the result does not depend on the order. */
function roleWithMostLeases(roles: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const role of roles) if (role !== undefined) counts.set(role, (counts.get(role) ?? 0) + 1);
  const [largest] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return largest?.[0];
}

/** Whether two documents are equal, apart from the order of keys. */
function isSame(one: PolicyDocument, other: PolicyDocument): boolean {
  return isDeepStrictEqual(one, other);
}
