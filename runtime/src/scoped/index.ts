/**
 * Scopes temporary credentials down with `sts:GetScopedCredentials`, for code with its own STS client. Agents call
 * `attenuate()` of their lease instead.
 */
export type { LeasedParts } from '../credentials/lease-credentials';
export { type ScopedCall, scopedCredentials } from '../lease/scoped-credentials';
export { LeaseError } from '../lease-error';
