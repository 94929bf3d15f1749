/** Finds instances by the value of an attribute. */
import type { Ground } from './ground';
import type { Scoped } from './held';

/** The function of {@link Ground}; it looks through the instances of a type once. */
export function byAttribute(byType: Ground['byType']): Ground['byAttribute'] {
  const indexes = new Map<string, Map<string, Set<Scoped>>>();
  const indexOf = (type: string, attribute: string) => {
    const key = `${type} ${attribute}`;
    const known = indexes.get(key);
    if (known !== undefined) return known;
    const index = new Map<string, Set<Scoped>>();
    for (const held of byType.get(type) ?? []) {
      for (const value of [held.before, held.after]) {
        const text = value?.at(attribute).text();
        if (text?.kind !== 'known' || text.value === undefined) continue;
        const found = index.get(text.value) ?? new Set();
        index.set(text.value, found.add(held));
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
