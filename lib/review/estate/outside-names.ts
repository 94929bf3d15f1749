/**
 * Finds names of external resources that changed resources newly contain, in attributes of any type: resources in an
 * account, buckets, addresses. An event rule, a pipe, a subscription or a log destination sends its data to the
 * resource that such a value names.
 */
import { defined } from '@leasehold/contract/defined';
import type { OutsideName } from '../model';
import { type Instance, isJson } from '../plan/plan';
import { namesRole } from '../types/suspects';
import { UNREAD_ACCESS } from '../types/unread-types';
import { isSending, lastOf } from './destinations';
import { FUNCTION_PERMISSION } from './function-permissions';
import { LONGEST_PATH } from './json-texts';
import { type Name, namesIn } from './names-in-texts';
import { PERMISSION_SET_PARTS } from './permission-sets';
import type { PlanIndex } from './plan-index';
import type { ReferencedResources } from './referenced-resources';
import { IDENTITY_PARTS } from './tables';

/** The new names in the changed resources of a plan. */
export function outsideNamesOf({ plan }: PlanIndex, referenced: ReferencedResources): readonly OutsideName[] {
  return plan.changes.flatMap((change): readonly OutsideName[] => {
    if (!isExamined(change) || change.actions.every((action) => action === 'no-op')) return [];
    const { before, after, afterUnknown } = change.change();
    if (!isJson(after)) return [];
    const known = new Set(
      [...textsIn(before, '')].flatMap(([path, text]) => namesIn(text, path, change.type)).map(keyOf),
    );
    const named = [...textsIn(after, '')].flatMap(([path, text]) =>
      isJson(before) && !isTooLong(path) && namesRole(lastOf(path))
        ? []
        : placed(change, path, namesIn(text, path, change.type)),
    );
    return [
      ...named.filter((name) => !known.has(keyOf(name))).flatMap((name) => ownedBy(name, referenced)),
      ...unknownIn(afterUnknown, '').flatMap((path) => unreadAt(change, path, referenced)),
    ];
  });
}

/** Whether an instance is examined for names. Identities and permissions have separate checks. */
function isExamined({ type, mode }: Instance): boolean {
  if (mode !== 'managed' || !type.startsWith('aws_') || type === FUNCTION_PERMISSION) return false;
  return !IDENTITY_PARTS.has(type) && !PERMISSION_SET_PARTS.has(type) && !UNREAD_ACCESS.has(type);
}

function placed({ address }: Instance, path: string, names: readonly Name[]): readonly OutsideName[] {
  return names.map((name) => ({ ...name, place: { address, attribute: path } }));
}

/** The key distinguishes a resource that sends data to a name from a resource that only uses the name. */
function keyOf({ what, value, sends }: Name): string {
  return `${sends ? 'sends to' : 'uses'} ${what} ${value}`;
}

/**
 * Returns the name. If the plan creates a bucket with this name before the resource, adds the account of the provider
 * that creates the bucket.
 */
function ownedBy(name: OutsideName, { bucketsBefore }: ReferencedResources): readonly OutsideName[] {
  if (name.what !== 'bucket') return [name];
  const created = bucketsBefore(name.place.address, name.value);
  if (created.length === 0) return [name];
  return created.flatMap(({ account }) => (account === undefined ? [] : [{ ...name, account }]));
}

/**
 * A destination that is known only after apply. The destination is omitted if its expression refers only to resources
 * that the plan's own providers create.
 */
function unreadAt(change: Instance, path: string, { referencesOf }: ReferencedResources): readonly OutsideName[] {
  const unread: OutsideName = {
    place: { address: change.address, attribute: path },
    what: 'unread',
    value: path,
    sends: true,
  };
  if (isTooLong(path)) return [unread];
  if (
    !isSending(change.type, path) ||
    !/(arns?|destination|endpoint|uri|url|bucket(_name)?|target)$/.test(lastOf(path))
  ) {
    return [];
  }
  const references = referencesOf(change, path);
  // AWS computes attributes that the configuration does not set.
  if (references === undefined) return [];
  if (references.length === 0) return [unread];
  const others = references.filter(({ account, isDefault }) => account !== undefined || !isDefault);
  return others.map(({ account }) => ({ ...unread, ...defined({ account }) }));
}

function* textsIn(value: unknown, path: string): Iterable<readonly [string, string]> {
  if (typeof value === 'string') yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) yield* textsIn(inner, joined(value, path, name));
}

function unknownIn(value: unknown, path: string): readonly string[] {
  if (value === true) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => unknownIn(inner, joined(value, path, name)));
}

/** The path of a part of a value. A path that is too long is cut off, because every part below would repeat it. */
function joined(parent: object, path: string, name: string): string {
  if (isTooLong(path)) return path;
  const whole = Array.isArray(parent) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
  return whole.slice(0, LONGEST_PATH + 1);
}

/** Whether a path was cut off, so that it does not show whether the resource sends to what the attribute names. */
function isTooLong(path: string): boolean {
  return path.length > LONGEST_PATH;
}
