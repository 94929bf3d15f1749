/** The errors that the page itself throws. */
import type { Problem } from '@leasehold/contract';

/** The broker refused a call. */
export class BrokerRefusal extends Error {
  override readonly name = 'BrokerRefusal';

  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** The answer does not follow the contract. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';

  constructor(readonly status: number) {
    super(`The broker responded with status ${status} and a body that this console cannot read.`);
  }
}

/** The page refuses to continue, for example because the broker sent data that a person must not sign. */
export class PageRefusal extends Error {
  override readonly name = 'PageRefusal';

  constructor(
    message: string,
    readonly hint: string,
    readonly title = 'The console refuses',
  ) {
    super(message);
  }
}

/** The person who made the call is no longer signed in, because they signed out or another person signed in. */
export class SignedOut extends Error {
  override readonly name = 'SignedOut';
}

/** The issuer did not sign the person in. */
export class SignInFailed extends Error {
  override readonly name = 'SignInFailed';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
