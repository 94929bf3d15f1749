/** Exit codes of commands. */
import { defined } from '@leasehold/contract/defined';
import { LeaseholdError } from '@leasehold/contract/error';

/** The meaning of each exit code, which is the same for every command. */
export const EXIT = {
  /** Success: there are no errors, or the request would be allowed. */
  fine: 0,
  /** The definitions have findings with severity `error`, or the request is denied. */
  findings: 1,
  /** The command line is wrong, or it names a file or folder that cannot be used. */
  usage: 2,
  /** A defect in Leasehold itself. */
  defect: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * The error for a command line that cannot be executed. It states the problem, what was expected, and how to fix it.
 * Exit code 2.
 */
export class UsageError extends LeaseholdError {
  override readonly name = 'UsageError';
  readonly expected: string | undefined;

  constructor(message: string, advice: { readonly expected?: string; readonly hint: string }, cause?: unknown) {
    super({ code: 'usage', message, hint: advice.hint }, defined({ cause }));
    this.expected = advice.expected;
  }

  override toJSON() {
    return { ...super.toJSON(), ...defined({ expected: this.expected }) };
  }
}
