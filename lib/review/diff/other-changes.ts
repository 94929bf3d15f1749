/**
 * Other changes of an identity: its boundary, session duration, groups, and policies that Terraform manages
 * exclusively.
 */
import type { Identity, Read } from '../model';
import { sameStatements, sameValue } from './equal-values';

/** The changes as sentences. Empty if nothing changed. */
export function otherChanges(before: Identity | undefined, after: Identity | undefined): readonly string[] {
  if (after === undefined) return [];
  if (before === undefined) {
    return after.boundary === undefined ? [] : [`Bounded by ${nameOf(after)}.`];
  }
  return [
    ...renamed(before, after),
    ...boundary(before, after),
    ...session(before, after),
    ...groups(before, after),
    ...exclusive(before, after),
  ];
}

/** Formats a number of seconds for display, for example `1 h 30 min`. */
export function duration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const parts = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '', rest > 0 ? `${rest} s` : ''];
  return parts.filter((part) => part !== '').join(' ') || '0 s';
}

function renamed(before: Identity, after: Identity): readonly string[] {
  // A name that is not known yet does not count as a different name.
  if (before.name === after.name || after.name === after.place?.address) return [];
  return [`Replaces the ${before.kind} ${before.name}.`];
}

function boundary(before: Identity, after: Identity): readonly string[] {
  if (before.boundary === undefined && after.boundary === undefined) return [];
  if (before.boundary === undefined) return [`Now bounded by ${nameOf(after)}.`];
  if (after.boundary === undefined) return [`No longer bounded by ${nameOf(before)}.`];
  if (nameOf(before) !== nameOf(after)) return [`Now bounded by ${nameOf(after)} instead of ${nameOf(before)}.`];
  const [earlier, later] = [before.boundary.document, after.boundary.document];
  const same =
    earlier.kind === 'known' && later.kind === 'known'
      ? sameStatements(earlier.value, later.value)
      : sameValue(earlier, later);
  return same ? [] : [`Its boundary ${nameOf(after)} changed.`];
}

function nameOf({ boundary }: Identity): string {
  return boundary?.arn ?? boundary?.name ?? boundary?.place.address ?? 'a boundary';
}

function session(before: Identity, after: Identity): readonly string[] {
  if (before.maxSession === undefined || after.maxSession === undefined) return [];
  if (sameValue(before.maxSession, after.maxSession)) return [];
  const text = (value: Read<number>) => (value.kind === 'known' ? duration(value.value) : `unknown (${value.why})`);
  return [`Sessions may last up to ${text(after.maxSession)} (before: ${text(before.maxSession)}).`];
}

function groups(before: Identity, after: Identity): readonly string[] {
  const missing = (one: Identity, other: Identity) => one.groups.filter((group) => !other.groups.includes(group));
  return [
    ...missing(after, before).map((group) => `Now in the group ${groupName(group)}.`),
    ...missing(before, after).map((group) => `No longer in the group ${groupName(group)}.`),
  ];
}

/** The group's name in its key. */
function groupName(key: string): string {
  return key.split(' ').slice(2).join(' ') || key;
}

function exclusive(before: Identity, after: Identity): readonly string[] {
  const kinds = ['inline', 'attached'] as const;
  return kinds.flatMap((kind) => {
    if (before.exclusive[kind] === after.exclusive[kind]) return [];
    return after.exclusive[kind]
      ? [
          `Terraform now manages the ${kind} policies of this identity exclusively, and removes policies that are added by hand.`,
        ]
      : [
          `Terraform no longer manages the ${kind} policies of this identity exclusively, and does not remove policies that are added by hand.`,
        ];
  });
}
