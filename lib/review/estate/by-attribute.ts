/** Finds resource instances by the value of an attribute. */
import type { PlanIndex } from './plan-index';
import type { ScopedInstance } from './resource-instances';

/** Implements `byAttribute` of {@link PlanIndex}. Scans the instances of each type only once. */
export function byAttribute(byType: PlanIndex['byType']): PlanIndex['byAttribute'] {
  const indexes = new Map<string, Map<string, Set<ScopedInstance>>>();
  const indexOf = (type: string, attribute: string) => {
    const key = `${type} ${attribute}`;
    const known = indexes.get(key);
    if (known !== undefined) return known;
    const index = new Map<string, Set<ScopedInstance>>();
    for (const instance of byType.get(type) ?? []) {
      for (const value of [instance.before, instance.after]) {
        const text = value?.at(attribute).text();
        if (text?.kind !== 'known' || text.value === undefined) continue;
        const found = index.get(text.value) ?? new Set();
        index.set(text.value, found.add(instance));
      }
    }
    indexes.set(key, index);
    return index;
  };
  return (types, attributes, value) => {
    const found = types.flatMap((type) =>
      attributes.flatMap((attribute) => [...(indexOf(type, attribute).get(value) ?? [])]),
    );
    return [...new Set(found)];
  };
}
