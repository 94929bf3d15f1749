/**
 * Policies and groups that exclusive resources remove from identities that the plan may not show. Every identity that
 * is not listed loses the policy or the group. Source: the AWS provider's documentation of `aws_iam_policy_attachment`,
 * `aws_iam_group_membership` and the types whose names end in `_exclusive`; a permission set has one inline policy and
 * one boundary.
 */
import { many } from '@leasehold/policy';
import type { Estate, PlacedPolicy, Taking } from '../model';
import { ManagedPolicies } from './managed-policies';
import { EXCLUSIVE_SET_TYPES, PERMISSION_SET } from './permission-sets';
import type { PlanIndex } from './plan-index';
import { placeOf, type ScopedInstance, type Side } from './resource-instances';
import {
  EXCLUSIVE_LIST,
  EXCLUSIVE_TYPES,
  GROUP_MEMBERSHIP,
  IDENTITY_TYPES,
  MANAGED_POLICY,
  POLICY_ATTACHMENT,
} from './tables';
import type { Value } from './value';

/** The policies and groups that identities lose because the plan creates, shrinks or deletes exclusive resources. */
export function takingsOf(planIndex: PlanIndex, before: Estate): readonly Taking[] {
  return [
    ...of(planIndex, [POLICY_ATTACHMENT]).flatMap((instance) => fromAttachment(planIndex, instance)),
    ...of(planIndex, [GROUP_MEMBERSHIP]).flatMap((instance) => fromMembership(planIndex, instance, before)),
    ...of(planIndex, EXCLUSIVE_TYPES.keys()).flatMap((instance) => fromExclusive(planIndex, instance)),
    ...of(planIndex, EXCLUSIVE_SET_TYPES.keys()).flatMap((instance) => fromExclusiveSet(planIndex, instance)),
    ...of(planIndex, SET_PARTS.keys()).flatMap((instance) => fromPermissionSet(planIndex, instance)),
  ];
}

/** How a resource with an exclusive list changes. Only changes that remove a policy or a group are listed. */
type Way = 'created' | 'shrunk' | 'removed';

function wayOf({ before, after }: ScopedInstance, attributes: readonly string[]): Way | undefined {
  if (before === undefined) return 'created';
  if (after === undefined) return 'removed';
  const shrinks = attributes.some((attribute) => {
    const kept = texts(after, attribute);
    return kept === undefined || (texts(before, attribute) ?? []).some((text) => !kept.includes(text));
  });
  return shrinks ? 'shrunk' : undefined;
}

function fromAttachment(planIndex: PlanIndex, instance: ScopedInstance): readonly Taking[] {
  const way = wayOf(instance, ['users', 'roles', 'groups']);
  const side: Side = instance.before === undefined ? 'after' : 'before';
  const arn = instance[side]?.at('policy_arn');
  if (way === undefined || arn === undefined) return [];
  // A policy that the same plan creates is not attached to any identity yet.
  if (way === 'created' && isMade(planIndex, [MANAGED_POLICY], 'arn', arn)) return [];
  const policy = new ManagedPolicies(planIndex, side).named(instance, 'policy_arn', arn);
  if (policy === undefined) return [];
  const name = policy.arn ?? policy.name ?? policy.place.address;
  return [
    {
      place: placeOf(instance),
      way,
      what: `the policy ${name}`,
      from: 'every user, role and group',
      denies: mayDeny(policy),
    },
  ];
}

function fromMembership(planIndex: PlanIndex, instance: ScopedInstance, before: Estate): readonly Taking[] {
  const way = wayOf(instance, ['users']);
  const group = (instance.before ?? instance.after)?.at('group');
  if (way === undefined || group === undefined) return [];
  if (way === 'created' && isMade(planIndex, typesOf('group'), 'name', group)) return [];
  const read = group.text();
  const name = read.kind === 'known' ? (read.value ?? '') : 'whose name is not known';
  const known = [...before.identities.values()].find((each) => each.kind === 'group' && each.name === name);
  const denies = known?.place === undefined || known.policies.some(mayDeny);
  return [{ place: placeOf(instance), way, what: `the group ${name}`, from: 'every user', denies }];
}

