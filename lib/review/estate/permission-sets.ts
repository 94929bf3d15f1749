/**
 * Permission sets of IAM Identity Center. Each permission set becomes a role in every account in which it is assigned.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
 */
import type { Identity, PlacedPolicy, Read } from '../model';
import type { ManagedPolicies } from './managed-policies';
import { type PlanIndex, present } from './plan-index';
import { placeOf, type ScopedInstance, type Side } from './resource-instances';
import type { Value } from './value';

export const PERMISSION_SET = 'aws_ssoadmin_permission_set';
const INLINE = 'aws_ssoadmin_permission_set_inline_policy';
const MANAGED = 'aws_ssoadmin_managed_policy_attachment';
const CUSTOMER = 'aws_ssoadmin_customer_managed_policy_attachment';
const BOUNDARY = 'aws_ssoadmin_permissions_boundary_attachment';

/**
 * Types that list all policies of one kind in a permission set. If a resource of such a type is deleted, the policies
 * in its list stay attached. Source: the AWS provider's documentation, version 6.
 */
export const EXCLUSIVE_SET_TYPES: ReadonlyMap<string, { readonly list: string; readonly what: string }> = new Map([
  ['aws_ssoadmin_managed_policy_attachments_exclusive', { list: 'managed_policy_arns', what: 'managed' }],
  [
    'aws_ssoadmin_customer_managed_policy_attachments_exclusive',
    { list: 'customer_managed_policy_reference', what: 'customer-managed' },
  ],
]);

/** The types from which permission sets are built. */
export const PERMISSION_SET_PARTS: ReadonlySet<string> = new Set([
  PERMISSION_SET,
  INLINE,
  MANAGED,
  CUSTOMER,
  BOUNDARY,
  ...EXCLUSIVE_SET_TYPES.keys(),
]);

/** The permission sets of one side, as roles. */
export function permissionSetsOf(planIndex: PlanIndex, side: Side, managed: ManagedPolicies): readonly Identity[] {
  const sets = new Map<string, PermissionSet>();
  const byInstance = new Map<ScopedInstance, PermissionSet>();
  for (const { instance, value } of present(planIndex, side, [PERMISSION_SET])) {
    const set = managedSet(instance, value);
    byInstance.set(instance, set);
    sets.set(set.key, set);
  }
  const setOf = (instance: ScopedInstance, value: Value): PermissionSet | undefined => {
    const arn = value.at('permission_set_arn').text();
    const targets =
      arn.kind === 'known'
        ? planIndex.byAttribute([PERMISSION_SET], ['arn', 'id'], arn.value ?? '')
        : planIndex.references.follow(instance, 'permission_set_arn', [PERMISSION_SET]).targets;
    const [target] = targets;
    const known = target === undefined || targets.length > 1 ? undefined : byInstance.get(target);
    if (known !== undefined) return known;
    if (arn.kind === 'known' && arn.value !== undefined) {
      const elsewhere = sets.get(keyOf(arn.value)) ?? otherSet(instance, arn.value);
      sets.set(elsewhere.key, elsewhere);
      return elsewhere;
    }
    planIndex.unread(placeOf(instance, 'permission_set_arn'), 'the plan leaves open which permission set this is');
    return undefined;
  };
  for (const { instance, value } of present(planIndex, side, [INLINE, MANAGED, CUSTOMER])) {
    const policy = policyOf(planIndex, instance, value, managed);
    if (policy !== undefined) setOf(instance, value)?.policies.push(policy);
  }
  for (const { instance, value } of exclusiveLists(planIndex, side)) {
    const set = setOf(instance, value);
    for (const policy of listedPolicies(planIndex, instance, value, managed)) {
      if (set?.policies.some(({ arn, name }) => (arn ?? name) === (policy.arn ?? policy.name)) === false) {
        set.policies.push(policy);
      }
    }
  }
  for (const { instance, value } of present(planIndex, side, [BOUNDARY])) {
    const set = setOf(instance, value);
    if (set !== undefined) set.boundary = boundaryOf(instance, value, managed);
  }
  return [...sets.values()];
}

type PermissionSet = Omit<Identity, 'policies' | 'boundary'> & {
  readonly policies: PlacedPolicy[];
  boundary?: PlacedPolicy;
};

