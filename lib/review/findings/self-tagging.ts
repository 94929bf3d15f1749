/**
 * Finds identities that can change their own tags, if a policy has conditions on these tags (`aws:PrincipalTag`). Such
 * an identity can choose what the policy permits.
 */
import { many, type Statement, variablesIn } from '@leasehold/policy';
import { allowanceOf } from '../diff/allowance';
import { widens } from '../diff/demands';
import { canonical, statementsOf, versionOf } from '../diff/equal-values';
import { type Renames, renamesOf } from '../diff/renames';
import { pairOf, permissionsOf, type Side } from '../diff/side';
import type { Estate, Identity, PlacedPolicy } from '../model';
import type { ReviewContext } from './finding';
import { givesEverybodyPolicies, givesItselfPolicies, tagActionsOf } from './policy-givers';
import { permitsTag, refusesTag } from './tag-conditions';

/** A statement whose result depends on the caller's tags. */
export interface TagReader {
  readonly policy: PlacedPolicy;
  readonly statement: Statement;
  /** In lower case. */
  readonly tags: readonly string[];
  /** Key of the identity or resource policy to which the statement belongs. */
  readonly key: string;
  /** Key of the user, role or group that has the policy. Undefined for a trust policy and for a resource policy. */
  readonly owner?: string;
  /** The version of the policy. */
  readonly version: string;
}

/** The statements after the plan whose result depends on tags that the identity can change on itself. */
export function readersOfOwnTags(side: Side, { access }: ReviewContext): readonly TagReader[] {
  return readersIn(access.after).filter((reader) => concerns(reader, side.identity) && canSet(side, reader));
}

/** A new statement that depends on tags, and an identity that could already change its own tags with these keys. */
export interface NewReader {
  readonly identity: Identity;
  readonly reader: TagReader;
}

/**
 * New statements that depend on tags that an identity could already change on itself. A statement of the identity, its
 * groups or its boundary is omitted if these permit nothing new.
 */
export function newReaders({ access, diffs, catalogue, steps }: ReviewContext): readonly NewReader[] {
  const { before, after } = access;
  const renames = renamesOf(diffs);
  const known = new Set(readersIn(before).map((reader) => textOf(reader, renames)));
  const all = readersIn(after).map((reader) => ({ reader, isNew: !known.has(textOf(reader)) }));
  const changed = new Map(diffs.map(({ key, pair }) => [key, pair]));
  return [...after.identities.values()].flatMap((identity) => {
    const earlier = changed.get(identity.key)?.before?.identity ?? before.identities.get(identity.key);
    const groups = new Set(earlier?.groups.map(renames.keyOf));
    const readers = all.flatMap(({ reader, isNew }) => {
      const { owner } = reader;
      const joins = owner !== undefined && identity.groups.includes(owner) && !groups.has(owner);
      return (isNew || joins) && concerns(reader, identity) ? [reader] : [];
    });
    if (readers.length === 0) return [];
    const pair = changed.get(identity.key) ?? pairOf(earlier, identity, { before, after });
    const [was, is] = [pair.before, pair.after];
    if (was === undefined || is === undefined) return [];
    const found = readers.filter((reader) => canSet(is, reader) && canSet(was, reader) && !givesPolicies(is, reader));
    // Permissions that permit nothing new for any tags permit nothing new after a change of the tags.
    const isOwn = ({ owner }: TagReader) => owner !== undefined;
    // What could not be read before the plan may have denied anything.
    const gains =
      !found.some(isOwn) ||
      was.unknown.length > 0 ||
      widens(renames.rewritten(permissionsOf(was)), permissionsOf(is), { catalogue, steps });
    return found.filter((reader) => gains || !isOwn(reader)).map((reader) => ({ identity, reader }));
  });
}

/** The owner of the policy, and the statement, in a form that is equal for all equivalent notations. */
function textOf({ key, statement, version }: TagReader, renames?: Renames): string {
  if (renames === undefined) return `${key} ${canonical(statement, version)}`;
  return `${renames.keyOf(key)} ${canonical(renames.rewritten(statement), version)}`;
}

/** The tags that a statement reads, and the place of the statement, in words. */
export function readerInWords({ policy, tags }: TagReader): string {
  const { address, attribute } = policy.place;
  return `${tags.map((tag) => `aws:PrincipalTag/${tag}`).join(' and ')} in ${address}${attribute === undefined ? '' : ` (${attribute})`}`;
}

