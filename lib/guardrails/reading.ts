/** Resolves a role's actions once: finds the actions that each pattern matches, and classifies them. */
import { listInWords } from '@leasehold/contract/text';
import type { Allow, Role } from '@leasehold/definitions';
import { managedPowers } from '@leasehold/documents';
import {
  type ActionAccess,
  type ActionInfo,
  accessOf,
  accessUnder,
  type Catalogue,
  escalation,
  foldAscii,
  hasWildcard,
  identityRead,
  parseActionPattern,
  sensitiveRead,
  servicesMeant,
} from '@leasehold/policy';

/** The actions that one entry of `actions:` matches. */
export interface ActionReading {
  /** The pattern as written. */
  readonly pattern: string;
  /** `all` for `*` and `service:*` in any spelling, `unknown` if no action matches, else `known`. */
  readonly kind: 'all' | 'unknown' | 'known';
  readonly wildcard: boolean;
  /** The matched actions, sorted by id. Empty if `kind` is not `known`, so that one error causes only one finding. */
  readonly actions: readonly ActionInfo[];
  readonly byAccess: Readonly<Record<ActionAccess, readonly ActionInfo[]>>;
  readonly sensitive: readonly ActionInfo[];
  /** Actions with which a caller can gain more permissions, directly or by passing a role. */
  readonly escalating: readonly ActionInfo[];
  /** Actions that let the caller use the role of an existing resource. */
  readonly hijacking: readonly ActionInfo[];
}

/** One statement with its resolved actions. */
export interface AllowReading {
  readonly allow: Allow;
  /** The key that contains the statement. */
  readonly section: 'allow' | 'deny';
  readonly index: number;
  readonly actions: readonly ActionReading[];
  /** Every action that the statement matches, without duplicates. */
  readonly granted: readonly ActionInfo[];
  /** Whether every entry of `actions:` is `known`. */
  readonly readable: boolean;
}

/** The allow statements of a role. Calls with the same role and catalogue return the same object. */
export function readAllows(role: Role, catalogue: Catalogue): readonly AllowReading[] {
  return readRole(role, catalogue).allows;
}

/** The denied statements of a role. */
export function readDenies(role: Role, catalogue: Catalogue): readonly AllowReading[] {
  return readRole(role, catalogue).denies;
}

/** Every statement of a role: first the allow statements, then the deny statements. */
export function readStatements(role: Role, catalogue: Catalogue): readonly AllowReading[] {
  return readRole(role, catalogue).all;
}

/** The actions that a pattern matches. */
export function readAction(pattern: string, catalogue: Catalogue): ActionReading {
  const { actions } = memoryOf(catalogue);
  const known = actions.get(pattern);
  if (known !== undefined) return known;
  const reading = classify(pattern, catalogue);
  actions.set(pattern, reading);
  return reading;
}

/** Every service that occurs in a role's definition, in lower case: in actions, condition keys and companions. */
export function servicesNamed(role: Role): readonly string[] {
  const handed = [...role.passes, ...role.assumes].flatMap(({ role: { may } }) => (may === 'administrator' ? [] : may));
  const statements = [...role.allow, ...role.deny, ...handed];
  const keys = statements.flatMap(({ conditions }) => Object.values(conditions).flatMap((block) => Object.keys(block)));
  const managed = managedPowers(role);
  const names = [...[...statements, ...managed].flatMap(({ actions }) => actions), ...keys]
    .map((text) => foldAscii(text.slice(0, Math.max(text.indexOf(':'), 0))))
    .concat(role.companions.map(foldAscii));
  return [...new Set(names.flatMap((name) => [name, ...servicesMeant(name)]))].filter((name) =>
    /^[a-z0-9-]+$/.test(name),
  );
}

/**
 * Whether an action can be used to gain more permissions. An action that starts a resource with a role (`launch`) does
 * not count, because `iam:PassRole` is also needed, and no role may list `iam:PassRole` in `allow`.
 */
export function escalates({ id }: ActionInfo): boolean {
  const kind = escalation(id)?.kind;
  return kind === 'identity' || kind === 'pass-role';
}

/**
 * Whether a guardrail that cannot be waived rejects the action, so that further findings about the action are
 * unnecessary.
 */
export function isRefused(action: ActionInfo): boolean {
  return escalates(action) || accessOf(action) === 'permissions';
}

