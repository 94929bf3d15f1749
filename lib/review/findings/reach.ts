/**
 * Finds access that an identity gained: access to every resource, access that session tags do not limit, access through
 * `NotAction` or `NotResource`, and any other additional access.
 */
import { type Catalogue, many, variablesIn } from '@leasehold/policy';
import { type ActionChange, worstChange } from '../diff/access-change';
import { widens } from '../diff/demands';
import { canonical, sameValue, statementsOf, versionOf } from '../diff/equal-values';
import { type IdentityDiff, witnessOf } from '../diff/identity-diff';
import { deniedInWords, type LostDenies, lostDenies, speaksOf } from '../diff/lost-denies';
import { permissionsOf, type Side } from '../diff/side';
import type { ReviewFinding, Severity } from '../review';
import { TELLING_ONLY } from '../telling-only';
import { ASKING, newRoles, withoutAsking } from './asking';
import { isBroad } from './breadth';
import { isDeclared } from './declared';
import { type Check, type FindingKind, finding, listOf, nameOf, placeOf, type ReviewContext } from './finding';
import { isGivenEverything } from './full-access';
import { isNamedByCondition, isReadUnderConditions } from './named-by-condition';
import { gainedUnbounded, SENSITIVE } from './powers';

const wildcard: FindingKind = {
  id: 'write-on-wildcard',
  title: 'An identity can write or delete on resources that are not named',
  severities: ['high'],
  why: 'A wildcard also matches resources that belong to others, and resources that are created later.',
  hint: 'Name the resources that the task works on.',
};

const scope: FindingKind = {
  id: 'tag-scope-lost',
  title: "An identity is no longer limited by its session's tags",
  severities: ['high'],
  why: 'The tag limited each session to its own part of the resources. Without this limit, every session can access the parts of all other sessions.',
  hint: 'Restore the variable, for example `${aws:PrincipalTag/param.release}`, in the resource or the condition.',
};

const exclusion: FindingKind = {
  id: 'allow-by-exclusion',
  title: 'An allow statement is written as an exclusion',
  severities: ['high'],
  why: 'An Allow with NotAction or NotResource grants everything that the statement does not list, including anything that AWS adds in the future.',
  hint: 'List the actions and resources that should be allowed.',
};

const widened: FindingKind = {
  id: 'access-widened',
  title: 'An existing identity can do more than before',
  severities: ['medium', 'low', 'high'],
  why: 'An attacker who gets one session of an identity can do everything that the identity may do.',
  hint: 'Check that the task needs the additional access. If it does not, allow only the actions and resources that the identity needs.',
};

export const reach: Check = {
  kinds: [wildcard, scope, exclusion, widened],
  *find(context) {
    for (const diff of context.diffs) {
      if (diff.after === undefined) continue;
      const given = isGivenEverything(diff, context);
      const said = given ? [] : [...onWildcard(diff, context), ...beyondTags(diff), ...byExclusion(diff, context)];
      yield* said;
      if (given) continue;
      const lost = lostDenies(diff.pair, { catalogue: context.catalogue, steps: context.steps });
      if (lost !== undefined) yield denied(diff, lost);
      if (said.length === 0) yield* more(diff, context, lost);
    }
  },
};

/** A removed deny statement is always reported, regardless of other findings about the identity. */
function denied(diff: IdentityDiff, { statements, freed, from }: LostDenies): ReviewFinding {
  const outside = diff.identity.place === undefined ? '; what else it is allowed is not in this plan' : '';
  return finding(widened, {
    place: diff.identity.place ?? from?.place ?? placeOf(diff),
    identity: diff.key,
    severity: 'high',
    message: `The ${nameOf(diff)} is no longer denied ${deniedInWords(statements, freed)}${outside}.`,
  });
}

const CHANGING: ReadonlySet<ActionChange['access']> = new Set(['write', 'delete', 'permissions', 'unknown']);

