/**
 * Checks that an approval contains more proof than the caller's identity, because a stolen token or session must not be
 * sufficient to approve.
 */
import { mustSign } from '../consent/demand';
import type { Caller } from './caller';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/**
 * Refuses an approval by a caller who is authenticated only by a sign-in token. If approvals must be signed with a
 * passkey, does nothing, because another check requires the signature. A sign-in token proves only that somebody signed
 * in at some time.
 * @throws {BrokerFault} `consent-required`
 */
export function demandConsent(deps: Pick<Deps, 'environment'>, { account }: Caller): void {
  if (account === undefined || mustSign(deps)) return;
  throw new BrokerFault('consent-required', 'A sign-in alone approves nothing.', {
    hint: 'Approve with `leasehold approve`, as your IAM user with MFA.',
  });
}

/**
 * Refuses an action that can widen people's permissions if the caller is authenticated only by a sign-in token.
 * @param refusal What a sign-in alone does not permit, and what to do instead.
 * @throws {BrokerFault} `consent-required`
 */
export function demandMfaSession(
  { account }: Caller,
  { detail, hint }: { readonly detail: string; readonly hint: string },
): void {
  if (account === undefined) return;
  throw new BrokerFault('consent-required', detail, { hint });
}
