/** Verifies the policy that the broker writes to revoke leases. */

import type { Environment } from '@leasehold/definitions';
import {
  type Denials,
  readRevocationPolicy,
  revocationPolicyArn,
  rolesWithRevocationPolicy,
} from '@leasehold/documents';
import { documentIn } from '../live/decode';
import { observeEach } from '../unread';
import type { AccountVerification, Observation } from '../verification';
import { isOnRecord } from './records';

/**
 * Parses the denials in a revocation policy; `undefined` if the document does not have the form that the broker writes.
 */
export function readDenials(text: string, environment: Environment): Denials | undefined {
  try {
    const document = documentIn(text);
    return document && readRevocationPolicy(document, environment);
  } catch {
    return undefined;
  }
}

export const revocationPolicy: AccountVerification = {
  id: 'revocation-policy',
  part: 'broker',
  severity: 'high',
  title: 'The revocation policy contains only denies of the broker, each for a lease on record',
  why: 'The broker writes the revocation policy to revoke leases. The policy cannot permit anything, whatever its content is, because the boundary of each role with this policy permits exactly what the role allows. A document that the broker did not write may lack the denies of revoked leases.',
  applies: (environment) => rolesWithRevocationPolicy(environment).length > 0,
  verify: async (context) => {
    const { environment, live } = context;
    const place = revocationPolicyArn(environment);
    const text = await live.policyText(place);
    // The verification `role-policies` reports a missing policy.
    if (text === '') return [];
    const denials = readDenials(text, environment);
    if (denials === undefined) {
      return [
        {
          kind: 'damage',
          place,
          message: 'The revocation policy contains a document that the broker does not write.',
          hint: 'Find out who wrote it, then revoke again what must be revoked: leasehold revoke --role NAME',
        },
      ];
    }
    return observeEach(
      [...denials.leases.keys()],
      (lease) => `${place}, lease ${lease}`,
      async (lease): Promise<readonly Observation[]> => {
        if (await isOnRecord(context, lease)) return [];
        return [
          {
            kind: 'damage',
            place,
            severity: 'medium',
            message: `The revocation policy denies the lease ${lease}, for which there is no record.`,
            hint: 'Find out who wrote the denial. The broker removes it within two hours.',
          },
        ];
      },
    );
  },
};