/** Why the action is a sensitive read; `undefined` if it is not sensitive. */
export function whySensitive(id: string): string | undefined {
  return sensitiveRead(id)?.why ?? (identityRead(id) ? 'Tells who may do what in the account.' : undefined);
}

/** A list of actions as text. If the list is long, only the first actions are shown. */
export function listed(actions: readonly ActionInfo[], most = 4): string {
  return listInWords(
    actions.map(({ id }) => `\`${id}\``),
    { most },
  );
}

interface Memory {
  readonly actions: Map<string, ActionReading>;
  readonly roles: WeakMap<Role, RoleReading>;
}

interface RoleReading {
  readonly allows: readonly AllowReading[];
  readonly denies: readonly AllowReading[];
  readonly all: readonly AllowReading[];
}

const memories = new WeakMap<Catalogue, Memory>();

function memoryOf(catalogue: Catalogue): Memory {
  const known = memories.get(catalogue);
  if (known !== undefined) return known;
  const memory: Memory = { actions: new Map(), roles: new WeakMap() };
  memories.set(catalogue, memory);
  return memory;
}

function readRole(role: Role, catalogue: Catalogue): RoleReading {
  const known = memoryOf(catalogue).roles.get(role);
  if (known !== undefined) return known;
  const allows = role.allow.map((each, index) => readStatement(each, 'allow', index, catalogue));
  const denies = role.deny.map((each, index) => readStatement(each, 'deny', index, catalogue));
  const reading = { allows, denies, all: [...allows, ...denies] };
  memoryOf(catalogue).roles.set(role, reading);
  return reading;
}

function readStatement(
  allow: Allow,
  section: AllowReading['section'],
  index: number,
  catalogue: Catalogue,
): AllowReading {
  const actions = allow.actions.map((pattern) => underConditions(readAction(pattern, catalogue), allow));
  const [only] = actions;
  const granted =
    actions.length === 1 && only !== undefined
      ? only.actions
      : [...new Map(actions.flatMap((reading) => reading.actions.map((action) => [action.id, action]))).values()];
  return { allow, section, index, actions, granted, readable: actions.every(({ kind }) => kind === 'known') };
}

/**
 * The entry, with the statement's conditions taken into account: a condition can limit an action, for example to
 * writing.
 */
function underConditions(entry: ActionReading, { conditions }: Allow): ActionReading {
  if (entry.actions.every((action) => accessUnder(action, conditions) === accessOf(action))) return entry;
  const of = (access: ActionAccess) => entry.actions.filter((action) => accessUnder(action, conditions) === access);
  return {
    ...entry,
    byAccess: { read: of('read'), write: of('write'), delete: of('delete'), permissions: of('permissions') },
  };
}

function classify(pattern: string, catalogue: Catalogue): ActionReading {
  const wildcard = hasWildcard(pattern);
  if (standsForAll(pattern, catalogue)) return reading(pattern, 'all', wildcard, []);
  const actions = catalogue.expand(pattern);
  return reading(pattern, actions.length === 0 ? 'unknown' : 'known', wildcard, actions);
}

function standsForAll(pattern: string, catalogue: Catalogue): boolean {
  const [service = '', name = ''] = pattern.split(/:(.*)/s);
  if (hasWildcard(service)) return true;
  if (!hasWildcard(name)) return false;
  const whole = parseActionPattern(pattern) === undefined ? 0 : catalogue.expand(`${service}:*`).length;
  if (whole === 0) return false;
  // `s3:**` and `s3:?*` contain only wildcards as the name.
  return !/[^*?]/.test(name) || (whole > 1 && catalogue.expand(pattern).length === whole);
}

function reading(
  pattern: string,
  kind: ActionReading['kind'],
  wildcard: boolean,
  actions: readonly ActionInfo[],
): ActionReading {
  const of = (access: ActionAccess) => actions.filter((action) => accessOf(action) === access);
  return {
    pattern,
    kind,
    wildcard,
    actions,
    byAccess: { read: of('read'), write: of('write'), delete: of('delete'), permissions: of('permissions') },
    sensitive: actions.filter(({ id }) => whySensitive(id) !== undefined),
    escalating: actions.filter(escalates),
    hijacking: actions.filter(({ id }) => escalation(id)?.kind === 'hijack'),
  };
}
