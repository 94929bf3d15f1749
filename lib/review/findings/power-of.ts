/**
 * Determines how powerful a role is that a resource assigns to others: full access, the ability to gain more
 * permissions than the role's policies show, or limited permissions.
 */
import { listInWords } from '@leasehold/contract/text';
import { many } from '@leasehold/policy';
import { pairOf, type Side } from '../diff/side';
import type { Estate, Identity } from '../model';
import { SEVERITIES, type Severity } from '../review';
import type { ReviewContext } from './finding';
import { allowsEverything } from './full-access';
import { mayEscalate } from './powers';

/** How powerful a role is that a resource assigns to others. */
export interface Power {
  readonly kind: 'everything' | 'escalates' | 'unread' | 'some';
  /** The role in words, if it is in the plan. */
  readonly label?: string;
  readonly identity?: Identity;
  /** A clause that describes the permissions of the role. */
  readonly words: string;
}

/** How powerful the role with the given ARN or name is after the plan. */
export function powerOfNamed(role: unknown, context: ReviewContext): Power {
  const text = typeof role === 'string' ? role : '';
  const { after } = context.access;
  const found = identityNamed(text, after) ?? identityNamed(roleOfProfile(text, after), after);
  return found === undefined ? OUTSIDE : powerOf(found, context);
}

/**
 * The name of the role in the instance profile with the given name or ARN. Empty if the plan does not show the role.
 */
function roleOfProfile(text: string, { watched }: Estate): string {
  const role = [...watched.values()].find(
    ({ type, values }) => type === 'aws_iam_instance_profile' && (values.name === text || values.arn === text),
  )?.values.role;
  return typeof role === 'string' ? role : '';
}

/** The role or permission set with the given ARN or name, if it exists. */
export function identityNamed(text: string, estate: Estate): Identity | undefined {
  const found = [...estate.identities.values()].filter((identity) => isCalled(identity, text, estate));
  return found.length === 1 ? found[0] : undefined;
}

/** How powerful the most powerful role at the given addresses in the plan is. */
export function powerOfAddresses(addresses: readonly string[] | undefined, context: ReviewContext): Power {
  const found = identities(context).filter(({ place }) => place !== undefined && addresses?.includes(place.address));
  if (found.length === 0 || found.length < (addresses?.length ?? 0)) return OUTSIDE;
  const powers = found.map((identity) => powerOf(identity, context));
  return strongest(powers) ?? OUTSIDE;
}

/** The strongest of several powers. */
export function strongest(powers: readonly Power[]): Power | undefined {
  return powers.toSorted((one, other) => weightOf(other) - weightOf(one))[0];
}

/**
 * The rank of a role's power. A more powerful role has a higher rank. A role that certainly leads to more permissions
 * has a higher rank than a role that cannot be read.
 */
export function weightOf({ kind }: Power): number {
  return WEIGHTS[kind];
}

/** The severity of assigning such a role to others. */
export function severityOfPower({ kind }: Power): Severity {
  return kind === 'everything' ? 'critical' : kind === 'some' ? 'medium' : 'high';
}

/** The higher of two severities. */
export function atTheLeast(one: Severity, other: Severity): Severity {
  return SEVERITIES.indexOf(one) > SEVERITIES.indexOf(other) ? one : other;
}

const WEIGHTS: Readonly<Record<Power['kind'], number>> = { everything: 4, escalates: 3, unread: 2, some: 1 };
const OUTSIDE: Power = { kind: 'unread', words: 'and what it can do is not in the plan' };

function identities({ access }: ReviewContext): readonly Identity[] {
  return [...access.after.identities.values()];
}

function isCalled(identity: Identity, text: string, { watched: all }: Estate): boolean {
  if (identity.kind !== 'role' || text === '') return false;
  if (identity.arn.kind === 'known' && identity.arn.value === text) return true;
  if (!text.startsWith('arn:')) return identity.name === text && identity.key.startsWith('role ');
  if (identity.key === `permission set ${text}`) return true;
  const watched = all.get(`aws_ssoadmin_permission_set ${identity.place?.address ?? ''}`);
  return watched !== undefined && watched.values.arn === text;
}

function powerOf(identity: Identity, context: ReviewContext): Power {
  const estates = { before: context.access.after, after: context.access.after };
  const side = pairOf(undefined, identity, estates).after;
  const label = identity.place?.address ?? identity.name;
  if (side === undefined) return OUTSIDE;
  if (side.documents.some(allowsEverything) && !isHeldBack(side)) {
    return { kind: 'everything', label, identity, words: 'which may do everything' };
  }
  // If the plan only attaches something to a role, the role has other permissions that the plan does not show.
  if (side.unknown.length > 0 || !isWhole(identity)) return { ...OUTSIDE, label, identity };
  if (mayEscalate(side))
    return { kind: 'escalates', label, identity, words: 'which can gain more power than its policies say' };
  const actions = side.documents.flatMap(({ Statement }) => many(Statement).flatMap(({ Action }) => many(Action)));
  return { kind: 'some', label, identity, words: `which may do ${brief(actions)}` };
}

function isHeldBack({ boundary }: Side): boolean {
  return boundary !== undefined && !allowsEverything(boundary);
}

function isWhole({ place }: Identity): boolean {
  return place !== undefined;
}

function brief(actions: readonly string[]): string {
  const unique = [...new Set(actions)];
  if (unique.length === 0) return 'nothing that the plan shows';
  return listInWords(unique, { most: 3 });
}