const readers = new WeakMap<Estate, readonly TagReader[]>();

function readersIn(estate: Estate): readonly TagReader[] {
  const known = readers.get(estate);
  if (known !== undefined) return known;
  const found = [
    ...[...estate.identities.values()].flatMap(({ key, policies, boundary, trust }) => [
      ...[...policies, ...(boundary === undefined ? [] : [boundary])].flatMap((policy) => toReaders(policy, key, key)),
      ...(trust === undefined ? [] : toReaders(trust, key)),
    ]),
    ...[...estate.resourcePolicies.values()].flatMap(({ key, policy }) => toReaders(policy, key)),
  ];
  readers.set(estate, found);
  return found;
}

function toReaders(policy: PlacedPolicy, key: string, owner?: string): readonly TagReader[] {
  const { document } = policy;
  if (document.kind === 'unknown') return [];
  return statementsOf(document.value).flatMap((statement): readonly TagReader[] => {
    const tags = tagsReadBy(statement);
    if (tags.length === 0) return [];
    const version = versionOf(document.value);
    return [{ policy, statement, tags, key, version, ...(owner === undefined ? {} : { owner }) }];
  });
}

/** The tags of the caller that a statement reads in its conditions or through policy variables, in lower case. */
function tagsReadBy({ Condition = {}, Resource, NotResource }: Statement): readonly string[] {
  const keys = Object.values(Condition).flatMap((block) => Object.keys(block));
  const values = Object.values(Condition).flatMap((block) => Object.values(block).flatMap((each) => many(each)));
  const texts = [...many(Resource), ...many(NotResource), ...values.map(String)];
  const tags = [...keys, ...texts.flatMap(variablesIn)].flatMap((key) => KEY.exec(key)?.[1] ?? []);
  return [...new Set(tags.map((tag) => tag.toLowerCase()))];
}

const KEY = /^aws:PrincipalTag\/(.+)$/i;

/**
 * Whether a statement can apply to an identity. This is determined from the owner of the policy and the principals that
 * the statement names.
 */
function concerns({ owner, statement }: TagReader, { key, groups, arn, account }: Identity): boolean {
  if (owner !== undefined) return owner === key || groups.includes(owner);
  if (key.startsWith('group ')) return false;
  const { Principal, NotPrincipal } = statement;
  if (NotPrincipal !== undefined || arn.kind === 'unknown') return true;
  const named = Principal === undefined || typeof Principal === 'string' ? many(Principal) : many(Principal.AWS);
  return named.some(
    (text) =>
      text === '*' ||
      text === arn.value ||
      account.kind === 'unknown' ||
      text === account.value ||
      text.endsWith(`::${account.value}:root`),
  );
}

/**
 * Whether an identity can make the reading statement apply by setting or removing a tag on itself. Conditions on
 * anything other than tags count as true.
 */
function canSet(side: Side, { statement: reader, tags }: TagReader): boolean {
  const { kind, arn } = side.identity;
  if (kind === 'group') return false;
  const documents = [...side.documents, ...(side.boundary === undefined ? [] : [side.boundary])];
  return tagActionsOf(side).some((action) =>
    allowanceOf(side)
      .grants(action, arn.kind === 'known' ? arn.value : undefined)
      .some(({ statement }) =>
        tags.some((tag) => {
          const request = { action, tag, reader };
          return permitsTag(statement, request) && !documents.some((document) => refusesTag(document, request));
        }),
      ),
  );
}

/**
 * Whether an identity can give itself any policy, so that changing its tags adds no power. An identity that may change
 * the policies of every identity can also change who opens a role. An identity that may change only its own policies
 * cannot change what a boundary, a deny, a trust policy or a resource policy demands of its tags.
 */
function givesPolicies(side: Side, reader: TagReader): boolean {
  if (givesEverybodyPolicies(side)) return true;
  const { key, groups, boundary } = side.identity;
  return (
    reader.statement.Effect === 'Allow' &&
    reader.policy !== boundary &&
    reader.owner !== undefined &&
    (reader.owner === key || groups.includes(reader.owner)) &&
    givesItselfPolicies(side)
  );
}
