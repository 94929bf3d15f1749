/** Verifies the secret that contains the reviewer's API key. The value of the secret is never read. */
import { shellOption } from '@leasehold/contract/text';
import { hasReviewerKey, reviewerSecretName } from '@leasehold/documents';
import { present } from '../unread';
import type { AccountVerification, Damage } from '../verification';

/** Number of days after which the reviewer's key should be rotated. */
const SECRET_DAYS = 365;

export const brokerSecret: AccountVerification = {
  id: 'broker-secret',
  part: 'broker',
  severity: 'high',
  title: 'The secret of the reviewer has a value, and is not scheduled for deletion',
  why: 'Without its API key, the reviewer fails, and every request that the reviewer must decide is denied.',
  applies: ({ broker }) => broker !== undefined && hasReviewerKey(broker),
  verify: async ({ environment, live, now }) => {
    const place = reviewerSecretName(environment);
    const damage = (message: string, hint: string): Damage => ({ kind: 'damage', place, message, hint });
    const found = await live.aws.find('secretsmanager', 'DescribeSecret', { SecretId: place });
    if (found === undefined) return [damage('The secret does not exist.', 'Apply the stack again.')];
    const current = Object.values(found.VersionIdsToStages ?? {}).some((stages) => stages.includes('AWSCURRENT'));
    // A secret without a value has no date of last change.
    const changed = current
      ? present(found.LastChangedDate, 'LastChangedDate', 'secretsmanager:DescribeSecret')
      : undefined;
    const days = changed && (now.getTime() - changed.getTime()) / 86_400_000;
    return [
      ...(found.DeletedDate === undefined
        ? []
        : [
            damage(
              'The secret will be deleted.',
              `Restore it: aws secretsmanager restore-secret ${shellOption('--secret-id', place)}`,
            ),
          ]),
      ...(current
        ? []
        : [
            damage(
              'The secret has no value.',
              `Set it: aws secretsmanager put-secret-value ${shellOption('--secret-id', place)} --secret-string file:///dev/stdin`,
            ),
          ]),
      ...(days !== undefined && days > SECRET_DAYS
        ? [
            {
              ...damage(
                `The secret was last changed ${Math.floor(days)} days ago.`,
                'Create a new API key with the provider, then store it in the secret.',
              ),
              severity: 'low' as const,
            },
          ]
        : []),
    ];
  },
};
