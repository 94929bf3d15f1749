/** Holds the engine against the reference, and shortens a world in which they differ. */
import { evaluate, type Outcome, PolicyError, prepare } from '@leasehold/policy';
import { decide } from './decide';
import { Refused } from './patterns';
import type { World } from './worlds';

export type Answered = Outcome | 'refused';

export function engineAnswer({ request, documents }: World): Answered {
  try {
    return evaluate(request, prepare(documents)).outcome;
  } catch (error) {
    if (error instanceof PolicyError && error.source === 'policy') return 'refused';
    throw error;
  }
}

export function referenceAnswer({ request, documents }: World): Answered {
  try {
    return decide(request, documents);
  } catch (error) {
    if (error instanceof Refused) return 'refused';
    throw error;
  }
}

/** The same difference in as few words as possible: parts are left out as long as both answers stay as they are. */
export function shortened(world: World, engine: Answered, reference: Answered): World {
  return shortest(world, (shorter) => engineAnswer(shorter) === engine && referenceAnswer(shorter) === reference);
}

/** A smallest part of a world of which something still holds. */
export function shortest(world: World, stillHolds: (world: World) => boolean): World {
  for (const shorter of without(world)) {
    if (holdsSafely(shorter as World, stillHolds)) return shortest(shorter as World, stillHolds);
  }
  return world;
}

/** Leaving out a required part makes no world at all. */
function holdsSafely(world: World, stillHolds: (world: World) => boolean): boolean {
  try {
    return stillHolds(world);
  } catch {
    return false;
  }
}

/** Every copy of a value that lacks one entry or key somewhere. */
function* without(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const index of value.keys()) {
      if (value.length > 1) yield value.toSpliced(index, 1);
      for (const part of without(value[index])) yield value.with(index, part);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      const { [key]: _, ...rest } = value as Record<string, unknown>;
      yield rest;
      for (const shorter of without(part)) yield { ...value, [key]: shorter };
    }
  }
}
