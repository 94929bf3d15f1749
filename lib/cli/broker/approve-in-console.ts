/**
 * Opens the console for a person who signed in with `leasehold login`. Approvals are signed there with a passkey, if the
 * environment uses passkeys.
 */
import { EXIT, type ExitCode, UsageError } from '../exit';
import { openPage } from '../login/open-page';
import type { Shell } from '../shell';
import { leaseIdOf } from './broker-calls';
import type { BrokerPlace } from './broker-location';

interface Options {
  readonly place: BrokerPlace;
  readonly yes: string | undefined;
  /** Whether to open the page. */
  readonly browser: boolean;
}

/**
 * Prints the address of a lease in the console, and opens it.
 * @param text The lease's id. Default: the start page, which shows the leases that wait for a decision.
 * @throws UsageError
 */
export function approveInConsole(
  text: string | undefined,
  { place, yes, browser }: Options,
  { host }: Shell,
): ExitCode {
  if (yes !== undefined) {
    throw new UsageError('a sign-in alone approves nothing', {
      expected: 'a signature with a passkey, or an MFA code of an IAM user',
      hint: 'If you have a passkey, approve in the console: leasehold approve LEASE. If you are an IAM user with MFA, use --identity aws.',
    });
  }
  const url = text === undefined ? `${place.console}/` : `${place.console}/leases/${leaseIdOf(text)}`;
  host.err(TELL);
  host.out(`${url}\n`);
  if (browser) openPage(url, host);
  return EXIT.fine;
}

/** The sign-in does not show whether the environment uses passkeys. */
const TELL =
  'Approve in the console, with a passkey. Where approvers use MFA instead of passkeys (`approveWith: mfa`), the console ' +
  'can only deny: approve as an IAM user, with --identity aws.\n';
