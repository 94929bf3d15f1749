/**
 * Handles access that the definitions declare. It applies to Leasehold's roles that pass or assume other roles, to
 * roles that both write and delete, and to roles for people with AWS-managed policies. Only the definitions count as a
 * declaration, and only for exactly what they name, because anybody can write an output of the plan.
 */
import { many, type Statement } from '@leasehold/policy';
import { AWS_MANAGED_DATE, awsManagedPolicy, policyTextHash } from '@leasehold/policy/aws-managed';
import type { DeclaredHanding, DeclaredRole } from '../declared-roles';
import { Allowance } from '../diff/allowance';
import type { IdentityDiff } from '../diff/identity-diff';
import type { Side } from '../diff/side';
import { valueAt } from './attributes';
import { type Check, type FindingKind, finding, listOf, nameOf, placeOf, type ReviewContext } from './finding';
import { isMixed, type ManifestWaiver, MIXED_ACCESS, ownRole, rolesOf, waiversOf } from './manifest-roles';
import { atTheLeast, powerOfNamed, severityOfPower } from './power-of';

const handed: FindingKind = {
  id: 'role-handed',
  title: 'A lease may pass or assume a role outside Leasehold, as declared',
  severities: ['high', 'critical', 'medium'],
  why: 'A lease that passes or assumes such a role can do everything that the role may do.',
  hint: 'Accept the entry if its `because:` is a good reason; otherwise remove it from `passes:` or `assumes:` of the role.',
};

const mixed: FindingKind = {
  id: 'write-and-delete',
  title: 'One lease can both write and delete',
  severities: ['high', 'medium'],
  why: 'After a single approval, the lease can both overwrite and remove existing resources.',
  hint: 'Split the role in two, or accept the entry under `mixedAccess:` of the project.',
};

const managed: FindingKind = {
  id: 'managed-policy',
  title: 'A role for people has an AWS-managed policy',
  severities: ['medium', 'high'],
  why: 'An AWS-managed policy permits far more than one task needs, and AWS can change its text at any time.',
  hint: 'Check the stated reason, and use `leasehold can` to see what the pinned text permits. If you do not agree, remove the entry from `managedPolicies:` of the role.',
};

export const declared: Check = {
  kinds: [handed, mixed, managed],
  *find(context) {
    for (const diff of context.diffs) yield* handedBy(diff, context);
    yield* mixedRoles(context);
    yield* managedRoles(context);
  },
};

/**
 * True if the identity's definition declares every statement that allows the action, and every role among the resources
 * has a `role-handed` finding in this review.
 */
export function isDeclared(
  { action, resources }: { readonly action: string; readonly resources: readonly string[] },
  diff: IdentityDiff,
  context: ReviewContext,
): boolean {
  const role = declaredRole(diff, context);
  const { after } = diff.pair;
  if (role === undefined || after === undefined || resources.length === 0) return false;
  const grants = unbounded(after).grants(action);
  if (grants.length === 0 || !grants.every(({ statement }) => isDeclaredStatement(statement, role))) return false;
  const { passes, assumes } = newlyHanded(diff, context);
  const reported = ASSUMING.has(action.toLowerCase()) ? assumes : passes;
  return resources.every((resource) => reported.some(({ arn }) => arn === resource));
}

function declaredRole({ identity }: IdentityDiff, { declaredRoles }: ReviewContext): DeclaredRole | undefined {
  const { kind, arn } = identity;
  return kind === 'role' && arn.kind === 'known' ? declaredRoles.find((each) => each.arn === arn.value) : undefined;
}

/**
 * Whether a statement has exactly the form that Leasehold writes: no other action, no wildcard, and exactly one
 * service for a passed role.
 */
function isDeclaredStatement(statement: Statement, { passes, assumes }: DeclaredRole): boolean {
  const { Action, Resource, Condition } = statement;
  const actions = many(Action).map((action) => action.toLowerCase());
  const roles = many(Resource);
  if (actions.length === 0 || roles.length === 0) return false;
  if (actions.every((action) => ASSUMING.has(action))) {
    return roles.every((role) => assumes.some(({ arn }) => arn === role));
  }
  const services = servicesOf(Condition);
  return (
    actions.every((action) => action === 'iam:passrole') &&
    services.length > 0 &&
    roles.every((role) => services.every((service) => passes.some(({ arn, to }) => arn === role && to === service)))
  );
}

const ASSUMING: ReadonlySet<string> = new Set(['sts:assumerole', 'sts:setsourceidentity', 'sts:tagsession']);

/**
 * The services in a condition, if the condition only requires one of these services. Empty for any other condition.
 */
export function servicesOf(condition: Statement['Condition']): readonly string[] {
  const [[operator, keys] = ['', {}], ...others] = Object.entries(condition ?? {});
  const [[key, values] = ['', []], ...more] = Object.entries(keys);
  const isExact = operator === 'StringEquals' && key.toLowerCase() === 'iam:passedtoservice';
  return isExact && others.length === 0 && more.length === 0 ? many(values).map(String) : [];
}

function unbounded({ documents }: Pick<Side, 'documents'>): Allowance {
  return new Allowance({ documents, boundary: undefined });
}

