/** Renders all permissions of a role, for people and for programs. */
import { append, largest } from '@leasehold/contract/any-length';
import { onOneLine } from '@leasehold/contract/text';
import type { Allow } from '@leasehold/definitions';
import type { ActionAccess, PermittedAction, Powers } from '@leasehold/policy';
import type { RolePlace } from '../choose';
import type { Paint } from '../colour';
import { pinnedJson, pinnedLines } from './managed';
import { count, pad, wrap } from './text';

/**
 * The actions of a role by service and access level. Each line also lists the resources on which the actions are
 * permitted.
 */
export function renderPowers(
  { role, environment }: RolePlace,
  powers: Powers,
  paint: Paint,
  columns = Number.POSITIVE_INFINITY,
): string {
  const { actions, services, unknown } = powers;
  const widest = largest(
    actions.map(({ id }) => id.length),
    0,
  );
  const room = Math.max(columns - widest - 4, NARROWEST);
  const lines = [
    `${paint('bold', `${role.name} in ${environment.name}`)}: ${count(actions.length, 'action')} of ${count(services.length, 'service')}`,
  ];
  for (const { service, access, among } of groups(powers)) {
    lines.push('', paint('bold', `${service}, ${access}`));
    for (const { action, on } of among) {
      const places = on.length > 0 ? on.map(({ resource, conditions }) => place(resource, conditions)) : [NOWHERE];
      const cells = places.flatMap((text) => wrap(text, room));
      append(
        lines,
        cells.map((cell, row) => `  ${pad(row === 0 ? action.id : '', widest)}  ${paint('dim', cell)}`),
      );
    }
  }
  const pinned = pinnedLines(role);
  if (pinned.length > 0) {
    lines.push('', paint('bold', 'of these, by policies that AWS manages'));
    append(
      lines,
      pinned.flatMap((line) => wrap(onOneLine(line), room).map((row) => `  ${row}`)),
    );
  }
  if (role.deny.length > 0) {
    lines.push('', paint('bold', 'never, regardless of what is listed above'));
    for (const { actions: patterns, resources, conditions } of role.deny) {
      const text = `${patterns.join(', ')} on ${resources.join(', ')}${proviso(conditions)}`;
      append(
        lines,
        wrap(onOneLine(text), room).map((line) => `  ${line}`),
      );
    }
  }
  if (unknown.length > 0) {
    append(lines, [
      '',
      paint('red', 'no action that AWS lists, so what it permits is not known'),
      ...unknown.map((pattern) => `  ${onOneLine(pattern)}`),
    ]);
  }
  return `${lines.join('\n')}\n`;
}

/** Version of the JSON format. */
const VERSION = 1;

/** The permissions of roles as JSON data. The format is stable: `version` increases with breaking changes. */
export function powersJson(places: readonly (RolePlace & { readonly powers: Powers })[]) {
  return {
    version: VERSION,
    roles: places.map(({ role, environment, powers }) => ({
      role: role.name,
      environment: environment.name,
      services: powers.services,
      actions: powers.permitted().map(({ action, access, on }) => ({
        action: action.id,
        service: action.service,
        access,
        levels: action.levels,
        on,
      })),
      managedPolicies: pinnedJson(role),
      denies: role.deny,
      unknown: powers.unknown,
    })),
  };
}

const ORDER: readonly ActionAccess[] = ['read', 'write', 'delete', 'permissions'];
/** Minimum width of the resources in columns. Narrower terminals wrap the text themselves. */
const NARROWEST = 24;
/**
 * Text shown for an action that IAM permits on the listed resources, although the action does not apply to resources of
 * these types.
 */
const NOWHERE = 'on no resource that it works on';

function groups(
  powers: Powers,
): readonly { service: string; access: ActionAccess; among: readonly PermittedAction[] }[] {
  const permitted = powers.permitted();
  return powers.services
    .flatMap((service) =>
      ORDER.map((access) => ({
        service,
        access,
        among: permitted.filter((each) => each.action.service === service && each.access === access),
      })),
    )
    .filter(({ among }) => among.length > 0);
}

function place(resource: string, conditions: Allow['conditions']): string {
  return onOneLine(`${resource}${proviso(conditions)}`);
}

function proviso(conditions: Allow['conditions']): string {
  const when = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${key} ${operator} ${values.join(' or ')}`),
  );
  return when.length > 0 ? ` if ${when.join(' and ')}` : '';
}
