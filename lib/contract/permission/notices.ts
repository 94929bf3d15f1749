/**
 * Notices about effects of a lease beyond its own actions. They are worded so that an approver cannot overlook them.
 */
import type { RoleEntry } from '../manifest';
import type { Complain } from './field';
import { within } from './pattern';
import { type Permission, permissionsOf } from './permission';

/** The parts of a manifest entry that describe which roles the lease can pass or assume. */
export type HandingRole = Pick<RoleEntry, 'access' | 'passes' | 'assumes'>;

type HandedRole = NonNullable<RoleEntry['passes']>[number];

/**
 * The notices for a lease: one for each role that can be passed or assumed with the lease, and one if the lease permits
 * both writing and deleting.
 * @param entry Undefined without a manifest: then the permissions of the other roles are not known.
 * @param complain Creates the error for a role whose permissions cannot be shown in full.
 */
export function noticesOf(
  permissions: readonly Permission[],
  entry: HandingRole | undefined,
  complain: Complain,
): readonly string[] {
  const known = [...(entry?.passes ?? []), ...(entry?.assumes ?? [])];
  const mixed =
    entry?.access === 'write+delete'
      ? ['This lease can write and delete. Data that it replaces or deletes may be lost.']
      : [];
  return [...mixed, ...permissions.flatMap((permission) => handing(permission, known, complain))];
}

function handing(
  { effect, actions, resources, conditions }: Permission,
  known: readonly HandedRole[],
  complain: Complain,
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
      ...(does('iam:passrole') ? [`This lease can run code as ${who}, by ${service}; ${power(role, complain)}`] : []),
      ...(does('sts:assumerole')
        ? [`This lease can turn into ${who}, for at most an hour; ${power(role, complain)}`]
        : []),
    ];
  });
}

function power(role: HandedRole | undefined, complain: Complain): string {
  if (role === undefined) return 'the permissions of that role are not known.';
  if (role.may === 'administrator') return 'that role may do everything in the account.';
  const deeds = permissionsOf({ arn: role.arn, policy: role.may }, {}, complain).map(
    ({ actions, resources, conditions }) => {
      const when = Object.keys(conditions).length > 0 ? ' under conditions' : '';
      return `${actions.join(', ')} on ${resources.join(', ')}${when}`;
    },
  );
  return `that role may ${deeds.join('; and ')}.`;
}