function* onWildcard(diff: IdentityDiff, { catalogue }: ReviewContext): Iterable<ReviewFinding> {
  const gained = diff.changes.gained.filter(
    ({ action, access, level, resources, certain }) =>
      certain &&
      CHANGING.has(access) &&
      level !== 'Read' &&
      level !== 'List' &&
      resources.some(isBroad) &&
      !isEmptyPattern(action, catalogue) &&
      !isNamedByCondition(diff, { action, access }, catalogue) &&
      !isReadUnderConditions(diff, action, catalogue) &&
      // If the action supports only `*` as resource, a policy cannot name a specific resource.
      (access !== 'write' || catalogue.action(action)?.scopable !== false) &&
      !TELLING_ONLY.has(action),
  );
  const worst = worstChange(gained);
  if (worst === undefined) return;
  const broad = worst.resources.filter(isBroad);
  const others = gained.length - 1;
  yield finding(wildcard, {
    place: placeOf(diff),
    identity: diff.key,
    message: `The ${nameOf(diff)} could now do ${worst.action} on ${listOf(broad, 2)}${others > 0 ? ` and ${others} more action${others > 1 ? 's' : ''}` : ''}.`,
  });
}

/** Whether a pattern matches no action of a known service, so that the pattern permits nothing today. */
function isEmptyPattern(action: string, catalogue: Catalogue): boolean {
  const service = action.slice(0, Math.max(action.indexOf(':'), 0));
  return /[*?]/.test(action) && catalogue.hasService(service) && catalogue.expand(action).length === 0;
}

/** Actions that session tags limited before the plan in some allow statement, and no longer limit. */
function* beyondTags(diff: IdentityDiff): Iterable<ReviewFinding> {
  const { before, after } = diff.pair;
  if (before === undefined || after === undefined) return;
  const scoped = globalVariablesIn(before);
  if (scoped.size === 0) return;
  const kept = globalVariablesIn(after);
  const lost = [...scoped].flatMap(([variable, times]) => ((kept.get(variable) ?? 0) < times ? [variable] : []));
  const gained = diff.changes.gained.filter(({ access }) => access !== 'unknown');
  const [first] = gained;
  if (lost.length === 0 || first === undefined) return;
  yield finding(scope, {
    place: placeOf(diff),
    identity: diff.key,
    message: `The ${nameOf(diff)} could now do ${first.action}${first.resources.length > 0 ? ` on ${first.resources[0]}` : ''} whatever ${listOf(lost.map((name) => `\${${name}}`))} of its session says.`,
  });
}

/** The variables for global condition keys in the allow statements of a side, and how often each occurs. */
function globalVariablesIn({ documents }: Side): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { Effect, Resource, Condition } of documents.flatMap(statementsOf)) {
    if (Effect !== 'Allow') continue;
    for (const name of variablesIn(JSON.stringify([Resource, Condition]))) {
      if (name.startsWith('aws:')) found.set(name, (found.get(name) ?? 0) + 1);
    }
  }
  return found;
}

function* byExclusion(diff: IdentityDiff, context: ReviewContext): Iterable<ReviewFinding> {
  const { before, after } = diff.pair;
  if (after === undefined) return;
  let known: ReadonlySet<string> | undefined;
  for (const document of after.documents) {
    for (const statement of statementsOf(document)) {
      if (statement.Effect !== 'Allow') continue;
      if (statement.NotAction === undefined && statement.NotResource === undefined) continue;
      known ??= new Set(before?.documents.flatMap(canonicals));
      if (known.has(canonical(statement, versionOf(document)))) continue;
      if (gainedUnbounded(diff, context).length === 0) return;
      const what =
        statement.NotAction === undefined
          ? `on every resource but ${listOf(many(statement.NotResource), 3)}`
          : `every action but ${listOf(many(statement.NotAction), 3)}`;
      yield finding(exclusion, {
        place: placeOf(diff),
        identity: diff.key,
        message: `A policy of the ${nameOf(diff)} allows ${what}.`,
      });
    }
  }
}

