import type { Statement } from '@leasehold/policy';

/** The permission to attenuate. It can only reduce permissions. */
export const ATTENUATE: Statement = {
  Sid: 'Attenuate',
  Effect: 'Allow',
  Action: 'sts:GetScopedCredentials',
  Resource: '*',
};