function managedSet(instance: ScopedInstance, value: Value): PermissionSet {
  const name = value.at('name').text();
  const known = name.kind === 'known' ? name.value : undefined;
  // The name before the plan, so that a replaced permission set has the same key on both sides.
  const earlier = instance.before?.at('name').text();
  const first = (earlier?.kind === 'known' ? earlier.value : undefined) ?? known;
  return {
    ...setCalled(instance, `${instance.scope.key} ${first ?? instance.address}`, known ?? instance.address),
    place: placeOf(instance),
    maxSession: durationOf(value.at('session_duration').text()),
  };
}

function otherSet(instance: ScopedInstance, arn: string): PermissionSet {
  return setCalled(instance, arn, arn);
}

function setCalled({ scope }: ScopedInstance, id: string, name: string): PermissionSet {
  return {
    key: keyOf(id),
    kind: 'role',
    name,
    account: scope.account,
    arn: { kind: 'unknown', why: 'it becomes a role in each account that it is assigned in' },
    policies: [],
    groups: [],
    exclusive: { inline: false, attached: false },
  };
}

function keyOf(id: string): string {
  return `permission set ${id}`;
}

function policyOf(
  planIndex: PlanIndex,
  instance: ScopedInstance,
  value: Value,
  managed: ManagedPolicies,
): PlacedPolicy | undefined {
  if (instance.type === MANAGED) return managed.named(instance, 'managed_policy_arn', value.at('managed_policy_arn'));
  if (instance.type === CUSTOMER) return customerPolicy(instance, value);
  const document = planIndex.documents.read(value.at('inline_policy'), 'identity');
  return document && { place: placeOf(instance, 'inline_policy'), document };
}

/** The lists of one side. Policies in a deleted list stay attached, unless the permission set is deleted too. */
function exclusiveLists(planIndex: PlanIndex, side: Side): ReturnType<typeof present> {
  const lists = present(planIndex, side, EXCLUSIVE_SET_TYPES.keys());
  if (side === 'before') return lists;
  const left = present(planIndex, 'before', EXCLUSIVE_SET_TYPES.keys()).filter(({ instance, value }) => {
    if (instance.after !== undefined) return false;
    const arn = value.at('permission_set_arn').text();
    const sets = planIndex.byAttribute([PERMISSION_SET], ['arn', 'id'], arn.kind === 'known' ? (arn.value ?? '') : '');
    return sets.every(({ after }) => after !== undefined);
  });
  return [...lists, ...left];
}

/** The policies that an exclusive list names. */
function listedPolicies(
  planIndex: PlanIndex,
  instance: ScopedInstance,
  value: Value,
  managed: ManagedPolicies,
): readonly PlacedPolicy[] {
  const list = EXCLUSIVE_SET_TYPES.get(instance.type)?.list ?? '';
  const elements = value.at(list).elements();
  if (elements.kind === 'unknown') {
    planIndex.unread(placeOf(instance, list), `a list that is ${elements.why}`);
    return [];
  }
  return elements.value.flatMap((element) => {
    if (list === 'managed_policy_arns') return managed.named(instance, list, element) ?? [];
    return { ...referredPolicy(instance, element), place: placeOf(instance, list) };
  });
}

/** AWS looks the policy up by name in each assigned account. */
function customerPolicy(instance: ScopedInstance, value: Value): PlacedPolicy {
  return referredPolicy(instance, value.at('customer_managed_policy_reference').at(0));
}

function referredPolicy(instance: ScopedInstance, reference: Value): PlacedPolicy {
  const name = reference.at('name').text();
  return {
    place: placeOf(instance, 'customer_managed_policy_reference'),
    ...(name.kind === 'known' && name.value !== undefined ? { name: name.value } : {}),
    document: { kind: 'unknown', why: 'each account has its own policy of that name' },
  };
}

function boundaryOf(instance: ScopedInstance, value: Value, managed: ManagedPolicies): PlacedPolicy {
  const block = value.at('permissions_boundary').at(0);
  const arn = block.at('managed_policy_arn');
  const named = managed.named(instance, 'permissions_boundary', arn);
  return named ?? { ...customerPolicy(instance, block), place: placeOf(instance, 'permissions_boundary') };
}

const DEFAULT_SESSION = 3600;

/** Parses durations such as `PT1H30M`; the default is one hour. Source: ISO 8601. */
function durationOf(text: Read<string | undefined>): Read<number> {
  if (text.kind === 'unknown') return text;
  if (text.value === undefined) return { kind: 'known', value: DEFAULT_SESSION };
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text.value);
  if (match === null) return { kind: 'unknown', why: 'it is no duration' };
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return { kind: 'known', value: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) };
}
