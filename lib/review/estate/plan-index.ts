/** The input for all parts of an estate: the instances of a plan, with their accounts, references and documents. */
import type { Place } from '../model';
import type { Plan } from '../plan/plan';
import type { Documents } from './documents';
import type { References } from './references';
import type { ScopedInstance, Side } from './resource-instances';
import type { Value } from './value';

export interface PlanIndex {
  readonly plan: Plan;
  /** Instances of the types that affect access. */
  readonly all: readonly ScopedInstance[];
  /** The managed instances by type. */
  readonly byType: ReadonlyMap<string, readonly ScopedInstance[]>;
  readonly references: References<ScopedInstance>;
  readonly documents: Documents;
  /**
   * The managed instances of the given types for which one of the attributes has the given value before or after the
   * plan.
   */
  byAttribute(types: readonly string[], attributes: readonly string[], value: string): readonly ScopedInstance[];
  /** Records a part that could not be read, once for each location and reason. */
  unread(place: Place, why: string): void;
}

/** The values of an instance on one side. */
export function on(instance: ScopedInstance, side: Side): Value | undefined {
  return side === 'before' ? instance.before : instance.after;
}

/** The managed instances of the given types that exist on one side, with their values. */
export function present(
  planIndex: PlanIndex,
  side: Side,
  types: Iterable<string>,
): readonly { readonly instance: ScopedInstance; readonly value: Value }[] {
  const found: { instance: ScopedInstance; value: Value }[] = [];
  for (const type of types) {
    for (const instance of planIndex.byType.get(type) ?? []) {
      const value = on(instance, side);
      if (value !== undefined) found.push({ instance, value });
    }
  }
  return found;
}

/** Instances by type. */
export function byTypeOf(all: readonly ScopedInstance[]): ReadonlyMap<string, readonly ScopedInstance[]> {
  const byType = new Map<string, ScopedInstance[]>();
  for (const instance of all) {
    if (instance.mode !== 'managed') continue;
    const list = byType.get(instance.type);
    if (list === undefined) byType.set(instance.type, [instance]);
    else list.push(instance);
  }
  return byType;
}
