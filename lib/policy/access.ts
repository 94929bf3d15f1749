/**
 * Classifies actions in more detail than AWS's access levels do. Each action has an access class, and curated lists
 * contain the actions that need review. The lists are in `data/`, and each row contains its source.
 */
import { compileActionPattern } from './action-pattern';
import type { ActionInfo } from './catalogue-types';
import { ACTING_READS, HIDDEN_PERMISSIONS, NO_PERMISSIONS, READING_WRITES } from './data/access-corrections';
import { DELETE_WORDS, HIDDEN_DELETES, NO_DELETES } from './data/deletes';
import { ESCALATIONS } from './data/escalation';
import type { EscalationEntry } from './data/escalation-entry';
import { IDENTITY_READS, NO_PERMISSION } from './data/identity-reads';
import { SENSITIVE_READS, type SensitiveReadEntry } from './data/sensitive-reads';
import type { SourcedAction } from './data/sources';
import { SQL_ACTIONS, type SqlAction } from './data/sql';
import { foldAscii } from './glob';

/**
 * A `read` action changes nothing. `write` changes or adds something. `delete` destroys data, a resource, or the
 * means to recover data or a resource. `permissions` changes the permissions of identities.
 */
export type ActionAccess = 'read' | 'write' | 'delete' | 'permissions';

/**
 * The access class of an action. If the reference lists several levels for the action, the most dangerous level
 * determines the class.
 */
export function accessOf(action: ActionInfo): ActionAccess {
  const known = classes.get(action);
  if (known !== undefined) return known;
  const found = classify(action);
  classes.set(action, found);
  return found;
}

/**
 * The access class of an action under a statement's conditions. `route53:ChangeResourceRecordSets` can delete records,
 * unless the conditions limit every change in the request to creating or replacing records. `s3express:CreateSession`
 * returns a session that can write objects, unless the conditions require a read-only session. Sources:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html
 * @param conditions operator → condition key → values
 */
export function accessUnder(
  action: ActionInfo,
  conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
): ActionAccess {
  const access = accessOf(action);
  if (action.id === 's3express:CreateSession' && opensReading(conditions)) return 'read';
  return access === 'delete' && action.id === 'route53:ChangeResourceRecordSets' && keepsRecords(conditions)
    ? 'write'
    : access;
}

function opensReading(conditions: Parameters<typeof accessUnder>[1]): boolean {
  const [, modes = []] =
    Object.entries(conditions.StringEquals ?? {}).find(([key]) => foldAscii(key) === 's3express:sessionmode') ?? [];
  return modes.length > 0 && modes.every((mode) => mode === 'ReadOnly');
}

function keepsRecords(conditions: Parameters<typeof accessUnder>[1]): boolean {
  const values = (operator: string) =>
    Object.entries(conditions[operator] ?? {}).find(([key]) => foldAscii(key) === RECORD_ACTIONS)?.[1] ?? [];
  const changes = values('ForAllValues:StringEquals');
  const guard = values('Null');
  return (
    changes.length > 0 &&
    changes.every((change) => change === 'CREATE' || change === 'UPSERT') &&
    // Without the key, `ForAllValues` would be true for every request.
    guard.length > 0 &&
    guard.every((value) => foldAscii(value) === 'false')
  );
}

const RECORD_ACTIONS = 'route53:changeresourcerecordsetsactions';

/** Why an action returns sensitive information; `undefined` if the action does not. The id may be in either case. */
export function sensitiveRead(id: string): SensitiveReadEntry | undefined {
  return SENSITIVE.get(foldAscii(id));
}

/** The ids of the curated sensitive reads that action patterns match, sorted. */
export function sensitiveReadsAmong(patterns: readonly string[]): readonly string[] {
  const matchers = patterns.map(compileActionPattern);
  return SENSITIVE_READS.map(({ action }) => action)
    .filter((action) => matchers.some((matches) => matches(action)))
    .sort();
}

/**
 * How an action gives its caller more permissions; `undefined` if the action does not. The id may be in either case.
 */
export function escalation(id: string): EscalationEntry | undefined {
  return ESCALATING.get(foldAscii(id));
}

/**
 * How an action runs SQL, which IAM cannot inspect; `undefined` if the action does not run SQL. The id may be in either
 * case. The database decides what such an action may access, so {@link accessOf} uses only the access level in AWS's
 * reference.
 */
export function runsSql(id: string): SqlAction | undefined {
  return SQL.get(foldAscii(id));
}

/** Whether an action only reads the account's identities and policies. The action must be given without wildcards. */
export function identityRead(id: string): boolean {
  return IDENTITY_READS.some((form) => form.test(id)) && !FREE.has(foldAscii(id));
}

/** Whether an action needs no permission, so that no statement can allow or deny it. The id may be in either case. */
export function needsNoPermission(id: string): boolean {
  return FREE.has(foldAscii(id));
}

const FREE: ReadonlySet<string> = new Set(NO_PERMISSION.map(foldAscii));

const classes = new WeakMap<ActionInfo, ActionAccess>();

function byAction<T extends SourcedAction>(entries: readonly T[]): ReadonlyMap<string, T> {
  return new Map(entries.map((entry) => [foldAscii(entry.action), entry] as const));
}

const SENSITIVE = byAction(SENSITIVE_READS);
const ESCALATING = byAction(ESCALATIONS);
const SQL = byAction(SQL_ACTIONS);
const ACTING = byAction(ACTING_READS);
const NOT_WRITE = byAction(READING_WRITES);
const NOT_PERMISSIONS = byAction(NO_PERMISSIONS);
const PERMISSIONS = byAction(HIDDEN_PERMISSIONS);
const NOT_DELETE = byAction(NO_DELETES);
const DELETE = byAction(HIDDEN_DELETES);
const WORDS: ReadonlySet<string> = new Set(DELETE_WORDS);

function classify(action: ActionInfo): ActionAccess {
  const id = foldAscii(action.id);
  const has = (level: ActionInfo['levels'][number]): boolean => action.levels.includes(level);
  if (PERMISSIONS.has(id)) return 'permissions';
  if (NOT_WRITE.has(id)) return 'read';
  if (has('Permissions management') && !NOT_PERMISSIONS.has(id)) return 'permissions';
  if (has('Tagging')) return 'write';
  if (has('Write')) return !NOT_DELETE.has(id) && (DELETE.has(id) || looksLikeDelete(action.name)) ? 'delete' : 'write';
  return ACTING.has(id) ? 'write' : 'read';
}

/**
 * Whether one of the words in an action's name is a delete verb. `BatchDeleteImage` has the words `batch`, `delete` and
 * `image`.
 */
function looksLikeDelete(name: string): boolean {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? []).some((word) => WORDS.has(word.toLowerCase()));
}
