/** Resources that say which policies an identity has, and that it has no others. */
import { give, managedId } from './given';
import { type Ground, present } from './ground';
import { placeOf, type Side } from './held';
import type { ManagedPolicies } from './managed-policies';
import type { Principals } from './principals';
import { ATTACHMENT_TYPES, EXCLUSIVE_LIST, EXCLUSIVE_TYPES, IDENTITY_TYPES, POLICY_ATTACHMENT } from './tables';

/**
 * The list of a resource that is removed: Terraform no longer watches over the policies, and they stay attached.
 */
function keepAttached(ground: Ground, principals: Principals, managed: ManagedPolicies): void {
  for (const { held, value } of present(ground, 'before', EXCLUSIVE_TYPES.keys())) {
    const { kind, what } = EXCLUSIVE_TYPES.get(held.type) ?? {};
    if (held.after !== undefined || kind === undefined || what !== 'attached') continue;
    const name = value.at(`${kind}_name`);
    const read = name.text();
    const types = [...IDENTITY_TYPES].flatMap(([type, each]) => (each === kind ? [type] : []));
    const targets = read.kind === 'known' ? ground.byAttribute(types, ['name'], read.value ?? '') : [];
    // Whoever is removed with it has nothing any more.
    if (targets.some(({ after }) => after === undefined)) continue;
    const attribute = EXCLUSIVE_LIST[what];
    const elements = value.at(attribute).elements();
    for (const element of elements.kind === 'known' ? elements.value : []) {
      const policy = managed.named(held, attribute, element);
      if (policy === undefined || isTaken(ground, policy.arn)) continue;
      give(principals.named(held, kind, `${kind}_name`, name), managedId(policy), policy);
    }
  }
}

/** Whether the plan removes an attachment of a policy, so that the list says nothing of it any more. */
function isTaken(ground: Ground, arn: string | undefined): boolean {
  const attachments = ground.byAttribute([...ATTACHMENT_TYPES.keys(), POLICY_ATTACHMENT], ['policy_arn'], arn ?? '');
  return attachments.some(({ after }) => after === undefined);
}

/** Notes exclusivity on the drafts; what an exclusive list of attachments names is attached. */
export function keepExclusive(ground: Ground, side: Side, principals: Principals, managed: ManagedPolicies): void {
  if (side === 'after') keepAttached(ground, principals, managed);
  for (const { held, value } of present(ground, side, EXCLUSIVE_TYPES.keys())) {
    const { kind, what } = EXCLUSIVE_TYPES.get(held.type) ?? {};
    if (kind === undefined || what === undefined) continue;
    const attribute = EXCLUSIVE_LIST[what];
    const meant = principals.named(held, kind, `${kind}_name`, value.at(`${kind}_name`));
    const only = new Set<string>();
    const elements = value.at(attribute).elements();
    if (elements.kind === 'unknown') ground.unread(placeOf(held, attribute), `a list that is ${elements.why}`);
    for (const element of elements.kind === 'known' ? elements.value : []) {
      if (what === 'inline') {
        const name = element.text();
        if (name.kind === 'known') only.add(`inline ${name.value}`);
        continue;
      }
      const policy = managed.named(held, attribute, element);
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
