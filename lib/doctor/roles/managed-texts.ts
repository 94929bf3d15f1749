/** Compares the texts of AWS-managed policies with the texts that the definitions pin. */
import type { Environment, PinnedPolicy } from '@leasehold/definitions';
import { isForPeopleOnly, managedName, roleArn } from '@leasehold/documents';
import { policyTextHash } from '@leasehold/policy/aws-managed';
import { documentIn } from '../live/decode';
import { observeEach, Unread } from '../unread';
import type { AccountVerification } from '../verification';

export const managedTexts: AccountVerification = {
  id: 'managed-text',
  part: 'roles',
  severity: 'high',
  title: 'Every AWS-managed policy has the text that is pinned for it',
  why: 'AWS can change AWS-managed policies. After a change, the broker opens no lease of the role until somebody has read and pinned the new text. A lease that is already open has the permissions of the new text until the lease ends.',
  applies: ({ roles }) => roles.some(isForPeopleOnly),
  verify: ({ environment, live }) =>
    observeEach(
      pinned(environment),
      ({ place }) => place,
      async ({ place, policy: { arn, sha256 } }) => {
        const found = hashOf(await live.policyText(arn), arn);
        if (found === sha256) return [];
        return [
          {
            kind: 'damage',
            place,
            message: `${managedName(arn)} has the text with SHA-256 ${found}, and ${sha256 ?? 'no text'} is pinned.`,
            hint: 'Update Leasehold, read with `leasehold can` what the new text permits, then pin it.',
          },
        ];
      },
    ),
};

function pinned(environment: Environment): readonly { readonly place: string; readonly policy: PinnedPolicy }[] {
  return environment.roles.flatMap((role) =>
    (role.managedPolicies ?? []).map((policy) => ({ place: roleArn(role, environment), policy })),
  );
}

function hashOf(text: string, arn: string): string {
  const unreadable = (options?: ErrorOptions) =>
    new Unread(
      { code: 'unreadable', message: `the text of ${arn} is not a policy`, hint: 'Run the doctor again.' },
      options,
    );
  const document = documentIn(text);
  if (document === undefined) throw unreadable();
  try {
    return policyTextHash(document);
  } catch (cause) {
    throw unreadable({ cause });
  }
}
