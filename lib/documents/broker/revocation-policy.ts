/**
 * The policy that the broker writes to revoke leases. The policy contains only deny statements. Even an Allow statement
 * in it would have no effect, because the policy is attached only to roles whose boundary permits exactly what their
 * own policy allows. The deny statements do not depend on role tags: leases are identified by their session tag and
 * roles by their ARN, and a revocation of all roles has no condition.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Environment, Role } from '@leasehold/definitions';
import { checkSize, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { type EnvironmentNames, policyArn, roleArn } from '../names';
import { hasExactBoundary } from '../role-boundary';
import { LEASE_ID_TAG } from '../session';
import { NO_LEASE, revocationPolicyName } from './names';

/** The leases and roles that the policy denies. */
export interface Denials {
  /** Ids of leases, each with the name of its role; `undefined` if the role is unknown. */
  readonly leases: ReadonlyMap<string, string | undefined>;
  /** Names of the roles for which every session is denied. */
  readonly roles: ReadonlySet<string>;
  /** Whether every session of every role is denied. */
  readonly everything: boolean;
}

/** Denies nothing. */
export const NO_DENIALS: Denials = { leases: new Map(), roles: new Set(), everything: false };

/**
 * Actions that the broker needs on the policy. `CreatePolicyVersion` is also used to make the new version the default.
 */
export const REVOCATION_POLICY_ACTIONS: readonly string[] = [
  'iam:CreatePolicyVersion',
  'iam:DeletePolicyVersion',
  'iam:GetPolicyVersion',
  'iam:ListPolicyVersions',
];

/** The roles to which the policy is attached. Empty if no broker is deployed. */
export function rolesWithRevocationPolicy({ broker, roles }: Environment): readonly Role[] {
  return broker === undefined ? [] : roles.filter(hasExactBoundary);
}

/** ARN of the policy. */
export function revocationPolicyArn(environment: EnvironmentNames): string {
  return policyArn(revocationPolicyName(environment), environment);
}

/**
 * The policy document for the given denials. If the document would exceed the size limit of a managed policy, it denies
 * more: whole roles instead of single leases or, if this is not sufficient, everything. The same denials always result
 * in the same text.
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
 * Parses a document that {@link revocationPolicy} created.
 * @returns `undefined` for any other document, even if it contains only deny statements
 */
export function readRevocationPolicy(document: PolicyDocument, environment: Environment): Denials | undefined {
  if (isDeepStrictEqual(document, EVERYTHING)) return { ...NO_DENIALS, everything: true };
  const [leasesDenied, rolesDenied] = many(document.Statement);
  const leases = many(leasesDenied?.Condition?.StringEquals?.[LEASE_ID_KEY] ?? []).map(String);
  const arns = many(rolesDenied?.Condition?.ArnEquals?.[ROLE_KEY] ?? []).map(String);
  const written = leases.filter((lease) => lease !== NO_LEASE);
  if (!isDeepStrictEqual(document, documentOf(written, arns))) return undefined;
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

/** A statement that denies everything, without a condition, so that the denial does not depend on any condition key. */
const EVERYTHING: PolicyDocument = { Version: '2012-10-17', Statement: [{ Sid: 'EverythingRevoked', ...DENY }] };

function documentOf(leases: readonly string[], arns: readonly string[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      // IAM requires at least one statement in a policy, so the list is never empty.
      { Sid: 'RevokedLeases', ...DENY, Condition: { StringEquals: { [LEASE_ID_KEY]: [NO_LEASE, ...leases].sort() } } },
      ...(arns.length > 0
        ? [{ Sid: 'RevokedRoles', ...DENY, Condition: { ArnEquals: { [ROLE_KEY]: [...arns].sort() } } }]
        : []),
    ],
  };
}

/**
 * If two roles have the same number of leases, the role name decides, so that the result does not depend on the order.
 */
function roleWithMostLeases(roles: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const role of roles) if (role !== undefined) counts.set(role, (counts.get(role) ?? 0) + 1);
  const [largest] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return largest?.[0];
}
