/** The policies of buckets, queues, topics, keys, functions and other resources, on one side of a plan. */
import type { Read, ResourcePolicy } from '../model';
import { readDocument } from './delayed-documents';
import { functionPermissions } from './function-permissions';
import { on, type PlanIndex, present } from './plan-index';
import { isConfigured, placeOf, type ScopedInstance, type Side } from './resource-instances';
import { RESOURCE_POLICY_TYPES, type ResourcePolicyType } from './resource-policy-types';
import { AFTER_APPLY, type Value } from './value';

/** Types that allow several policies for one resource, with the attribute that contains the name of the policy. */
const SEVERAL: ReadonlyMap<string, string> = new Map([
  ['aws_cloudwatch_log_resource_policy', 'policy_name'],
  ['aws_ses_identity_policy', 'name'],
  ['aws_sesv2_email_identity_policy', 'policy_name'],
  ['aws_xray_resource_policy', 'policy_name'],
]);

/** The resource policies of one side, by protected resource. */
export function resourcePoliciesOf(planIndex: PlanIndex, side: Side): ReadonlyMap<string, ResourcePolicy> {
  const policies = new Map<string, ResourcePolicy>();
  const add = (policy: ResourcePolicy) => {
    const key = policies.has(policy.key) ? `${policy.key} ${policy.policy.place.address}` : policy.key;
    policies.set(key, { ...policy, key });
  };
  const spoken = spokenFor(planIndex, side);
  for (const { instance, value } of present(planIndex, side, RESOURCE_POLICY_TYPES.keys())) {
    const type = RESOURCE_POLICY_TYPES.get(instance.type);
    if (type === undefined || (type.own && isConfigured(instance, type.policy) !== true && isAside(instance, spoken)))
      continue;
    const document = documentOf(planIndex, instance, type, value);
    if (document === undefined) continue;
    add({
      key: keyOf(planIndex, instance, type),
      type: instance.type,
      resource: resourceOf(planIndex, instance, type, side),
      account: instance.scope.account,
      policy: { place: placeOf(instance, type.policy), document },
      ...(isTogether(planIndex, instance, type, side) ? { together: true } : {}),
    });
  }
  for (const policy of functionPermissions(planIndex, side)) add(policy);
  return policies;
}

/** The policy document; undefined if no document is configured, or if AWS sets a default document. */
function documentOf(planIndex: PlanIndex, instance: ScopedInstance, type: ResourcePolicyType, value: Value) {
  const document = readDocument(planIndex, instance, type.policy, value, type.kind ?? 'resource');
  const unset = type.own && isConfigured(instance, type.policy) === false;
  return unset && document?.kind === 'unknown' && document.why === AFTER_APPLY ? undefined : document;
}

/**
 * Resources whose policy is defined by a separate Terraform resource before or after the plan. For these resources, the
 * policy attribute of the protected resource only repeats the separate policy.
 */
function spokenFor(planIndex: PlanIndex, _side: Side): ReadonlySet<string> {
  const spoken = new Set<string>();
  for (const instance of planIndex.all) {
    const type = RESOURCE_POLICY_TYPES.get(instance.type);
    if (type === undefined || type.own || instance.mode !== 'managed') continue;
    for (const side of ['before', 'after'] as const) {
      if (on(instance, side) === undefined) continue;
      const resource = resourceOf(planIndex, instance, type, side);
      if (resource.kind === 'known') spoken.add(resource.value);
      for (const target of targetsOf(planIndex, instance, type)) spoken.add(target.address);
    }
  }
  return spoken;
}

function isAside(instance: ScopedInstance, spoken: ReadonlySet<string>): boolean {
  if (spoken.has(instance.address)) return true;
  return [instance.before, instance.after].some((value) => {
    const arn = value?.at('arn').text();
    return arn?.kind === 'known' && arn.value !== undefined && spoken.has(arn.value);
  });
}

/** Whether the protected resource exists only on this side, according to the plan. */
function isTogether(planIndex: PlanIndex, instance: ScopedInstance, type: ResourcePolicyType, side: Side): boolean {
  const other = side === 'before' ? 'after' : 'before';
  if (type.own) return on(instance, other) === undefined;
  if (type.on === undefined) return false;
  const name = on(instance, side)?.at(type.on).text();
  const targets =
    name?.kind === 'known' && name.value?.startsWith('arn:')
      ? planIndex.byAttribute([...planIndex.byType.keys()], ['arn'], name.value)
      : targetsOf(planIndex, instance, type);
  // A name that is not known yet belongs to a new resource.
  if (targets.length === 0) return side === 'after' && name?.kind === 'unknown' && name.why === AFTER_APPLY;
  return targets.every((target) => on(target, other) === undefined);
}

/** A key that is equal before and after the plan: the protected resource, or else the place of the policy. */
function keyOf(planIndex: PlanIndex, instance: ScopedInstance, type: ResourcePolicyType): string {
  const known = (['after', 'before'] as const)
    .filter((side) => on(instance, side) !== undefined)
    .map((side) => resourceOf(planIndex, instance, type, side))
    .find((read) => read.kind === 'known');
  const name = SEVERAL.get(instance.type);
  const text = name === undefined ? undefined : (instance.before ?? instance.after)?.at(name).text();
  const several = text?.kind === 'known' && text.value !== undefined ? ` ${text.value}` : '';
  const scope = `${instance.type} ${instance.scope.key}${several}`;
  if (known?.kind === 'known') return `policy of ${known.value}${several}`;
  return type.on === undefined ? scope : `${instance.type} ${instance.address}`;
}

/** ARN of the protected resource. */
export function resourceOf(
  planIndex: PlanIndex,
  instance: ScopedInstance,
  type: ResourcePolicyType,
  side: Side,
): Read<string> {
  if (type.on === undefined) return { kind: 'unknown', why: 'it speaks of the whole account' };
  const value = on(instance, side)?.at(type.on).text() ?? { kind: 'unknown', why: 'it is not there' };
  if (value.kind === 'known') {
    const text = value.value;
    if (text === undefined) return { kind: 'unknown', why: `${type.on} is not set` };
    if (text.startsWith('arn:')) return { kind: 'known', value: text };
    if (type.of?.includes('aws_s3_bucket')) {
      return { kind: 'known', value: `arn:${instance.scope.partition}:s3:::${text}` };
    }
  }
  const targets = targetsOf(planIndex, instance, type);
  const [target] = targets;
  if (target === undefined || targets.length !== 1) return value.kind === 'known' ? UNTOLD : value;
  const arn = on(target, side)?.at('arn').text();
  return arn?.kind === 'known' && arn.value !== undefined
    ? { kind: 'known', value: arn.value }
    : { kind: 'unknown', why: AFTER_APPLY };
}

const UNTOLD: Read<never> = { kind: 'unknown', why: 'the plan only names it' };

/** The resources in the plan that the policy protects, found by name or by reference. */
function targetsOf(
  planIndex: PlanIndex,
  instance: ScopedInstance,
  { on: attribute, of, by = 'id' }: ResourcePolicyType,
): readonly ScopedInstance[] {
  if (attribute === undefined) return [];
  const named = (instance.after ?? instance.before)?.at(attribute).text();
  if (named?.kind === 'known' && named.value !== undefined) {
    const name = named.value;
    return planIndex
      .byAttribute(of ?? [], [by, 'arn', 'id'], name)
      .filter((each) => each.scope.key === instance.scope.key);
  }
  return planIndex.references.follow(instance, attribute, of ?? [...RESOURCE_POLICY_TYPES.keys()]).targets;
}
