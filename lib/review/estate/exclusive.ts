/** Resources that say which policies an identity has, and that it has no others. */
import { give, managedId } from './given';
import { type Ground, present } from './ground';
import { placeOf, type Side } from './held';
import type { ManagedPolicies } from './managed-policies';
import type { Principals } from './principals';
import { EXCLUSIVE_LIST, EXCLUSIVE_TYPES } from './tables';

/** Notes exclusivity on the drafts; what an exclusive list of attachments names is attached. */
export function keepExclusive(ground: Ground, side: Side, principals: Principals, managed: ManagedPolicies): void {
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
