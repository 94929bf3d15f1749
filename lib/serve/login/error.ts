/** The errors of a sign-in. No error contains a token or a code. */
import { LeaseError } from '@leasehold/runtime';

/**
 * The error if a person cannot be signed in, or is no longer signed in. @public
 */
export class SignInError extends LeaseError {
  override readonly name = 'SignInError';
}

/** The issuer refused the sign-in, or the person refused it on the issuer's page. */
export function refused(message: string, hint: string): SignInError {
  return new SignInError('denied', message, hint, false);
}

/** The issuer did not respond, or its response cannot be used. */
export function unreachable(message: string, hint = 'Try again in a minute.'): SignInError {
  return new SignInError('unavailable', message, hint, true);
}

/** The session is over. */
export function over(name: string): SignInError {
  return refused(
    `the sign-in of ${name} is over: it has expired, or was revoked at the issuer`,
    'Sign in again: leasehold login. To use an AWS identity instead: leasehold logout, or --identity aws.',
  );
}
