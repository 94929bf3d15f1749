/** A role's resource patterns, and how far they reach. */

import { type ActionInfo, type Arn, type Catalogue, overlaps, parseArn, resourcePattern } from '@leasehold/policy';
import type { AllowReading } from './reading';

/** One entry of `resources:`. */
export interface ResourceEntry {
  readonly text: string;
  /** Its parts; `undefined` for `*` and for what is no ARN. */
  readonly arn: Arn | undefined;
  readonly index: number;
}

/** The resources of a statement, in the order written. */
export function resourcesOf(reading: AllowReading): readonly ResourceEntry[] {
  const known = memory.get(reading);
  if (known !== undefined) return known;
  const entries = reading.allow.resources.map((text, index) => ({ text, arn: parseArn(text), index }));
  memory.set(reading, entries);
  return entries;
}

const memory = new WeakMap<AllowReading, readonly ResourceEntry[]>();

/** Whether two ARN patterns can name the same resource, part by part, as IAM matches them. */
export function namesSame(a: string, b: string): boolean {
  if (a === '*' || b === '*') return true;
  const [left, right] = [parseArn(a), parseArn(b)];
  if (left === undefined || right === undefined) return false;
  return (['partition', 'service', 'region', 'account', 'resource'] as const).every((part) =>
    shareText(left[part], right[part]),
  );
}

function shareText(a: string, b: string): boolean {
  const [from, to] = [literalStart(a), literalStart(b)];
  // Most pairs differ in their first letters, which is quick to see.
  if (!from.startsWith(to) && !to.startsWith(from)) return false;
  return from === a && to === b ? a === b : overlaps(resourcePattern(a), resourcePattern(b));
}

function literalStart(text: string): string {
  const wild = text.search(/[*?]|\$\{/);
  return wild < 0 ? text : text.slice(0, wild);
}

/**
 * Whether a pattern leaves an action unscoped: it is `*`, or it names everything of some type that the action accepts,
 * such as `table/*` or, for objects, every bucket. False where the action accepts `*` alone.
 */
export function reachesAll(action: ActionInfo, { text, arn }: ResourceEntry, catalogue: Catalogue): boolean {
  if (!action.scopable) return false;
  if (text === '*') return true;
  if (arn === undefined) return false;
  const accepting = new Set(catalogue.resourceTypesAccepting(text, action.service));
  return action.resourceTypes
    .filter(({ name }) => accepting.has(name))
    .flatMap(({ arns }) => arns)
    .some((format) => {
      const type = parseArn(format);
      return type !== undefined && (nameBehindId(arn.resource, type) ?? coversType(arn.resource, type.resource));
    });
}

/** Whether a pattern names nothing of a type's first variable, the resource's own name. */
function coversType(pattern: string, format: string): boolean {
  const hole = format.indexOf('${');
  if (hole < 0) return false;
  const prefix = format.slice(0, hole);
  const fixed = pattern.search(/[*?]|\$\{/);
  // The wildcard starts before the name does: the pattern covers this type and others.
  if (fixed >= 0 && fixed < prefix.length) return true;
  const [, separator = ''] = /^\$\{[^}]*\}([^$]*)/.exec(format.slice(hole)) ?? [];
  const rest = pattern.slice(prefix.length);
  const end = separator === '' ? -1 : rest.indexOf(separator);
  return namesNothing(end < 0 ? rest : rest.slice(0, end));
}

/**
 * Whether a pattern names nothing of a name that stands behind an id which AWS makes, as those of Auto Scaling groups do:
 * nobody knows the id before the group is there. Undefined for every other format.
 * Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/security_iam_service-with-iam.html
 */
function nameBehindId(pattern: string, { service, resource }: Arn): boolean | undefined {
  if (service !== 'autoscaling') return undefined;
  const [, start, between, after = ''] = /^([^$]*)\$\{\w+\}([^$]+)\$\{\w+\}([^$]*)/.exec(resource) ?? [];
  if (start === undefined || between === undefined || !pattern.startsWith(start)) return undefined;
  const at = pattern.indexOf(between, start.length);
  if (at < 0) return undefined;
  const name = pattern.slice(at + between.length);
  const end = after === '' ? -1 : name.indexOf(after);
  return namesNothing(end < 0 ? name : name.slice(0, end));
}

/** A name that is mostly wildcard: `*`, `?*`, `????`, `*a*`. */
function namesNothing(name: string): boolean {
  if (!/[*?]/.test(name) || name.includes('${')) return false;
  return name.replace(/[^\p{L}\p{N}]/gu, '').length < 2;
}
