/** Access that an identity gained: on everything, beyond its session's tags, by exclusion, or simply more. */
import { many } from '@leasehold/policy';
import { type ActionChange, worstChange } from '../diff/access-change';
import { widens } from '../diff/demands';
import type { IdentityDiff } from '../diff/identity-diff';
import { canonical, sameValue, statementsOf, versionOf } from '../diff/same';
import { permissionsOf, type Side } from '../diff/side';
import type { ReviewFinding, Severity } from '../review';
import { ASKING, newRoles, withoutAsking } from './asking';
import { isBroad } from './breadth';
import { isGivenEverything } from './everything';
import { type Check, type FindingKind, finding, listOf, nameOf, placeOf, type ReviewContext } from './finding';
import { gainedUnbounded, SENSITIVE } from './powers';

const wildcard: FindingKind = {
  id: 'write-on-wildcard',
  title: 'An identity can write or delete on resources that nobody named',
  severities: ['high'],
  why: 'A wildcard also stands for resources of others, and for those of tomorrow.',
  mend: 'Name the resources that the task works on.',
};

const scope: FindingKind = {
  id: 'tag-scope-lost',
  title: "An identity is no longer held to its session's tags",
  severities: ['high'],
  why: 'The tag held each session to its own part; without it every session reaches the parts of all others.',
  mend: 'Put the variable, for example `${aws:PrincipalTag/param.release}`, back into the resource or the condition.',
};

const exclusion: FindingKind = {
  id: 'allow-by-exclusion',
  title: 'An allow says what it does not mean',
  severities: ['high'],
  why: 'An Allow with NotAction or NotResource grants everything else, also what AWS adds tomorrow.',
  mend: 'List the actions and resources that are meant.',
};

const widened: FindingKind = {
  id: 'access-widened',
  title: 'An identity that exists can do more than before',
  severities: ['medium', 'low', 'high'],
  why: 'What an identity may do is what an attacker may do who gets hold of one session of it.',
  mend: 'Check that the task needs it; else narrow actions and resources to what it needs.',
};

export const reach: Check = {
  kinds: [wildcard, scope, exclusion, widened],
  *find(context) {
    for (const diff of context.diffs) {
      if (diff.after === undefined) continue;
      const given = isGivenEverything(diff, context);
      const said = given ? [] : [...onWildcard(diff, context), ...beyondTags(diff), ...byExclusion(diff, context)];
      yield* said;
      if (!given && said.length === 0) yield* more(diff, context);
    }
  },
};

/** Writes that add a line to a log or a figure to a graph, and change nothing else. */
const TELLING_ONLY: ReadonlySet<string> = new Set(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']);

const CHANGING: ReadonlySet<ActionChange['access']> = new Set(['write', 'delete', 'permissions', 'unknown']);

function* onWildcard(diff: IdentityDiff, { catalogue }: ReviewContext): Iterable<ReviewFinding> {
  const gained = diff.changes.gained.filter(
    ({ action, access, level, resources, certain }) =>
      certain &&
      CHANGING.has(access) &&
      level !== 'Read' &&
      level !== 'List' &&
      resources.some(isBroad) &&
      // Where AWS takes no resource but *, there is none to name.
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

/** What the session's tags scoped before, in any allow for the action, and no longer do. */
function* beyondTags(diff: IdentityDiff): Iterable<ReviewFinding> {
  const { before, after } = diff.pair;
  if (before === undefined || after === undefined) return;
  const scoped = new Set(variablesIn(before));
  if (scoped.size === 0) return;
  const kept = variablesIn(after);
  const lost = [...scoped].filter((variable) => count(kept, variable) < count(variablesIn(before), variable));
  const gained = diff.changes.gained.filter(({ access }) => access !== 'unknown');
  const [first] = gained;
  if (lost.length === 0 || first === undefined) return;
  yield finding(scope, {
    place: placeOf(diff),
    identity: diff.key,
    message: `The ${nameOf(diff)} could now do ${first.action}${first.resources.length > 0 ? ` on ${first.resources[0]}` : ''} whatever ${listOf(lost.map((name) => `\${${name}}`))} of its session says.`,
  });
}

function variablesIn({ documents }: Side): readonly string[] {
  return documents.flatMap((document) =>
    statementsOf(document).flatMap((statement) =>
      statement.Effect === 'Allow'
        ? [...JSON.stringify([statement.Resource, statement.Condition]).matchAll(/\$\{(aws:[^}]+)\}/g)].map(
            ([, name = '']) => name,
          )
        : [],
    ),
  );
}

function count(names: readonly string[], name: string): number {
  return names.filter((other) => other === name).length;
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

function* more(diff: IdentityDiff, context: ReviewContext): Iterable<ReviewFinding> {
  const { state, permissions, changes } = diff;
  if (state === 'new' || (permissions.kind !== 'widened' && permissions.kind !== 'unknown')) return;
  if (diff.unknown.length > 0 || onlyAsks(diff, context)) return;
  // A boundary that changed is reported for itself; it may free nothing that the policies allow.
  const boundary = !sameValue(diff.before?.boundary, diff.after?.boundary);
  if (changes.gained.length === 0 && boundary && sameValue(diff.pair.before?.documents, diff.pair.after?.documents))
    return;
  // What all is sensitive is reported as that.
  if (
    changes.gained.length > 0 &&
    changes.gained.every(({ action, access }) => access === 'read' && SENSITIVE.has(action.toLowerCase()))
  )
    return;
  const worst = worstChange(changes.gained);
  const example = permissions.kind === 'widened' ? permissions.witness : permissions.why;
  yield finding(widened, {
    place: placeOf(diff),
    identity: diff.key,
    severity: worst === undefined || !worst.certain ? 'high' : SEVERITY[worst.access],
    message:
      permissions.kind === 'widened'
        ? `The ${nameOf(diff)} can do more than before; it could now: ${example}`
        : `Nobody can show that the ${nameOf(diff)} can do no more than before: ${example}`,
  });
}

const SEVERITY: Readonly<Record<ActionChange['access'], Severity>> = {
  read: 'low',
  write: 'medium',
  delete: 'high',
  permissions: 'high',
  unknown: 'high',
};

/** Whether all that was gained is asking for roles that the same plan makes. */
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
