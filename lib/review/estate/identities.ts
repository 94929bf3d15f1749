/** The users, roles and groups on one side of a plan, with everything that affects them. */
import { defined } from '@leasehold/contract/defined';
import type { Identity, Read } from '../model';
import { computedPolicies } from './computed';
import { readDocument } from './delayed-documents';
import { keepExclusive } from './exclusive';
import { give, inlineId, managedId } from './give-policy';
import { ManagedPolicies } from './managed-policies';
import { permissionSetsOf } from './permission-sets';
import { type PlanIndex, present } from './plan-index';
import { type Draft, type Meant, Principals } from './principals';
import { placeOf, type ScopedInstance, type Side } from './resource-instances';
import {
  ATTACHMENT_TYPES,
  GROUP_MEMBERSHIP,
  INLINE_TYPES,
  POLICY_ATTACHMENT,
  SERVICE_LINKED_ROLE,
  USER_GROUPS,
} from './tables';
import type { Value } from './value';

/** Ids of the policies that separate resources attach, by the key of the identity. */
export type GivenPolicyIds = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Builds the identities of one side. For the side after the plan, `before` contains the policies that were attached by
 * separate resources before the plan.
 */
export function identitiesOf(
  planIndex: PlanIndex,
  side: Side,
  before: GivenPolicyIds = new Map(),
): { readonly identities: ReadonlyMap<string, Identity>; readonly given: GivenPolicyIds } {
  const principals = new Principals(planIndex, side);
  const managed = new ManagedPolicies(planIndex, side);
  attachInline(planIndex, side, principals);
  attachManaged(planIndex, side, principals, managed);
  attachLists(planIndex, side, principals, managed);
  joinGroups(planIndex, side, principals);
  keepExclusive(planIndex, side, principals, managed);
  const drafts = [...principals.drafts.values()];
  const given = new Map(drafts.map(({ identity, policies }) => [identity.key, new Set(policies.keys())]));
  for (const draft of drafts) computedPolicies({ planIndex, side, managed }, draft, before.get(draft.identity.key));
  const identities = [
    ...drafts.map((draft) => toIdentity(planIndex, side, draft, managed)),
    ...permissionSetsOf(planIndex, side, managed),
  ];
  return { identities: new Map(identities.map((identity) => [identity.key, identity])), given };
}

function attachInline(planIndex: PlanIndex, side: Side, principals: Principals): void {
  for (const { instance, value } of present(planIndex, side, INLINE_TYPES.keys())) {
    const kind = INLINE_TYPES.get(instance.type);
    const document = readDocument(planIndex, instance, 'policy', value, 'identity');
    if (kind === undefined) continue;
    const name = value.at('name').text();
    const meant = principals.named(instance, kind, kind, value.at(kind));
    give(meant, inlineId(name, instance), {
      place: placeOf(instance, 'policy'),
      ...(name.kind === 'known' && name.value !== undefined ? { name: name.value } : {}),
      document: document ?? { kind: 'unknown', why: 'there is no document' },
    });
  }
}

function attachManaged(planIndex: PlanIndex, side: Side, principals: Principals, managed: ManagedPolicies): void {
  for (const { instance, value } of present(planIndex, side, ATTACHMENT_TYPES.keys())) {
    const kind = ATTACHMENT_TYPES.get(instance.type);
    if (kind === undefined) continue;
    const policy = managed.named(instance, 'policy_arn', value.at('policy_arn'));
    if (policy !== undefined) give(principals.named(instance, kind, kind, value.at(kind)), managedId(policy), policy);
  }
}

function attachLists(planIndex: PlanIndex, side: Side, principals: Principals, managed: ManagedPolicies): void {
  for (const { instance, value } of present(planIndex, side, [POLICY_ATTACHMENT])) {
    const policy = managed.named(instance, 'policy_arn', value.at('policy_arn'));
    if (policy === undefined) continue;
    for (const kind of ['user', 'role', 'group'] as const) {
      for (const meant of listed(planIndex, principals, instance, kind, `${kind}s`, value)) {
        give([meant], managedId(policy), policy);
      }
    }
  }
}