function canonicals(document: Parameters<typeof versionOf>[0]): readonly string[] {
  return statementsOf(document).map((statement) => canonical(statement, versionOf(document)));
}

function* more(diff: IdentityDiff, context: ReviewContext, lost: LostDenies | undefined): Iterable<ReviewFinding> {
  const { state, permissions, changes, unknown } = diff;
  if (state === 'new' || (permissions.kind !== 'widened' && permissions.kind !== 'unknown')) return;
  // Unreadable parts, removed deny statements and declared access have separate findings, so this finding is about the
  // other gains.
  if (changes.gained.length > 0 && changes.gained.every((gain) => isDeclared(gain, diff, context))) return;
  const told = unknown.length > 0 || lost !== undefined;
  if (told && changes.gained.every(({ action }) => lost !== undefined && speaksOf(lost.statements, action))) return;
  if (onlyAsks(diff, context)) return;
  // A changed boundary has a separate finding. The change may permit nothing that the policies allow.
  const boundary = !sameValue(diff.before?.boundary, diff.after?.boundary);
  if (changes.gained.length === 0 && boundary && sameValue(diff.pair.before?.documents, diff.pair.after?.documents))
    return;
  // Gains of sensitive actions have separate findings.
  if (
    changes.gained.length > 0 &&
    changes.gained.every(({ action, access }) => access === 'read' && SENSITIVE.has(action.toLowerCase()))
  )
    return;
  const worst = worstChange(changes.gained);
  const witness = permissions.kind === 'widened' ? permissions.witness : unknown.length > 0 && witnessOf(changes);
  const certain = witness !== undefined && witness !== false;
  const outside = rolesOutside(changes.gained, context);
  const unclear = worst === undefined || !worst.certain || !certain || outside !== undefined;
  yield finding(widened, {
    place: placeOf(diff),
    identity: diff.key,
    severity: unclear ? 'high' : SEVERITY[worst.access],
    message: certain
      ? `The ${nameOf(diff)} can do more than before; it could now: ${witness}${outside === undefined ? '' : `; what the role ${outside} may do is not in this plan`}`
      : `Nobody can show that the ${nameOf(diff)} can do no more than before: ${permissions.kind === 'unknown' ? permissions.why : ''}`,
  });
}

/** Roles outside the plan that the identity may newly assume, as the policy names them. */
function rolesOutside(gained: readonly ActionChange[], { access }: ReviewContext): string | undefined {
  const places = gained.flatMap(({ action, resources }) => (action === 'sts:AssumeRole' ? resources : []));
  if (places.length === 0) return undefined;
  const roles = new Set(
    [...access.after.identities.values()].flatMap(({ arn }) => (arn.kind === 'known' ? [arn.value] : [])),
  );
  return places.find((place) => !roles.has(place));
}

const SEVERITY: Readonly<Record<ActionChange['access'], Severity>> = {
  read: 'low',
  write: 'medium',
  delete: 'high',
  permissions: 'high',
  unknown: 'high',
};

/** Whether the only gain is permission to request roles that the same plan creates. */
function onlyAsks(diff: IdentityDiff, context: ReviewContext): boolean {
  const { before, after } = diff.pair;
  if (before === undefined || after === undefined) return false;
  if (!diff.changes.gained.every(({ action }) => ASKING.has(action.toLowerCase()))) return false;
  const text = JSON.stringify([after.documents, after.boundary]);
  const roles = newRoles(context).filter((arn) => text.includes(JSON.stringify(arn)));
  if (roles.length === 0) return false;
  const { catalogue, steps } = context;
  return !widens(permissionsOf(without(before, roles)), permissionsOf(without(after, roles)), { catalogue, steps });
}

function without(side: Side, roles: readonly string[]): Side {
  return { ...side, documents: side.documents.map((document) => withoutAsking(document, roles)) };
}
