/** A lease as the desk of a session holds it, without people and without STS. */
import type { Permission } from '@leasehold/runtime';
import { LeaseCredentials } from '@leasehold/runtime';
import { HeldLease } from '../../../lib/mcp/lease/held-lease';

/** Credentials that no other text contains. */
export const KEYS = {
  accessKeyId: 'ASIALEASEHOLDTESTKEY',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYLEASEDKEY1',
  sessionToken: 'FwoGZXIvYXdzEJr//////////wEaDLeasedToken+tok/en==',
} as const;

/** An issued lease of `s3-deploy` that permits these actions on everything. */
export function anIssuedLease(...actions: readonly string[]): HeldLease {
  const reason = 'Upload release 1.4.2 to the deploy bucket';
  const permissions: readonly Permission[] = [{ effect: 'Allow', actions, resources: ['*'], conditions: {} }];
  const expiresAt = new Date(Date.now() + 900_000);
  const held = new HeldLease({ role: 's3-deploy', reason });
  void held.issue({
    id: 'lh-01m8n00000000000000000000',
    role: 's3-deploy',
    expiresAt,
    grant: { role: 's3-deploy', reason, parameters: {}, permissions, durationSeconds: 900 },
    credentials: async () => new LeaseCredentials({ ...KEYS, expiresAt: expiresAt.getTime() }),
    attenuate: () => Promise.reject(new Error('not needed here')),
  });
  return held;
}