function fromExclusive(planIndex: PlanIndex, instance: ScopedInstance): readonly Taking[] {
  const { kind, what } = EXCLUSIVE_TYPES.get(instance.type) ?? {};
  if (kind === undefined || what === undefined) return [];
  const way = wayOf(instance, [EXCLUSIVE_LIST[what]]);
  const name = (instance.after ?? instance.before)?.at(`${kind}_name`);
  // Deleting the resource removes nothing. The estate already contains the identities that an attachment list names.
  if (way === undefined || way === 'removed' || name === undefined || (way === 'shrunk' && what === 'attached'))
    return [];
  const read = name.text();
  if (isMade(planIndex, typesOf(kind), 'name', name)) return [];
  // The plan shows all policies of a role that the plan manages.
  const shown = read.kind === 'known' ? planIndex.byAttribute(['aws_iam_role'], ['name'], read.value ?? '') : [];
  if (kind === 'role' && shown.length > 0) return [];
  const whose = `the ${kind} ${read.kind === 'known' ? read.value : 'whose name is not known'}`;
  return [{ place: placeOf(instance), way, what: `every ${what} policy`, from: whose, denies: true }];
}

/** Parts of a permission set that can exist only once, in words. */
const SET_PARTS: ReadonlyMap<string, string> = new Map([
  ['aws_ssoadmin_permission_set_inline_policy', 'the inline policy'],
  ['aws_ssoadmin_permissions_boundary_attachment', 'the boundary'],
]);

/**
 * Removals by a new list of all policies of a permission set. Such a list detaches every policy that it does not name.
 * If the list existed before, the plan shows the policies that the earlier list named.
 */
function fromExclusiveSet(planIndex: PlanIndex, instance: ScopedInstance): readonly Taking[] {
  const set = instance.after?.at('permission_set_arn');
  if (instance.before !== undefined || set === undefined || isMade(planIndex, [PERMISSION_SET], 'arn', set)) return [];
  const read = set.text();
  const from = `the permission set ${read.kind === 'known' ? read.value : 'whose name is not known'}`;
  const what = `every ${EXCLUSIVE_SET_TYPES.get(instance.type)?.what ?? ''} policy`;
  return [{ place: placeOf(instance), way: 'created', what, from, denies: true }];
}

/**
 * An inline policy or boundary that the plan adds to a permission set outside the plan. It replaces the existing one.
 */
function fromPermissionSet(planIndex: PlanIndex, instance: ScopedInstance): readonly Taking[] {
  const set = instance.after?.at('permission_set_arn').text();
  if (instance.before !== undefined || set?.kind !== 'known' || set.value === undefined) return [];
  if (planIndex.byAttribute([PERMISSION_SET], ['arn', 'id'], set.value).length > 0) return [];
  const what = SET_PARTS.get(instance.type) ?? '';
  return [{ place: placeOf(instance), way: 'created', what, from: `the permission set ${set.value}`, denies: true }];
}

function of(planIndex: PlanIndex, types: Iterable<string>): readonly ScopedInstance[] {
  return [...types].flatMap((type) => planIndex.byType.get(type) ?? []);
}

function typesOf(kind: 'user' | 'role' | 'group'): readonly string[] {
  return [...IDENTITY_TYPES].flatMap(([type, each]) => (each === kind ? [type] : []));
}

/** Whether this plan creates the resource that a value names; true if the value is known only after apply. */
function isMade(planIndex: PlanIndex, types: readonly string[], attribute: string, value: Value): boolean {
  const read = value.text();
  if (read.kind === 'unknown') return true;
  const named = planIndex.byAttribute(types, [attribute], read.value ?? '');
  return named.length > 0 && named.every(({ before }) => before === undefined);
}

/** Whether a policy denies something, or cannot be read. */
function mayDeny({ document, arn = '' }: PlacedPolicy): boolean {
  if (document.kind === 'known') return many(document.value.Statement).some(({ Effect }) => Effect === 'Deny');
  return !/^arn:aws[a-z-]*:iam::aws:policy\//.test(arn) || /Deny|Quarantine/.test(arn);
}

/** The texts of a list. `undefined` if one of them cannot be read. */
function texts(value: Value, attribute: string): readonly string[] | undefined {
  const elements = value.at(attribute).elements();
  if (elements.kind === 'unknown') return undefined;
  const read = elements.value.map((each) => each.text());
  if (read.some(({ kind }) => kind === 'unknown')) return undefined;
  return read.flatMap((each) => (each.kind === 'known' && each.value !== undefined ? [each.value] : []));
}
