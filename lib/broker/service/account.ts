/**
 * Determines which caller a signed-in account belongs to. A person who is also an IAM user has the same name and the
 * same key with both kinds of sign-in.
 */
import type { Environment, Principal } from '@leasehold/definitions';
import { type PersonKind, personRoleName } from '@leasehold/documents';
import type { Caller, SignedIn } from '../identity';

/**
 * The account as a caller of the given kind.
 * @returns undefined if the groups (in the token or the definitions) do not permit this kind, or if the account's name
 *   belongs to somebody else.
 */
export function callerOfAccount(account: SignedIn, kind: PersonKind, environment: Environment): Caller | undefined {
  const person = principalOf(account, environment);
  if (person === undefined && isTaken(account.name, environment)) return undefined;
  if (!hasGroup(account.groups, kind, environment)) return undefined;
  switch (kind) {
    case 'approver':
      if (person === undefined || !environment.approvers.includes(person.name)) return undefined;
      break;
    case 'administrator':
      if (!person?.administrator) return undefined;
      break;
    case 'requester':
      break;
  }
  return person === undefined
    ? { kind, name: account.name, key: accountKey(account), account }
    : { kind, name: person.name, key: personKey(kind, person.name, environment), account };
}

/** The keys under which an account may have requested leases, whatever its groups are now. */
export function requesterKeysOf(account: SignedIn, environment: Environment): readonly string[] {
  const person = principalOf(account, environment);
  return [accountKey(account), ...(person === undefined ? [] : [personKey('requester', person.name, environment)])];
}

/**
 * A key that identifies a person without a Principal document in the definitions. An issuer assigns a `sub` to only one
 * person.
 */
export function accountKey({ issuer, sub }: Pick<SignedIn, 'issuer' | 'sub'>): string {
  return `${issuer} ${sub}`;
}

/** The key of a person in the definitions. The same key is used for both kinds of sign-in: account and role session. */
export function personKey(kind: PersonKind, name: string, environment: Environment): string {
  return `${environment.account} role/${personRoleName(kind, environment)}/${name}`;
}

/**
 * The groups of an account without a Principal document. Groups that the definitions do not mention are omitted, to
 * keep the account's record short.
 */
export function knownGroups({ groups }: Pick<SignedIn, 'groups'>, environment: Environment): readonly string[] {
  const requester = environment.broker?.people?.groups.requester ?? [];
  const known = new Set([
    ...environment.roles.flatMap(({ broker }) => broker?.eligible.groups ?? []),
    ...(requester === '*' ? [] : requester),
  ]);
  return groups.filter((group) => known.has(group));
}

/** Whether the groups permit the given kind of person. */
export function hasGroup(groups: readonly string[], kind: PersonKind, { broker }: Environment): boolean {
  const permitted = broker?.people?.groups[kind] ?? [];
  return permitted === '*' || groups.some((group) => permitted.includes(group));
}

/** The principal with this account. The comparison is case-sensitive, because issuers may distinguish case. */
function principalOf({ name }: Pick<SignedIn, 'name'>, environment: Environment): Principal | undefined {
  return environment.principals.find(({ kind, signIn }) => kind === 'person' && signIn === name);
}

/**
 * Whether the definitions use this name (ignoring case) for somebody to whom this account is not assigned.
 * Without this check, the two people could not be distinguished in records and approvals.
 */
export function isTaken(name: string, { principals, approvers, agents }: Environment): boolean {
  const wanted = name.toLowerCase();
  const names = [
    ...approvers,
    ...agents.map((agent) => agent.name),
    ...principals.flatMap((each) => [each.name, ...(typeof each.signIn === 'string' ? [each.signIn] : [])]),
  ];
  return names.some((each) => each.toLowerCase() === wanted);
}
