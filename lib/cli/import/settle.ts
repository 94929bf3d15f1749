/** Checks drafted roles against every rule and guardrail, and fixes or removes the parts that are rejected. */
import type { Finding, Role } from '@leasehold/definitions';
import type { Catalogue } from '@leasehold/policy';
import { checkProject } from '../project';
import type { DraftRole, DraftStatement, Home, Tale } from './model';
import { type Edit, repairOf } from './repairs';
import { merged } from './roles';
import { standIn } from './stand-in';
import { type WriteOptions, type Written, writeRoles } from './write';

/**
 * The role after all fixes: `validate` accepts it, except for text that a person must still write. There are several
 * roles if the original role was too long.
 */
export interface Settled {
  readonly roles: readonly DraftRole[];
  /** The roles as they would be deployed. Undefined if the roles cannot be loaded because of a remaining finding. */
  readonly deployed: readonly Role[] | undefined;
  /** Findings that the import could not fix. */
  readonly left: readonly Finding[];
}

export interface SettleOptions extends WriteOptions {
  readonly home: Home;
  readonly today: string;
  readonly catalogue: Catalogue;
  /** Returns whether a role name is already used. */
  readonly taken: (name: string) => boolean;
}

/**
 * Maximum number of rounds. Each round fixes the findings of the previous round. Several rounds are needed because one
 * finding may prevent another finding from being reported.
 */
const MOST_ROUNDS = 20;
/** The file name that findings use for the roles. */
const FILE = 'imported.yaml';

/** @see Settled */
export async function settle(draft: DraftRole, options: SettleOptions, tale: Tale): Promise<Settled> {
  let roles: readonly DraftRole[] = draft.allow.length > 0 ? [draft] : [];
  for (let round = 0; ; round++) {
    if (roles.length === 0) return { roles, deployed: [], left: [] };
    const written = writeRoles(roles, options);
    const { definitions, findings } = await checkProject([], { cwd: '/', today: options.today }, [
      { name: 'project.yaml', text: standIn(roles, options) },
      { name: FILE, text: written.text },
    ]);
    const errors = findings.filter(({ id, severity }) => severity === 'error' && id !== 'no-placeholder');
    const edits = round < MOST_ROUNDS ? editsFor(errors, written, roles, options.catalogue, tale) : new Map();
    if (edits.size === 0) return { roles, deployed: definitions?.environments[0]?.roles, left: errors };
    roles = uniquelyNamed(
      roles.flatMap((role, index) => applied(role, edits.get(index))),
      draft.name,
      options.taken,
    );
  }
}

type Edits = Map<number, Map<number, Edit[]>>;

/** The changes that the findings require, by role index and statement index. */
function editsFor(
  errors: readonly Finding[],
  { at }: Written,
  roles: readonly DraftRole[],
  catalogue: Catalogue,
  tale: Tale,
): Edits {
  const edits: Edits = new Map();
  for (const finding of errors) {
    const place = finding.at.file === FILE ? at.get(finding.at.line) : undefined;
    const edit = place && repairOf(finding, place.path, roles[place.role], catalogue, tale);
    if (place === undefined || edit === undefined) continue;
    const ofRole = edits.get(place.role) ?? new Map<number, Edit[]>();
    edits.set(place.role, ofRole);
    const ofOne = place.path[0] === 'allow' && edit.halve !== true && typeof place.path[1] === 'number';
    const statement = ofOne ? Number(place.path[1]) : WHOLE;
    ofRole.set(statement, [...(ofRole.get(statement) ?? []), edit]);
  }
  return edits;
}

/** Numbers the halves of a split role. */
function uniquelyNamed(
  roles: readonly DraftRole[],
  base: string,
  taken: (name: string) => boolean,
): readonly DraftRole[] {
  const used = new Set<string>();
  return roles.map((role) => {
    let name = role.name;
    for (let count = 2; used.has(name) || (name !== base && taken(name)); count++) {
      name = `${base.slice(0, 28).replace(/-+$/, '')}-${count}`;
    }
    used.add(name);
    return name === role.name ? role : { ...role, name };
  });
}

/** The index used for an edit that applies to the whole role. */
const WHOLE = -1;

function applied(role: DraftRole, edits: ReadonlyMap<number, readonly Edit[]> | undefined): readonly DraftRole[] {
  if (edits === undefined) return [role];
  const whole = edits.get(WHOLE) ?? [];
  const gone = new Set(whole.flatMap(({ denied }) => denied ?? []));
  const taken = new Set(whole.flatMap((edit) => edit.allowed ?? []));
  let unscoped = role.unscoped;
  const allow = role.allow.flatMap((statement, index) => {
    const all = edits.get(index) ?? [];
    unscoped ||= all.some((edit) => edit.unscoped);
    // A replacement of the whole statement has priority: the other findings are reported again for the new statement.
    const replacing = all.find((edit) => edit.replace !== undefined)?.replace;
    if (replacing !== undefined) return [...replacing];
    return pruned(statement, all);
  });
  const kept = allow.flatMap((statement) => pruned(statement, [{ actions: [...taken] }]));
  const deny = role.deny.filter((_, index) => !gone.has(index));
  const found = { ...role, allow: merged(kept), deny, unscoped };
  if (found.allow.length === 0) return [];
  return whole.some((edit) => edit.halve) ? halves(found) : [found];
}

function pruned(statement: DraftStatement, edits: readonly Edit[]): readonly DraftStatement[] {
  if (edits.some((edit) => edit.drop)) return [];
  const actions = new Set(edits.flatMap((edit) => edit.actions ?? []));
  const resources = new Set(edits.flatMap((edit) => edit.resources ?? []));
  const rest = {
    ...statement,
    actions: statement.actions.filter((action) => !actions.has(action)),
    resources: statement.resources.filter((resource) => !resources.has(resource)),
  };
  return rest.actions.length === 0 || rest.resources.length === 0 ? [] : [rest];
}

/** Splits a role that is too long for IAM into two, if it has more than one part. */
function halves(role: DraftRole): readonly DraftRole[] {
  const [first] = role.allow;
  const parts = role.allow.length > 1 || first === undefined ? role.allow : halvesOf(first);
  const middle = Math.ceil(parts.length / 2);
  return [parts.slice(0, middle), parts.slice(middle)]
    .filter((allow) => allow.length > 0)
    .map((allow) => ({ ...role, allow }));
}

function halvesOf(statement: DraftStatement): readonly DraftStatement[] {
  const { actions, resources } = statement;
  if (resources.length > actions.length) return cutInTwo(resources).map((half) => ({ ...statement, resources: half }));
  return cutInTwo(actions).map((half) => ({ ...statement, actions: half }));
}

function cutInTwo<T>(items: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)].filter((half) => half.length > 0);
}