function joinGroups(planIndex: PlanIndex, side: Side, principals: Principals): void {
  const join = (users: readonly Meant[], groups: readonly Meant[], instance: ScopedInstance) => {
    for (const user of users) {
      for (const group of groups) {
        user.draft.groups.add(group.draft.identity.key);
        if (!user.sure || !group.sure)
          planIndex.unread(placeOf(instance), 'the plan leaves open which user is in which group');
      }
    }
  };
  for (const { instance, value } of present(planIndex, side, [GROUP_MEMBERSHIP])) {
    const groups = principals.named(instance, 'group', 'group', value.at('group'));
    join(listed(planIndex, principals, instance, 'user', 'users', value), groups, instance);
  }
  for (const { instance, value } of present(planIndex, side, [USER_GROUPS])) {
    const users = principals.named(instance, 'user', 'user', value.at('user'));
    join(users, listed(planIndex, principals, instance, 'group', 'groups', value), instance);
  }
}

/**
 * The identities in a list of names. If all elements of the list are unknown, the list is resolved like a single name.
 */
function listed(
  planIndex: PlanIndex,
  principals: Principals,
  instance: ScopedInstance,
  kind: 'user' | 'role' | 'group',
  attribute: string,
  value: Value,
): readonly Meant[] {
  const elements = value.at(attribute).elements();
  if (elements.kind === 'unknown') {
    planIndex.unread(placeOf(instance, attribute), `a list of ${attribute} that is ${elements.why}`);
    return principals
      .named(instance, kind, attribute, value.at(attribute))
      .map(({ draft }) => ({ draft, sure: false }));
  }
  const unknown = elements.value.filter((each) => each.text().kind === 'unknown').length;
  return elements.value.flatMap((each) => {
    const meant = principals.named(instance, kind, attribute, each);
    // If the number of unknown names equals the number of targets, each target is certainly named.
    return unknown > 1 && meant.length === unknown ? meant.map(({ draft }) => ({ draft, sure: true })) : meant;
  });
}

function toIdentity(planIndex: PlanIndex, side: Side, draft: Draft, managed: ManagedPolicies): Identity {
  const { identity, instance } = draft;
  const value = side === 'before' ? instance?.before : instance?.after;
  const boundary =
    instance && value && managed.named(instance, 'permissions_boundary', value.at('permissions_boundary'));
  return {
    ...identity,
    policies: [...draft.policies.values()],
    ...defined({ boundary }),
    ...(identity.kind === 'role' && instance && value ? roleParts(planIndex, instance, value) : {}),
    groups: [...draft.groups].sort(),
    ...(draft.parts.size === 0 ? {} : { parts: [...draft.parts].sort() }),
    exclusive: draft.exclusive,
  };
}

function roleParts(
  planIndex: PlanIndex,
  instance: ScopedInstance,
  value: Value,
): Pick<Identity, 'trust' | 'maxSession'> {
  if (instance.type === SERVICE_LINKED_ROLE) return serviceLinked(instance, value);
  const document = readDocument(planIndex, instance, 'assume_role_policy', value, 'trust');
  return {
    trust: {
      place: placeOf(instance, 'assume_role_policy'),
      document: document ?? { kind: 'unknown', why: 'there is no document' },
    },
    maxSession: seconds(value.at('max_session_duration')),
  };
}

/**
 * The trust of a service-linked role: only its AWS service can assume it. Source: IAM user guide, "Create a
 * service-linked role".
 */
function serviceLinked(instance: ScopedInstance, value: Value): Pick<Identity, 'trust'> {
  const service = value.at('aws_service_name').text();
  const place = placeOf(instance, 'aws_service_name');
  if (service.kind === 'unknown') return { trust: { place, document: service } };
  const Principal = { Service: service.value ?? '' };
  const Statement = [{ Effect: 'Allow' as const, Principal, Action: 'sts:AssumeRole' }];
  return { trust: { place, document: { kind: 'known', value: { Version: '2012-10-17', Statement } } } };
}

const DEFAULT_SESSION = 3600;

function seconds(value: Value): Read<number> {
  const read = value.read();
  if (read.kind === 'unknown') return read;
  if (read.value === undefined) return { kind: 'known', value: DEFAULT_SESSION };
  return typeof read.value === 'number'
    ? { kind: 'known', value: read.value }
    : { kind: 'unknown', why: `expected a number of seconds, got ${typeof read.value}` };
}
