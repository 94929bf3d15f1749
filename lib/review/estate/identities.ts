/** The users, roles and groups of one side of a plan, each with all that bears on it. */
import { defined } from '@leasehold/contract/defined';
import type { Identity, Read } from '../model';
import { computedPolicies } from './computed';
import { readDocument } from './delayed-documents';
import { keepExclusive } from './exclusive';
import { give, inlineId, managedId } from './given';
import { type Ground, present } from './ground';
import { placeOf, type Scoped, type Side } from './held';
import { ManagedPolicies } from './managed-policies';
import { permissionSetsOf } from './permission-sets';
import { type Draft, type Meant, Principals } from './principals';
import {
  ATTACHMENT_TYPES,
  GROUP_MEMBERSHIP,
  INLINE_TYPES,
  POLICY_ATTACHMENT,
  SERVICE_LINKED_ROLE,
  USER_GROUPS,
} from './tables';
import type { Value } from './value';

/** Ids of the policies that resources of their own give, by key of the identity. */
export type Given = ReadonlyMap<string, ReadonlySet<string>>;

/** Puts the identities of one side together; for the side after, `before` says what was given before. */
export function identitiesOf(
  ground: Ground,
  side: Side,
  before: Given = new Map(),
): { readonly identities: ReadonlyMap<string, Identity>; readonly given: Given } {
  const principals = new Principals(ground, side);
  const managed = new ManagedPolicies(ground, side);
  attachInline(ground, side, principals);
  attachManaged(ground, side, principals, managed);
  attachLists(ground, side, principals, managed);
  joinGroups(ground, side, principals);
  keepExclusive(ground, side, principals, managed);
  const drafts = [...principals.drafts.values()];
  const given = new Map(drafts.map(({ identity, policies }) => [identity.key, new Set(policies.keys())]));
  for (const draft of drafts) computedPolicies({ ground, side, managed }, draft, before.get(draft.identity.key));
  const identities = [
    ...drafts.map((draft) => toIdentity(ground, side, draft, managed)),
    ...permissionSetsOf(ground, side, managed),
  ];
  return { identities: new Map(identities.map((identity) => [identity.key, identity])), given };
}

function attachInline(ground: Ground, side: Side, principals: Principals): void {
  for (const { held, value } of present(ground, side, INLINE_TYPES.keys())) {
    const kind = INLINE_TYPES.get(held.type);
    const document = readDocument(ground, held, 'policy', value, 'identity');
    if (kind === undefined) continue;
    const name = value.at('name').text();
    const meant = principals.named(held, kind, kind, value.at(kind));
    give(meant, inlineId(name, held), {
      place: placeOf(held, 'policy'),
      ...(name.kind === 'known' && name.value !== undefined ? { name: name.value } : {}),
      document: document ?? { kind: 'unknown', why: 'there is no document' },
    });
  }
}

function attachManaged(ground: Ground, side: Side, principals: Principals, managed: ManagedPolicies): void {
  for (const { held, value } of present(ground, side, ATTACHMENT_TYPES.keys())) {
    const kind = ATTACHMENT_TYPES.get(held.type);
    if (kind === undefined) continue;
    const policy = managed.named(held, 'policy_arn', value.at('policy_arn'));
    if (policy !== undefined) give(principals.named(held, kind, kind, value.at(kind)), managedId(policy), policy);
  }
}

function attachLists(ground: Ground, side: Side, principals: Principals, managed: ManagedPolicies): void {
  for (const { held, value } of present(ground, side, [POLICY_ATTACHMENT])) {
    const policy = managed.named(held, 'policy_arn', value.at('policy_arn'));
    if (policy === undefined) continue;
    for (const kind of ['user', 'role', 'group'] as const) {
      for (const meant of listed(ground, principals, held, kind, `${kind}s`, value)) {
        give([meant], managedId(policy), policy);
      }
    }
  }
}

function joinGroups(ground: Ground, side: Side, principals: Principals): void {
  const join = (users: readonly Meant[], groups: readonly Meant[], held: Scoped) => {
    for (const user of users) {
      for (const group of groups) {
        user.draft.groups.add(group.draft.identity.key);
        if (!user.sure || !group.sure)
          ground.unread(placeOf(held), 'the plan leaves open which user is in which group');
      }
    }
  };
  for (const { held, value } of present(ground, side, [GROUP_MEMBERSHIP])) {
    const groups = principals.named(held, 'group', 'group', value.at('group'));
    join(listed(ground, principals, held, 'user', 'users', value), groups, held);
  }
  for (const { held, value } of present(ground, side, [USER_GROUPS])) {
    const users = principals.named(held, 'user', 'user', value.at('user'));
    join(users, listed(ground, principals, held, 'group', 'groups', value), held);
  }
}

/** The identities that a list names; a list that is unknown as a whole is followed as one name. */
function listed(
  ground: Ground,
  principals: Principals,
  held: Scoped,
  kind: 'user' | 'role' | 'group',
  attribute: string,
  value: Value,
): readonly Meant[] {
  const elements = value.at(attribute).elements();
  if (elements.kind === 'unknown') {
    ground.unread(placeOf(held, attribute), `a list of ${attribute} that is ${elements.why}`);
    return principals.named(held, kind, attribute, value.at(attribute)).map(({ draft }) => ({ draft, sure: false }));
  }
  const unknown = elements.value.filter((each) => each.text().kind === 'unknown').length;
  return elements.value.flatMap((each) => {
    const meant = principals.named(held, kind, attribute, each);
    // As many unknown names as there are targets: each of them is one.
    return unknown > 1 && meant.length === unknown ? meant.map(({ draft }) => ({ draft, sure: true })) : meant;
  });
}

function toIdentity(ground: Ground, side: Side, draft: Draft, managed: ManagedPolicies): Identity {
  const { identity, held } = draft;
  const value = side === 'before' ? held?.before : held?.after;
  const boundary = held && value && managed.named(held, 'permissions_boundary', value.at('permissions_boundary'));
  return {
    ...identity,
    policies: [...draft.policies.values()],
    ...defined({ boundary }),
    ...(identity.kind === 'role' && held && value ? roleParts(ground, held, value) : {}),
    groups: [...draft.groups].sort(),
    ...(draft.parts.size === 0 ? {} : { parts: [...draft.parts].sort() }),
    exclusive: draft.exclusive,
  };
}

function roleParts(ground: Ground, held: Scoped, value: Value): Pick<Identity, 'trust' | 'maxSession'> {
  if (held.type === SERVICE_LINKED_ROLE) return serviceLinked(held, value);
  const document = readDocument(ground, held, 'assume_role_policy', value, 'trust');
  return {
    trust: {
      place: placeOf(held, 'assume_role_policy'),
      document: document ?? { kind: 'unknown', why: 'there is no document' },
    },
    maxSession: seconds(value.at('max_session_duration')),
  };
}

/** Only its service can assume it. Source: IAM user guide, "Create a service-linked role". */
function serviceLinked(held: Scoped, value: Value): Pick<Identity, 'trust'> {
  const service = value.at('aws_service_name').text();
  const place = placeOf(held, 'aws_service_name');
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
