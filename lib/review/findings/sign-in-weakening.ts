/** Shared code for findings about user pools and their app clients. */
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import { isUnread, listAt, nowLacks, show, valueAt, valuesOf } from './attributes';
import { type Change, type FindingKind, finding, listOf } from './finding';

export const signUp: FindingKind = {
  id: 'sign-up-opened',
  title: 'Anybody can create a user for themselves in a user pool',
  severities: ['critical'],
  why: 'Anyone who signs up gets tokens that the applications and APIs of the pool accept.',
  hint: 'Set `allow_admin_create_user_only` to true, and let administrators create the users.',
};

export const weakened: FindingKind = {
  id: 'sign-in-weakened',
  title: 'Sign-in requires less proof of identity, or a sign-in gives more access',
  severities: ['high', 'medium'],
  why: 'With the weaker settings, a guessed password or a stolen token can be enough to act as somebody else, or a stolen token can be used for longer.',
  hint: 'Keep mandatory MFA, the authorization code flow, short token lifetimes and token rotation, and accept only the identity providers that you operate.',
};

export const redirect: FindingKind = {
  id: 'redirect-changed',
  title: 'The sign-in pages redirect to another address',
  severities: ['high'],
  why: 'Whoever controls an address to which the sign-in pages redirect receives the authorization code of a sign-in.',
  hint: 'Check that the address belongs to you, is exact, and uses encryption. Remove the address if no application uses it.',
};

/**
 * An attribute, a test for a safe value, and the message that is reported if the value is no longer safe. A value that
 * cannot be read counts as unsafe.
 */
export type SignInDemand = readonly [path: string, good: (value: unknown) => boolean, words: string];

/**
 * Findings for requirements that are no longer met. If Leasehold generated the configuration, there are also findings
 * for requirements that were never met.
 */
export function* lost(
  change: Change<Watched>,
  demands: readonly SignInDemand[],
  what: string,
  leasehold: boolean,
): Iterable<ReviewFinding> {
  const address = change.after?.place.address ?? '';
  for (const [path, good, words] of demands) {
    if (!isLost(change, path, good, leasehold)) continue;
    yield weaker(address, path.replace(/\[.*$/, ''), `The ${what} ${address} ${words}.`);
  }
}

export function isLost(change: Change<Watched>, path: string, good: SignInDemand[1], leasehold: boolean): boolean {
  if (change.before !== undefined) return nowLacks(change, path, good);
  return leasehold && !good(valueAt(change.after?.values, path));
}

/** One finding for each list that gets a new item or that can no longer be read. */
export function* grown(change: Change<Watched>, path: string, words: string): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (before === undefined || after === undefined) return;
  const fresh = added(change, path);
  if (fresh.length === 0) return;
  const { address } = after.place;
  yield weaker(address, path.replace(/\[.*$/, ''), `${address} ${words} ${listOf(fresh.map(show))} too.`);
}

export function added(change: Change<Watched>, path: string): readonly unknown[] {
  const [was, is] = valuesOf(change, path);
  if (isUnread(is)) return isUnread(was) ? [] : [is];
  const known = listAt(change.before?.values, path);
  return listAt(change.after?.values, path).filter((item) => !known.includes(item));
}

export function weaker(address: string, attribute: string, message: string): ReviewFinding {
  return finding(weakened, { place: { address, attribute }, message });
}