/** The declared roles that the identity may pass or assume after the plan, but not before. */
function newlyHanded(diff: IdentityDiff, context: ReviewContext): Pick<DeclaredRole, 'passes' | 'assumes'> {
  const role = declaredRole(diff, context);
  const { before, after } = diff.pair;
  if (role === undefined || after === undefined) return { passes: [], assumes: [] };
  const isNew = (action: string, arn: string, allowed: (statement: Statement) => boolean) =>
    unbounded(after)
      .grants(action, arn)
      .some(({ statement }) => isDeclaredStatement(statement, role) && allowed(statement)) &&
    (before === undefined ||
      !unbounded(before)
        .grants(action, arn)
        .some(({ statement }) => allowed(statement)));
  return {
    passes: role.passes.filter(({ arn, to }) => isNew('iam:PassRole', arn, (statement) => isPassedTo(statement, to))),
    assumes: role.assumes.filter(({ arn }) => isNew('sts:AssumeRole', arn, () => true)),
  };
}

/**
 * Whether a statement permits passing a role to the service and has no condition other than one on the services to
 * which the role may be passed.
 */
function isPassedTo({ Condition }: Statement, service: string): boolean {
  return Object.keys(Condition ?? {}).length === 0 || servicesOf(Condition).includes(service);
}

function* handedBy(diff: IdentityDiff, context: ReviewContext) {
  const report = (each: DeclaredHanding, words: string) => {
    // The pull request contains the declaration, so the declaration can only raise the severity.
    const power = powerOfNamed(each.arn, context);
    const label = power.label === undefined ? '' : `${power.label}, `;
    const claim = each.administrator ? '; by the definitions it may do everything, or change who may do what' : '';
    return finding(handed, {
      place: placeOf(diff),
      identity: diff.key,
      severity: atTheLeast(each.administrator ? 'high' : 'medium', severityOfPower(power)),
      message: `Leases of the ${nameOf(diff)} may ${words}, ${label}${power.words}${claim}. Its definition declares it: ${each.because}`,
    });
  };
  const { passes, assumes } = newlyHanded(diff, context);
  for (const each of passes) yield report(each, `pass to ${each.to} the role ${each.arn}`);
  for (const each of assumes) yield report(each, `assume the role ${each.arn}`);
}

function* mixedRoles({ access, declaredRoles, today }: ReviewContext) {
  const { before, after } = access.manifests;
  for (const [name, role] of rolesOf(after)) {
    if (!isMixed(role)) continue;
    const was = ownRole(before, name);
    const earlier = isMixed(was) ? waiversOf(was).filter(isMixedAccess) : [];
    const changed = waiversOf(role).filter((entry) => isMixedAccess(entry) && !earlier.some(coversOf(entry)));
    if (isMixed(was) && changed.length === 0) continue;
    const allowed = declaredRoles.find(({ arn }) => arn === valueAt(role, 'arn'))?.mixedAccess;
    const isAllowed = allowed !== undefined && allowed.until >= today;
    const instead = earlier.map(({ until }) => until).filter((until) => until !== allowed?.until);
    const extended = instead.length === 0 ? '' : ` instead of ${listOf(instead)}`;
    const reason = isAllowed
      ? `, as the project allows until ${allowed.until}${extended}: ${allowed.because}`
      : '; no definition that was read allows it.';
    yield finding(mixed, {
      place: { address: 'output.leasehold', attribute: `roles.${name}` },
      severity: isAllowed ? 'medium' : 'high',
      message: `One lease of the role ${name} can write and delete${reason}`,
    });
  }
}

function isMixedAccess({ guardrail }: ManifestWaiver): boolean {
  return guardrail === MIXED_ACCESS;
}

/** Returns a test for an earlier entry with the same reason that lasts at least as long. */
function coversOf({ because, until }: ManifestWaiver): (earlier: ManifestWaiver) => boolean {
  return (earlier) => earlier.because === because && earlier.until >= until;
}

/**
 * The managed policies in the `leasehold` output of the plan. Only definitions count as declarations; the output can
 * only add findings here. The permissions in these policies are reported in any case.
 */
function* managedRoles({ access }: ReviewContext) {
  const { before, after } = access.manifests;
  for (const [name, role] of rolesOf(after)) {
    const had = pinnedIn(ownRole(before, name));
    for (const { arn, sha256, because } of pinnedIn(role)) {
      const document = awsManagedPolicy(arn);
      const known = document && policyTextHash(document);
      const isNew = !had.some((each) => each.arn === arn && each.sha256 === sha256);
      if (known === sha256 && !isNew) continue;
      const text =
        known === sha256
          ? `pinned to the text with SHA-256 ${sha256}: ${because}`
          : `pinned to the text with SHA-256 ${sha256}, which is not its known text of ${AWS_MANAGED_DATE}.`;
      yield finding(managed, {
        place: { address: 'output.leasehold', attribute: `roles.${name}` },
        severity: known === sha256 ? 'medium' : 'high',
        message: `Leases of the role ${name} have ${arn}, ${text}`,
      });
    }
  }
}

function pinnedIn(
  role: unknown,
): readonly { readonly arn: string; readonly sha256: string; readonly because: string }[] {
  const listed = valueAt(role, 'managedPolicies');
  if (!Array.isArray(listed)) return [];
  return listed.map((entry) => ({
    arn: String(valueAt(entry, 'arn')),
    sha256: String(valueAt(entry, 'sha256')),
    because: String(valueAt(entry, 'because')),
  }));
}
