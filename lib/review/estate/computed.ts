/**
 * Policies that a role has in addition to those from separate resources. If the configuration does not set
 * `inline_policy` and `managed_policy_arns`, the provider fills them with the policies that the role has in AWS. If the
 * configuration sets them, the role has no other policies of that kind. Source: the AWS provider's documentation of
 * `aws_iam_role`.
 */
import type { PlacedPolicy } from '../model';
import { readDocument } from './delayed-documents';
import { inlineId, managedId } from './give-policy';
import type { ManagedPolicies } from './managed-policies';
import { on, type PlanIndex } from './plan-index';
import type { Draft } from './principals';
import { isConfigured, placeOf, type ScopedInstance, type Side } from './resource-instances';
import { SERVICE_LINKED_ROLE } from './tables';
import type { Value } from './value';

interface Of {
  readonly planIndex: PlanIndex;
  readonly side: Side;
  readonly managed: ManagedPolicies;
}

/**
 * Adds the computed policies to the draft of a role. `before` contains the ids of policies that were attached to this
 * role by separate resources before the plan.
 */
export function computedPolicies(of: Of, draft: Draft, before: ReadonlySet<string> = new Set()): void {
  const { instance } = draft;
  const value = instance && on(instance, of.side);
  if (instance === undefined || value === undefined) return;
  if (instance.type === SERVICE_LINKED_ROLE) {
    const why = 'AWS gives a service-linked role its policy';
    draft.policies.set('service-linked', { place: placeOf(instance), document: { kind: 'unknown', why } });
  } else if (instance.type === 'aws_iam_role') {
    add(of, draft, { what: 'inline', attribute: 'inline_policy', instance, value, before, read: inlinePolicy });
    add(of, draft, {
      what: 'attached',
      attribute: 'managed_policy_arns',
      instance,
      value,
      before,
      read: managedPolicy,
    });
  }
}

interface Part {
  readonly what: 'inline' | 'attached';
  readonly attribute: string;
  readonly instance: ScopedInstance;
  readonly value: Value;
  readonly before: ReadonlySet<string>;
  readonly read: (
    of: Of,
    instance: ScopedInstance,
    index: number,
    element: Value,
  ) => { id: string; policy: PlacedPolicy } | undefined;
}

function add(of: Of, draft: Draft, { what, attribute, instance, value, before, read }: Part): void {
  const written = isConfigured(instance, attribute);
  if (written === true) draft.exclusive[what] = true;
  const elements = value.at(attribute).elements();
  if (elements.kind === 'unknown') {
    // An attribute that is neither configured nor known belongs to a new role. A new role has no policies yet.
    if (written !== false) draft.policies.set(attribute, { place: placeOf(instance, attribute), document: elements });
    return;
  }
  for (const [index, element] of elements.value.entries()) {
    const found = read(of, instance, index, element);
    if (found === undefined || draft.policies.has(found.id)) continue;
    if (of.side === 'after' && written !== true) {
      // The attribute still contains the policies that this plan removes.
      if (before.has(found.id)) continue;
      if (draft.only[what]?.has(found.id) === false) continue;
    }
    draft.policies.set(found.id, found.policy);
  }
}

function inlinePolicy({ planIndex, side }: Of, instance: ScopedInstance, index: number, block: Value) {
  const name = block.at('name').text();
  const attribute = `inline_policy[${index}].policy`;
  const whole = on(instance, side);
  const document = whole && readDocument(planIndex, instance, attribute, whole, 'identity');
  // An empty block means that there are no policies.
  if (document === undefined) return undefined;
  const place = placeOf(instance, attribute);
  if (name.kind === 'unknown' || name.value === undefined) {
    return { id: `inline_policy[${index}]`, policy: { place, document } };
  }
  return { id: inlineId(name, instance), policy: { place, name: name.value, document } };
}

function managedPolicy({ managed }: Of, instance: ScopedInstance, index: number, arn: Value) {
  const policy = managed.named(instance, 'managed_policy_arns', arn);
  if (policy === undefined) return undefined;
  return { id: policy.arn === undefined ? `managed_policy_arns[${index}]` : managedId(policy), policy };
}
