/** Holds the engine against the reference, and shortens a world in which they differ. */
import { evaluate, type Outcome, PolicyError, prepare } from '../../../lib/policy';
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

export function differ(world: World): boolean {
  return engineAnswer(world) !== referenceAnswer(world);
}

/** The same difference in as few words as possible: parts are left out as long as `stillWrong` holds. */
export function shorten(world: World, stillWrong: (world: World) => boolean): World {
  for (const shorter of without(world)) {
    if (holdsSafely(shorter as World, stillWrong)) return shorten(shorter as World, stillWrong);
  }
  return world;
}

/** Leaving out a required part makes no world at all. */
function holdsSafely(world: World, stillWrong: (world: World) => boolean): boolean {
  try {
    return stillWrong(world);
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
