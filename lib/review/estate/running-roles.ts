/** Finds resources, such as functions, that run with a role and whose role the plan changes. */
import { kebabCase } from '@leasehold/contract/text';
import type { RunningResource, RunningRole } from '../model';
import { type Instance, isJson, type Json, own, type ResourceChange } from '../plan/plan';
import { grantOf, roleGrantOf } from '../types/named-attributes';
import { namesRole } from '../types/suspects';
import { UNREAD_ACCESS } from '../types/unread-types';
import { type Configuration, moduleAt } from './configuration';
import { PERMISSION_SET_PARTS } from './permission-sets';
import type { PlanIndex } from './plan-index';
import { IDENTITY_PARTS, IDENTITY_TYPES } from './tables';
import { writtenAt } from './written-at';

const ROLES = [...IDENTITY_TYPES.keys()];
const PROFILE = 'aws_iam_instance_profile';

/** Existing resources whose role is different after the plan. */
export function runningRolesOf(planIndex: PlanIndex, configuration: Configuration): readonly RunningRole[] {
  return planIndex.plan.changes.flatMap((change) =>
    isRunning(change) ? [...changedRoles(planIndex, configuration, change)] : [],
  );
}

/** Resources that the plan creates and that run with a role. */
export function newRunningRolesOf(planIndex: PlanIndex, configuration: Configuration): readonly RunningRole[] {
  return planIndex.plan.changes.flatMap((change) => {
    if (!isRunning(change)) return [];
    const { before, after, afterUnknown } = change.change();
    return isJson(before) || !isJson(after)
      ? []
      : [...toRoles({ planIndex, configuration, change }, after, afterUnknown)];
  });
}

/** All resources that run with a role after the plan, changed or not. */
export function runningResourcesOf(planIndex: PlanIndex, configuration: Configuration): readonly RunningResource[] {
  const { changes, prior } = planIndex.plan;
  const seen = new Set(changes.map(({ address }) => address));
  return [
    ...changes.flatMap((instance) => {
      if (!mayRun(instance)) return [];
      const { after, afterUnknown } = instance.change();
      return toRunning({ planIndex, configuration, change: instance }, after, afterUnknown);
    }),
    ...prior.flatMap((instance) => {
      if (!mayRun(instance) || seen.has(instance.address)) return [];
      return toRunning({ planIndex, configuration, change: instance }, instance.values().values, false);
    }),
  ];
}

function toRunning(of: Of, after: unknown, afterUnknown: unknown): readonly RunningResource[] {
  if (!isJson(after)) return [];
  const roles = [...toRoles(of, after, afterUnknown)];
  if (roles.length === 0) return [];
  const { address, type } = of.change;
  const arn = own(after, 'arn');
  return [{ address, type, roles, names: namesIn(after), ...(typeof arn === 'string' ? { arn } : {}) }];
}

/** The values of the attributes that name or identify a resource. */
function namesIn(values: Json): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    /(^|_)(name|id|identifier|family)$/.test(key) && !namesRole(key) && typeof value === 'string' ? [value] : [],
  );
}

function isRunning(change: ResourceChange): boolean {
  return mayRun(change) && !change.actions.every((action) => action === 'no-op');
}

/**
 * Whether resources of the type run with the role in their attributes. False if the attributes only describe a role or
 * assign a role to others.
 */
function mayRun({ type, mode }: Instance): boolean {
  if (mode !== 'managed' || !type.startsWith('aws_')) return false;
  // An instance profile is reported with the trust of its role.
  if (IDENTITY_PARTS.has(type) || PERMISSION_SET_PARTS.has(type) || type === PROFILE) return false;
  return grantOf(type) === undefined && roleGrantOf(type) === undefined && !UNREAD_ACCESS.has(type);
}

function* changedRoles(
  planIndex: PlanIndex,
  configuration: Configuration,
  change: ResourceChange,
): Iterable<RunningRole> {
  const { before, after, afterUnknown } = change.change();
  if (!isJson(before) || !isJson(after)) return;
  yield* toRoles({ planIndex, configuration, change }, after, afterUnknown, new Map(rolesIn(before, false, '')));
}

