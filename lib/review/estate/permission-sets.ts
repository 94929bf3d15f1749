/**
 * Permission sets of IAM Identity Center: each becomes a role in every account that it is assigned in.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
 */
import type { Identity, PlacedPolicy, Read } from '../model';
import { type Ground, present } from './ground';
import { placeOf, type Scoped, type Side } from './held';
import type { ManagedPolicies } from './managed-policies';
import type { Value } from './value';

export const PERMISSION_SET = 'aws_ssoadmin_permission_set';
const INLINE = 'aws_ssoadmin_permission_set_inline_policy';
const MANAGED = 'aws_ssoadmin_managed_policy_attachment';
const CUSTOMER = 'aws_ssoadmin_customer_managed_policy_attachment';
const BOUNDARY = 'aws_ssoadmin_permissions_boundary_attachment';

/**
 * Types that say all policies of a kind that a permission set has; removing one detaches nothing.
 * Source: the AWS provider's documentation, version 6.
 */
export const EXCLUSIVE_SET_TYPES: ReadonlyMap<string, { readonly list: string; readonly what: string }> = new Map([
  ['aws_ssoadmin_managed_policy_attachments_exclusive', { list: 'managed_policy_arns', what: 'managed' }],
  [
    'aws_ssoadmin_customer_managed_policy_attachments_exclusive',
    { list: 'customer_managed_policy_reference', what: 'customer-managed' },
  ],
]);

/** The types that permission sets are built from. */
export const PERMISSION_SET_PARTS: ReadonlySet<string> = new Set([
  PERMISSION_SET,
  INLINE,
  MANAGED,
  CUSTOMER,
  BOUNDARY,
  ...EXCLUSIVE_SET_TYPES.keys(),
]);

/** The permission sets of one side, as roles. */
export function permissionSetsOf(ground: Ground, side: Side, managed: ManagedPolicies): readonly Identity[] {
  const sets = new Map<string, PermissionSet>();
  const byHeld = new Map<Scoped, PermissionSet>();
  for (const { held, value } of present(ground, side, [PERMISSION_SET])) {
    const set = managedSet(held, value);
    byHeld.set(held, set);
    sets.set(set.key, set);
  }
  const setOf = (held: Scoped, value: Value): PermissionSet | undefined => {
    const arn = value.at('permission_set_arn').text();
    const targets =
      arn.kind === 'known'
        ? ground.byAttribute([PERMISSION_SET], ['arn', 'id'], arn.value ?? '')
        : ground.references.follow(held, 'permission_set_arn', [PERMISSION_SET]).targets;
    const [target] = targets;
    const known = target === undefined || targets.length > 1 ? undefined : byHeld.get(target);
    if (known !== undefined) return known;
    if (arn.kind === 'known' && arn.value !== undefined) {
      const elsewhere = sets.get(keyOf(arn.value)) ?? otherSet(held, arn.value);
      sets.set(elsewhere.key, elsewhere);
      return elsewhere;
    }
    ground.unread(placeOf(held, 'permission_set_arn'), 'the plan leaves open which permission set this is');
    return undefined;
  };
  for (const { held, value } of present(ground, side, [INLINE, MANAGED, CUSTOMER])) {
    const policy = policyOf(ground, held, value, managed);
    if (policy !== undefined) setOf(held, value)?.policies.push(policy);
  }
  for (const { held, value } of exclusiveLists(ground, side)) {
    const set = setOf(held, value);
    for (const policy of listedPolicies(ground, held, value, managed)) {
      if (set?.policies.some(({ arn, name }) => (arn ?? name) === (policy.arn ?? policy.name)) === false) {
        set.policies.push(policy);
      }
    }
  }
  for (const { held, value } of present(ground, side, [BOUNDARY])) {
    const set = setOf(held, value);
    if (set !== undefined) set.boundary = boundaryOf(held, value, managed);
  }
  return [...sets.values()];
}

type PermissionSet = Omit<Identity, 'policies' | 'boundary'> & {
  readonly policies: PlacedPolicy[];
  boundary?: PlacedPolicy;
};

