/** Determines what a plan changes about access. */
import type { Place, PlannedAccess } from '../model';
import { type Instance, own, type Plan } from '../plan/plan';
import { isRead } from '../types/classify';
import { readScopes, type Scopes } from './accounts';
import { byAttribute } from './by-attribute';
import { moduleAt, readConfiguration } from './configuration';
import { Documents } from './documents';
import { takingsOf } from './exclusive-removals';
import { identitiesOf } from './identities';
import { NAMED_TYPES } from './new-arns';
import { newProvidersOf } from './new-providers';
import { once } from './once';
import { outsideNamesOf } from './outside-names';
import { ownAccounts, type ProviderEvidence } from './own-accounts';
import { ownBuckets } from './own-buckets';
import { byTypeOf, type PlanIndex } from './plan-index';
import { referencedResources } from './referenced-resources';
import { References } from './references';
import { type ResourceInstance, readInstances, type ScopedInstance } from './resource-instances';
import { resourcePoliciesOf } from './resource-policies';
import { newRunningRolesOf, runningResourcesOf, runningRolesOf } from './running-roles';
import { accountOfArn } from './state-evidence';
import { noteUnread } from './unread';
import { watchedOf } from './watched';

/**
 * Reads the estate before a plan and the estate after it. An estate contains identities with their policies, resource
 * policies, and other resources that findings may be about. Parts that cannot be read are marked as unknown or listed
 * as unread. Throws `PlanError` if a part of the plan does not match the plan format.
 */
export function plannedAccess(plan: Plan): PlannedAccess {
  const configuration = readConfiguration(plan.configuration);
  const instance = readInstances(plan, configuration, bearsOnAccess);
  const scopes = readScopes(plan, configuration, instance);
  const all: readonly ScopedInstance[] = instance.map((each) => ({
    ...(isFakedAnswer(each, scopes) ? { ...each, before: undefined, after: undefined } : each),
    scope: scopes.scopeOf(each),
  }));
  const byType = byTypeOf(all);
  const unread = new Map<string, { place: Place; why: string }>();
  const planIndex: PlanIndex = {
    plan,
    all,
    byType,
    references: new References(configuration, all),
    documents: new Documents(),
    byAttribute: byAttribute(byType),
    unread: (place, why) => unread.set(JSON.stringify([place.address, place.attribute, why]), { place, why }),
  };
  const unclassified = noteUnread(planIndex);
  const before = identitiesOf(planIndex, 'before');
  const after = identitiesOf(planIndex, 'after', before.given);
  const manifest = plan.outputs.get('leasehold');
  const estates = {
    before: {
      identities: before.identities,
      resourcePolicies: resourcePoliciesOf(planIndex, 'before'),
      watched: watchedOf(planIndex, 'before'),
    },
    after: {
      identities: after.identities,
      resourcePolicies: resourcePoliciesOf(planIndex, 'after'),
      watched: watchedOf(planIndex, 'after'),
    },
  };
  const configured = (resource: Instance) => {
    const { module, mode, type, name } = resource;
    return { ...resource, configuration: moduleAt(configuration.root, module)?.resource(mode, type, name) };
  };
  const evidence: ProviderEvidence = {
    isDefault: (resource) => scopes.isDefault(configured(resource)),
    isEvidence: (resource) => scopes.isEvidence(configured(resource)),
    accountOfArn: (resource, values) => accountOfArn(resource.type, values, configured(resource).configuration),
    provenOf: (resource) => scopes.provenOf(configured(resource)),
  };
  const accounts = ownAccounts(plan, all, evidence);
  const referenced = referencedResources(planIndex, configuration, evidence);
  return {
    ...estates,
    ...accounts,
    buckets: ownBuckets(planIndex, evidence),
    bucketsBefore: referenced.bucketsBefore,
    unread: [...unread.values()],
    runningRoles: runningRolesOf(planIndex, configuration),
    newRunningRoles: newRunningRolesOf(planIndex, configuration),
    runningResources: once(() => runningResourcesOf(planIndex, configuration)),
    outsideNames: outsideNamesOf(planIndex, referenced),
    unclassified: [...unclassified].sort(),
    newProviders: newProvidersOf(plan, {
      ...evidence,
      providerOf: (resource) => scopes.providerOf(configured(resource)),
    }),
    takings: takingsOf(planIndex, estates.before),
    terraform: plan.terraform,
    formatVersion: plan.formatVersion,
    resources: plan.resources,
    manifests: {
      ...(manifest?.before == null ? {} : { before: manifest.before }),
      ...(manifest?.after == null || own(manifest, 'afterUnknown') === true ? {} : { after: manifest.after }),
    },
  };
}

/**
 * Whether an instance is a data source whose values may be faked, for example the text of a managed policy. False for
 * `aws_iam_policy_document`, which is not read from AWS.
 */
function isFakedAnswer(instance: ResourceInstance, { mayBeFaked }: Scopes): boolean {
  return instance.mode === 'data' && instance.type !== 'aws_iam_policy_document' && mayBeFaked(instance);
}

/**
 * Whether the review reads instances of a type. Some types are read only because policies refer to resources of these
 * types.
 */
function bearsOnAccess(type: string, mode: string): boolean {
  return mode === 'data' ? DATA_SOURCES.has(type) : isRead(type) || NAMED_TYPES.includes(type);
}

const DATA_SOURCES: ReadonlySet<string> = new Set([
  'aws_caller_identity',
  'aws_iam_group',
  'aws_iam_policy',
  'aws_iam_policy_document',
  'aws_iam_role',
  'aws_iam_user',
]);
