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

/** The instances that are there on one side, with what they are. */
export function present(
  all: readonly Scoped[],
  side: Side,
  type: (type: string) => boolean,
): readonly { readonly held: Scoped; readonly value: Value }[] {
  return all.flatMap((held) => {
    const value = type(held.type) && held.mode === 'managed' ? on(held, side) : undefined;
    return value === undefined ? [] : [{ held, value }];
  });
}
