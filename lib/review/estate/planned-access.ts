/** What a plan says about access. */
import type { Place, PlannedAccess } from '../model';
import { own, type Plan } from '../plan/plan';
import { readScopes } from './accounts';
import { byAttribute } from './by-attribute';
import { readConfiguration } from './configuration';
import { Documents } from './documents';
import { FUNCTION_PERMISSION } from './function-permissions';
import { byTypeOf, type Ground } from './ground';
import { readHeld, type Scoped } from './held';
import { identitiesOf } from './identities';
import { PERMISSION_SET_PARTS } from './permission-sets';
import { References } from './references';
import { resourcePoliciesOf } from './resource-policies';
import { PROTECTED_TYPES, RESOURCE_POLICY_TYPES } from './resource-policy-types';
import { IDENTITY_PARTS } from './tables';
import { takingsOf } from './takings';
import { noteUnread } from './unread';
import { WATCHED_TYPES, watchedOf } from './watched';

/**
 * The estate before a plan and the one after it: identities with their policies, resource policies, and what else a
 * finding may be about. What cannot be read is unknown where it stands, or listed as unread. Throws `PlanError` when a
 * part of the plan has another shape than the format's.
 */
export function plannedAccess(plan: Plan): PlannedAccess {
  const configuration = readConfiguration(plan.configuration);
  const held = readHeld(plan, configuration, bearsOnAccess);
  const scopes = readScopes(plan, configuration, held);
  const all: readonly Scoped[] = held.map((each) => ({ ...each, scope: scopes(each) }));
  const byType = byTypeOf(all);
  const unread = new Map<string, { place: Place; why: string }>();
  const ground: Ground = {
    plan,
    all,
    byType,
    references: new References(configuration, all),
    documents: new Documents(),
    byAttribute: byAttribute(byType),
    unread: (place, why) => unread.set(JSON.stringify([place.address, place.attribute, why]), { place, why }),
  };
  noteUnread(ground, isRead);
  const before = identitiesOf(ground, 'before');
  const after = identitiesOf(ground, 'after', before.given);
  const manifest = plan.outputs.get('leasehold');
  const earlier = {
    identities: before.identities,
    resourcePolicies: resourcePoliciesOf(ground, 'before'),
    watched: watchedOf(ground, 'before'),
  };
  return {
    before: earlier,
    after: {
      identities: after.identities,
      resourcePolicies: resourcePoliciesOf(ground, 'after'),
      watched: watchedOf(ground, 'after'),
    },
    unread: [...unread.values()],
    takings: takingsOf(ground, earlier),
    terraform: plan.terraform,
    formatVersion: plan.formatVersion,
    resources: plan.resources,
    manifests: {
      ...(manifest?.before == null ? {} : { before: manifest.before }),
      ...(manifest?.after == null || own(manifest, 'afterUnknown') === true ? {} : { after: manifest.after }),
    },
  };
}

/** Whether instances of a type are read. */
function bearsOnAccess(type: string, mode: string): boolean {
  return mode === 'data' ? DATA_SOURCES.has(type) : isRead(type);
}

function isRead(type: string): boolean {
  return READ.some((types) => types.has(type));
}

const DATA_SOURCES: ReadonlySet<string> = new Set([
  'aws_caller_identity',
  'aws_iam_group',
  'aws_iam_policy',
  'aws_iam_policy_document',
  'aws_iam_role',
  'aws_iam_user',
]);

const READ: readonly { has(type: string): boolean }[] = [
  IDENTITY_PARTS,
  PERMISSION_SET_PARTS,
  RESOURCE_POLICY_TYPES,
  PROTECTED_TYPES,
  WATCHED_TYPES,
  new Set([FUNCTION_PERMISSION]),
];
