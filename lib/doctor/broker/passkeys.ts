/** Verifies the records of people's passkeys. */

import type { Environment } from '@leasehold/definitions';
import { keyRecordName, PASSKEY_PREFIX, passkeyOwner, projectionsTableName } from '@leasehold/documents';
import { present, Unread, uncheckedBecause } from '../unread';
import type { AccountContext, AccountVerification, Damage, Observation } from '../verification';
import { eventsOf } from './records';

const HINT =
  'Find out who enrolled the passkey. If you do not know, have an administrator remove the passkeys of this person.';

export const passkeyRecords: AccountVerification = {
  id: 'passkey-records',
  part: 'broker',
  severity: 'critical',
  title: 'Every passkey belongs to a person of the definitions, and its enrolment is signed',
  why: 'Whoever has a passkey that is in the records can sign approvals. A chain of signatures must link each enrolment to the first administrator; `leasehold audit` verifies the same chain. The doctor cannot verify the MAC of an event; `leasehold audit` asks the function, which can.',
  applies: ({ broker }) => broker?.people !== undefined,
  verify: async (context) => {
    const { environment, verifyPasskeys } = context;
    if (verifyPasskeys === undefined) {
      throw new Unread({
        code: 'unreadable',
        message: 'nothing here can verify passkeys',
        hint: 'Run `leasehold doctor`, which can.',
      });
    }
    const known = people(environment);
    const { owners, unchecked } = await ownersOnRecord(context);
    const verified = await verifyPasskeys([...new Set([...known, ...owners])].sort(), (person) =>
      eventsOf(context, keyRecordName(person)),
    );
    const damage = (person: string, message: string, severity?: Damage['severity']): Damage => ({
      kind: 'damage',
      place: `passkeys of ${person}`,
      message,
      hint: HINT,
      ...(severity === undefined ? {} : { severity }),
    });
    const unknown = verified.owners.filter((person) => !known.includes(person));
    return [
      ...unchecked,
      ...[...verified.broken].map(([person, because]) =>
        damage(person, `The record of the passkeys of ${person} cannot be trusted: ${because}`),
      ),
      ...unknown.map((person) =>
        damage(person, `${person} has a passkey on record, but is not in the definitions.`, 'medium'),
      ),
    ];
  },
};

/** The names that the broker uses for all people in the definitions who can have a passkey. */
function people({ principals, approvers }: Environment): readonly string[] {
  const persons = principals.filter(({ kind }) => kind === 'person').map(({ name }) => name);
  return [...new Set([...persons, ...approvers])].sort();
}

/**
 * The owners of all passkeys that were ever used, including passkeys that have been removed. Each use of a passkey
 * advances a counter.
 */
async function ownersOnRecord({
  environment,
  live,
}: AccountContext): Promise<{ readonly owners: readonly string[]; readonly unchecked: readonly Observation[] }> {
  try {
    const items = await live.aws.list('Items', 'dynamodb', 'Scan', {
      TableName: projectionsTableName(environment),
      ProjectionExpression: '#pk',
      FilterExpression: 'begins_with(#pk, :prefix)',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ExpressionAttributeValues: { ':prefix': { S: PASSKEY_PREFIX } },
    });
    const owners = items.map(({ pk }) => {
      const key = present(pk?.S, 'the key of an item', 'dynamodb:Scan');
      return present(passkeyOwner(key), 'the owner of a passkey', 'dynamodb:Scan');
    });
    return { owners: [...new Set(owners)], unchecked: [] };
  } catch (error) {
    return { owners: [], unchecked: [uncheckedBecause(error, 'passkeys of people outside the definitions')] };
  }
}
