/** What an approval needs besides an identity. A stolen token or session must not be enough. */
import { mustSign } from '../consent/demand';
import type { Caller } from './caller';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/**
 * Refuses an approval by somebody who only signed in, unless approvals are signed with a passkey, which is demanded
 * apart from this. A sign-in token proves only that somebody signed in at some time.
 * @throws {BrokerFault} `consent-required`
 */
export function demandConsent(deps: Pick<Deps, 'environment'>, { account }: Caller): void {
  if (account === undefined || mustSign(deps)) return;
  throw new BrokerFault('consent-required', 'A sign-in alone approves nothing.', {
    hint: 'Approve with `leasehold approve`, as your IAM user with MFA.',
  });
}

/**
 * Refuses a change that can widen what people get, if the caller only signed in.
 * @throws {BrokerFault} `consent-required`
 */
export function demandMfaSession({ account }: Caller): void {
  if (account === undefined) return;
  throw new BrokerFault('consent-required', 'A sign-in alone changes no principal.', {
    hint: 'Change it with `leasehold principals`, as your IAM user with MFA.',
  });
}
