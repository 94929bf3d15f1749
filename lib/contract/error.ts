/** The base class of every error that Leasehold reports to users. It has no dependencies, so that it loads fast. */

/** The parts of an error. No part contains a credential, a code or a token. */
export interface ErrorFacts<Code extends string = string> {
  /** Stable machine-readable name of the error. */
  readonly code: Code;
  /** What is wrong, in the user's terms. */
  readonly message: string;
  /** The next step, as one imperative sentence. The step never widens permissions. */
  readonly hint: string;
}

/**
 * An error with a stable code and a hint. Its `cause` is for debugging only: neither `toString` nor `JSON.stringify`
 * shows it.
 *
 * @example if (error instanceof LeaseholdError) console.error(`${error.message}\n  hint: ${error.hint}`);
 */
export class LeaseholdError<Code extends string = string> extends Error implements ErrorFacts<Code> {
  override readonly name: string = 'LeaseholdError';
  readonly code: Code;
  readonly hint: string;

  constructor({ code, message, hint }: ErrorFacts<Code>, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }

  override toString(): string {
    return `${this.name} [${this.code}]: ${this.message} (hint: ${this.hint})`;
  }

  /** All properties of the error except the stack and the cause. */
  toJSON(): ErrorFacts<Code> & { readonly name: string } {
    const { name, code, message, hint } = this;
    return { name, code, message, hint };
  }
}
