import type { Statement } from '@leasehold/policy';

/** The statement that permits attenuation: creating credentials with fewer permissions from a lease. */
export const ATTENUATE: Statement = {
  Sid: 'Attenuate',
  Effect: 'Allow',
  Action: 'sts:GetScopedCredentials',
  Resource: '*',
};
