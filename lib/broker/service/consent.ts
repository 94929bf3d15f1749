/** What an approval needs besides an identity. A stolen token or session must not be enough. */
import type { Consent } from '@leasehold/contract/consent';
import type { Caller } from './caller';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/**
 * Refuses an approval that its approver did not confirm as the definitions require: with a passkey, whose signature is
 * verified apart from this, or with the code of an IAM session. A sign-in token proves only that somebody signed in at
 * some time.
 * @throws {BrokerFault} `consent-required`
 */
export function demandConsent(
  { environment }: Pick<Deps, 'environment'>,
  { account }: Caller,
  consent: Consent | undefined,
): void {
  if (environment.broker?.people?.approveWith === 'passkey') {
    if (consent !== undefined) return;
    throw new BrokerFault('consent-required', 'An approval here needs a signature by a passkey.', {
      hint: 'Sign the approval with a passkey that you have enrolled.',
    });
  }
  if (account !== undefined) {
    throw new BrokerFault('consent-required', 'A sign-in alone approves nothing.', {
      hint: 'Approve with `leasehold approve`, as your IAM user with MFA.',
    });
  }
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
