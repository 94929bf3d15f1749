/** Resources that list all policies that an identity may have. */
import { give, managedId } from './give-policy';
import type { ManagedPolicies } from './managed-policies';
import { type PlanIndex, present } from './plan-index';
import type { Principals } from './principals';
import { placeOf, type Side } from './resource-instances';
import { ATTACHMENT_TYPES, EXCLUSIVE_LIST, EXCLUSIVE_TYPES, IDENTITY_TYPES, POLICY_ATTACHMENT } from './tables';

/**
 * Handles the deletion of an exclusive resource: Terraform no longer manages the policies, but the policies stay
 * attached.
 */
function keepAttached(planIndex: PlanIndex, principals: Principals, managed: ManagedPolicies): void {
  for (const { instance, value } of present(planIndex, 'before', EXCLUSIVE_TYPES.keys())) {
    const { kind, what } = EXCLUSIVE_TYPES.get(instance.type) ?? {};
    if (instance.after !== undefined || kind === undefined || what !== 'attached') continue;
    const name = value.at(`${kind}_name`);
    const read = name.text();
    const types = [...IDENTITY_TYPES].flatMap(([type, each]) => (each === kind ? [type] : []));
    const targets = read.kind === 'known' ? planIndex.byAttribute(types, ['name'], read.value ?? '') : [];
    // An identity that is deleted as well has no policies afterwards.
    if (targets.some(({ after }) => after === undefined)) continue;
    const attribute = EXCLUSIVE_LIST[what];
    const elements = value.at(attribute).elements();
    for (const element of elements.kind === 'known' ? elements.value : []) {
      const policy = managed.named(instance, attribute, element);
      if (policy === undefined || isTaken(planIndex, policy.arn)) continue;
      give(principals.named(instance, kind, `${kind}_name`, name), managedId(policy), policy);
    }
  }
}

/**
 * Whether the plan deletes an attachment of a policy. In that case the exclusive list no longer applies to the policy.
 */
function isTaken(planIndex: PlanIndex, arn: string | undefined): boolean {
  const attachments = planIndex.byAttribute([...ATTACHMENT_TYPES.keys(), POLICY_ATTACHMENT], ['policy_arn'], arn ?? '');
  return attachments.some(({ after }) => after === undefined);
}

/** Marks drafts as exclusive, and attaches the policies that an exclusive list of attachments names. */
export function keepExclusive(
  planIndex: PlanIndex,
  side: Side,
  principals: Principals,
  managed: ManagedPolicies,
): void {
  if (side === 'after') keepAttached(planIndex, principals, managed);
  for (const { instance, value } of present(planIndex, side, EXCLUSIVE_TYPES.keys())) {
    const { kind, what } = EXCLUSIVE_TYPES.get(instance.type) ?? {};
    if (kind === undefined || what === undefined) continue;
    const attribute = EXCLUSIVE_LIST[what];
    const meant = principals.named(instance, kind, `${kind}_name`, value.at(`${kind}_name`));
    const only = new Set<string>();
    const elements = value.at(attribute).elements();
    if (elements.kind === 'unknown') planIndex.unread(placeOf(instance, attribute), `a list that is ${elements.why}`);
    for (const element of elements.kind === 'known' ? elements.value : []) {
      if (what === 'inline') {
        const name = element.text();
        if (name.kind === 'known') only.add(`inline ${name.value}`);
        continue;
      }
      const policy = managed.named(instance, attribute, element);
      if (policy === undefined) continue;
      only.add(managedId(policy));
      give(meant, managedId(policy), policy);
    }
    for (const { draft, sure } of meant) {
      if (!sure) continue;
      draft.exclusive[what] = true;
      if (elements.kind === 'known') draft.only[what] = only;
    }
  }
}
