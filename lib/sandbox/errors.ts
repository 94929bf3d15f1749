/** What keeps a sandbox from starting. */

export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  /** How to mend it: one imperative sentence. */
  readonly mend: string;

  constructor(message: string, mend: string, options?: ErrorOptions) {
    super(message, options);
    this.mend = mend;
  }
}
