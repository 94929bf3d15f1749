/** The errors that adapters of the ports throw. */

/** The error that is thrown if AWS did not respond, or if the response does not show the outcome. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';

  constructor(
    /** The call, for example `sts:AssumeRole`. */
    readonly call: string,
    options?: ErrorOptions,
  ) {
    super(`${call} did not answer`, options);
  }
}

/** The code of {@link Refused} if the text of a managed policy is no longer the pinned text. */
export const POLICY_CHANGED = 'PolicyChanged';

/** AWS rejected the call. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly call: string,
    /** The error code of AWS, for example `AccessDenied`. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`${call} was refused: ${code}`, options);
  }
}

/** The error for a page token that is not valid for the list: the token was forged, or belongs to another list. */
export class NoSuchPage extends Error {
  override readonly name = 'NoSuchPage';

  constructor() {
    super('this list has no such page');
  }
}

/** The error that is thrown if the reviewer gives no answer. */
export class ReviewerFailed extends Error {
  override readonly name = 'ReviewerFailed';

  constructor(
    readonly why: 'timeout' | 'throttled' | 'refused' | 'nonsense' | 'unavailable',
    options?: ErrorOptions,
  ) {
    super(`the reviewer failed: ${why}`, options);
  }
}

/** The error for a token that does not identify anybody. Contains the reason, but no part of the token. */
export class TokenInvalid extends Error {
  override readonly name = 'TokenInvalid';

  constructor(
    readonly why:
      | 'malformed'
      | 'unknown-issuer'
      | 'signature'
      | 'algorithm'
      | 'audience'
      | 'expired'
      | 'not-yet-valid'
      | 'token-use'
      | 'claims'
      | 'keys-unavailable',
    options?: ErrorOptions,
  ) {
    super(`the token is not accepted: ${why}`, options);
  }
}
