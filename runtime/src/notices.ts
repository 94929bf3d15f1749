/**
 * Notices about effects of a lease beyond its own actions. They are worded so that an approver cannot overlook them.
 */
import type { Permission } from './approval';
import type { RoleEntry } from './manifest';
import { within } from './narrowing';
import { permissionsOf } from './permissions';

type HandedRole = NonNullable<RoleEntry['passes']>[number];

/**
 * The notices for a lease: one for each role that can be passed or assumed with the lease, and one if the lease permits
 * both writing and deleting.
 */
export function noticesOf(
  permissions: readonly Permission[],
  entry: Pick<RoleEntry, 'access' | 'passes' | 'assumes'> | undefined,
): readonly string[] {
  const known = [...(entry?.passes ?? []), ...(entry?.assumes ?? [])];
  const mixed =
    entry?.access === 'write+delete'
      ? ['This lease can write and delete: what it replaces or deletes may be lost.']
      : [];
  return [...mixed, ...permissions.flatMap((permission) => handing(permission, known))];
}

function handing(
  { effect, actions, resources, conditions }: Permission,
  known: readonly HandedRole[],
): readonly string[] {
  if (effect === 'Deny') return [];
  const does = (action: string) => actions.some((each) => within(action, each.toLowerCase()));
  const to = Object.values(conditions).flatMap((keys) =>
    Object.entries(keys).flatMap(([key, values]) => (key.toLowerCase() === 'iam:passedtoservice' ? values : [])),
  );
  const service = to.length > 0 ? to.join(' or ') : 'any service';
  return resources.flatMap((arn) => {
    const role = known.find((each) => each.arn === arn);
    const who = role === undefined ? arn : `${role.name} (${arn})`;
    return [
      ...(does('iam:passrole') ? [`This lease can run code as ${who}, by ${service}; ${power(role)}`] : []),
      ...(does('sts:assumerole') ? [`This lease can turn into ${who}, for at most an hour; ${power(role)}`] : []),
    ];
  });
}

function power(role: HandedRole | undefined): string {
  if (role === undefined) return 'the permissions of that role are not known.';
  if (role.may === 'administrator') return 'that role may do everything in the account.';
  const deeds = permissionsOf({ arn: role.arn, policy: role.may }, {}).map(({ actions, resources, conditions }) => {
    const when = Object.keys(conditions).length > 0 ? ' under conditions' : '';
    return `${actions.join(', ')} on ${resources.join(', ')}${when}`;
  });
  return `that role may ${deeds.join('; and ')}.`;
}
