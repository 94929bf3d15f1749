/** Whether a plan says what will be, or leaves some of it "known after apply". */
import type { StackJson } from '../../support/synth';
import type { Plan } from './terraform';

/**
 * Attributes that the stack sets and whose planned value is unknown, wholly or in part. What AWS makes up (ids, dates)
 * is no attribute that the stack sets.
 */
export function unknownInPlan(plan: Plan, stack: StackJson): readonly string[] {
  return plan.changes.flatMap(({ address, change }) => {
    const [type = '', name = ''] = address.split(/\.(.*)/s);
    const set = stack.resource[type]?.[name];
    if (!set) throw new Error(`the plan changes ${address}, which is not in the stack`);
    return Object.keys(set)
      .filter((attribute) => isUnknown(set[attribute], change.after_unknown[attribute]))
      .map((attribute) => `${address}.${attribute}`);
  });
}

/** Whether any of a value that the stack sets is unknown; a block is an object in the stack and a list in the plan. */
function isUnknown(set: unknown, unknown: unknown): boolean {
  if (unknown === true) return true;
  if (!isObject(set) || !isObject(unknown)) return false;
  if (Array.isArray(unknown) && !Array.isArray(set)) return unknown.some((block) => isUnknown(set, block));
  return Object.entries(set).some(([key, value]) => isUnknown(value, unknown[key]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}
