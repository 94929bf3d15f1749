/** How a command ends. */

/** What an exit code says; the same for every command. */
export const EXIT = {
  /** All is well: nothing to complain of, or the request is allowed. */
  fine: 0,
  /** The definitions have findings of severity `error`, or the request is denied. */
  findings: 1,
  /** The command line, or a place that it names, cannot be used. */
  usage: 2,
  /** A defect in Leasehold itself. */
  defect: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command line that cannot be carried out: what is wrong, what was expected, how to fix it. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly expected: string | undefined;
  readonly hint: string;

  constructor(message: string, advice: { readonly expected?: string; readonly hint: string }, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.expected = advice.expected;
    this.hint = advice.hint;
  }
}