function managedSet(held: Scoped, value: Value): PermissionSet {
  const name = value.at('name').text();
  const known = name.kind === 'known' ? name.value : undefined;
  // The name before, so that one that is replaced has one key.
  const earlier = held.before?.at('name').text();
  const first = (earlier?.kind === 'known' ? earlier.value : undefined) ?? known;
  return {
    ...setCalled(held, `${held.scope.key} ${first ?? held.address}`, known ?? held.address),
    place: placeOf(held),
    maxSession: durationOf(value.at('session_duration').text()),
  };
}

function otherSet(held: Scoped, arn: string): PermissionSet {
  return setCalled(held, arn, arn);
}

function setCalled({ scope }: Scoped, id: string, name: string): PermissionSet {
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

function policyOf(ground: Ground, held: Scoped, value: Value, managed: ManagedPolicies): PlacedPolicy | undefined {
  if (held.type === MANAGED) return managed.named(held, 'managed_policy_arn', value.at('managed_policy_arn'));
  if (held.type === CUSTOMER) return customerPolicy(held, value);
  const document = ground.documents.read(value.at('inline_policy'), 'identity');
  return document && { place: placeOf(held, 'inline_policy'), document };
}

/** The lists of one side; what one that is removed named stays attached, unless its permission set is removed too. */
function exclusiveLists(ground: Ground, side: Side): ReturnType<typeof present> {
  const lists = present(ground, side, EXCLUSIVE_SET_TYPES.keys());
  if (side === 'before') return lists;
  const left = present(ground, 'before', EXCLUSIVE_SET_TYPES.keys()).filter(({ held, value }) => {
    if (held.after !== undefined) return false;
    const arn = value.at('permission_set_arn').text();
    const sets = ground.byAttribute([PERMISSION_SET], ['arn', 'id'], arn.kind === 'known' ? (arn.value ?? '') : '');
    return sets.every(({ after }) => after !== undefined);
  });
  return [...lists, ...left];
}

/** The policies that such a list names. */
function listedPolicies(ground: Ground, held: Scoped, value: Value, managed: ManagedPolicies): readonly PlacedPolicy[] {
  const list = EXCLUSIVE_SET_TYPES.get(held.type)?.list ?? '';
  const elements = value.at(list).elements();
  if (elements.kind === 'unknown') {
    ground.unread(placeOf(held, list), `a list that is ${elements.why}`);
    return [];
  }
  return elements.value.flatMap((element) => {
    if (list === 'managed_policy_arns') return managed.named(held, list, element) ?? [];
    return { ...referredPolicy(held, element), place: placeOf(held, list) };
  });
}

/** It is looked up by name in each account, and only there. */
function customerPolicy(held: Scoped, value: Value): PlacedPolicy {
  return referredPolicy(held, value.at('customer_managed_policy_reference').at(0));
}

function referredPolicy(held: Scoped, reference: Value): PlacedPolicy {
  const name = reference.at('name').text();
  return {
    place: placeOf(held, 'customer_managed_policy_reference'),
    ...(name.kind === 'known' && name.value !== undefined ? { name: name.value } : {}),
    document: { kind: 'unknown', why: 'each account has its own policy of that name' },
  };
}

function boundaryOf(held: Scoped, value: Value, managed: ManagedPolicies): PlacedPolicy {
  const block = value.at('permissions_boundary').at(0);
  const arn = block.at('managed_policy_arn');
  const named = managed.named(held, 'permissions_boundary', arn);
  return named ?? { ...customerPolicy(held, block), place: placeOf(held, 'permissions_boundary') };
}

const DEFAULT_SESSION = 3600;

/** `PT1H30M` and the like; an hour where nothing is said. Source: ISO 8601. */
function durationOf(text: Read<string | undefined>): Read<number> {
  if (text.kind === 'unknown') return text;
  if (text.value === undefined) return { kind: 'known', value: DEFAULT_SESSION };
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text.value);
  if (match === null) return { kind: 'unknown', why: 'it is no duration' };
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return { kind: 'known', value: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) };
}