interface Of {
  readonly planIndex: PlanIndex;
  readonly configuration: Configuration;
  readonly change: Instance;
}

/** The roles after the plan. For an existing resource, only the changed roles. */
function* toRoles(
  { planIndex, configuration, change }: Of,
  after: unknown,
  afterUnknown: unknown,
  was?: ReadonlyMap<string, string | undefined>,
): Iterable<RunningRole> {
  for (const [path, to] of rolesIn(after, afterUnknown, '')) {
    const from = was?.get(path);
    if (was !== undefined && to === from) continue;
    const place = { address: change.address, attribute: path };
    yield to === undefined
      ? { place, from, names: namesOf(planIndex, configuration, change, path) }
      : { place, from, to, names: [] };
  }
}

/** Addresses of the identities that provide a role, if the role is known only after apply. */
function namesOf(
  { references }: PlanIndex,
  { root }: Configuration,
  resource: Instance,
  path: string,
): readonly string[] {
  const { module, mode, type, name } = resource;
  const instance = { ...resource, configuration: moduleAt(root, module)?.resource(mode, type, name) };
  const written = writtenAt(instance.configuration?.expressions, path);
  const { targets } = references.followExpression(instance, written, [...ROLES, PROFILE]);
  const roles = targets.flatMap((target) =>
    target.type === PROFILE ? references.follow(target, 'role', ROLES).targets : [target],
  );
  return roles.map(({ address }) => address);
}

/** The roles in a value, by path. `undefined` for an unknown role. */
function* rolesIn(values: unknown, unknown: unknown, prefix: string): Iterable<readonly [string, string | undefined]> {
  if (Array.isArray(values)) {
    for (const [index, each] of values.entries()) yield* rolesIn(each, partOf(unknown, index), `${prefix}[${index}]`);
    return;
  }
  if (!isJson(values)) return;
  const names = new Set([...Object.keys(values), ...(isJson(unknown) ? Object.keys(unknown) : [])]);
  for (const name of names) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const value = own(values, name);
    if (!namesRole(snakeCase(name))) {
      // The keys of a map, such as tags, are chosen by the user.
      if (Array.isArray(value)) yield* rolesIn(value, own(unknown, name), path);
      else if (typeof value === 'string') yield* rolesInText(value, path);
    } else if (own(unknown, name) === true) yield [path, undefined];
    else if (typeof value === 'string' && value !== '') yield [path, value];
    else if (Array.isArray(value)) yield* rolesInList(value, own(unknown, name), path);
  }
}

/** The roles in a list of names, or in a list of blocks with a name or an ARN. */
function* rolesInList(
  list: readonly unknown[],
  unknown: unknown,
  path: string,
): Iterable<readonly [string, string | undefined]> {
  for (const [index, each] of list.entries()) {
    if (typeof each === 'string') yield [`${path} ${each}`, each];
    if (!isJson(each)) continue;
    for (const name of ['arn', 'name']) {
      const value = own(each, name);
      if (own(partOf(unknown, index), name) === true) yield [`${path}[${index}].${name}`, undefined];
      else if (typeof value === 'string' && value !== '') yield [`${path}[${index}].${name}`, value];
    }
  }
}

/** The roles in JSON text, such as the containers of a job. Roles are found by keys such as `jobRoleArn`. */
function* rolesInText(text: string, path: string): Iterable<readonly [string, string | undefined]> {
  if (!/^\s*[[{]/.test(text) || !/role/i.test(text)) return;
  try {
    yield* rolesInJson(JSON.parse(text), path);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}

function* rolesInJson(value: unknown, path: string): Iterable<readonly [string, string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
    if (typeof inner === 'string' && inner !== '' && namesRole(snakeCase(name))) yield [place, inner];
    else yield* rolesInJson(inner, place);
  }
}

/** Converts `jobRoleArn` to `job_role_arn`. */
function snakeCase(name: string): string {
  return kebabCase(name).replaceAll('-', '_');
}

function partOf(unknown: unknown, index: number): unknown {
  return Array.isArray(unknown) ? unknown[index] : unknown === true;
}
