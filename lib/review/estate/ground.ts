/** What every part of an estate is built from: the instances of a plan, their accounts, references and documents. */
import type { Place } from '../model';
import type { Plan } from '../plan/plan';
import type { Documents } from './documents';
import type { Scoped, Side } from './held';
import type { References } from './references';
import type { Value } from './value';

export interface Ground {
  readonly plan: Plan;
  /** Instances of the types that bear on access. */
  readonly all: readonly Scoped[];
  /** The managed ones, by type. */
  readonly byType: ReadonlyMap<string, readonly Scoped[]>;
  readonly references: References<Scoped>;
  readonly documents: Documents;
  /** The managed instances of some types one of whose attributes has a value, on either side. */
  byAttribute(types: readonly string[], attributes: readonly string[], value: string): readonly Scoped[];
  /** Notes what could not be read, once a place and reason. */
  unread(place: Place, why: string): void;
}

/** What an instance is on one side. */
export function on(held: Scoped, side: Side): Value | undefined {
  return side === 'before' ? held.before : held.after;
}

/** The managed instances of some types that are there on one side, with what they are. */
export function present(
  ground: Ground,
  side: Side,
  types: Iterable<string>,
): readonly { readonly held: Scoped; readonly value: Value }[] {
  const found: { held: Scoped; value: Value }[] = [];
  for (const type of types) {
    for (const held of ground.byType.get(type) ?? []) {
      const value = on(held, side);
      if (value !== undefined) found.push({ held, value });
    }
  }
  return found;
}

/** Instances by type. */
export function byTypeOf(all: readonly Scoped[]): ReadonlyMap<string, readonly Scoped[]> {
  const byType = new Map<string, Scoped[]>();
  for (const held of all) {
    if (held.mode !== 'managed') continue;
    const list = byType.get(held.type);
    if (list === undefined) byType.set(held.type, [held]);
    else list.push(held);
  }
  return byType;
}
