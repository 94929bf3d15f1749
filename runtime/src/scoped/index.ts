/**
 * Cuts less out of temporary credentials: `sts:GetScopedCredentials`, for whoever has a client of STS of their own. Agents
 * call `attenuate()` of their lease instead.
 */
export type { LeasedParts } from '../credentials/lease-credentials';
export { type ScopedCall, scopedCredentials } from '../lease/scoped-credentials';
export { LeaseError } from '../lease-error';
