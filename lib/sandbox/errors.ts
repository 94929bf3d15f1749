/** What keeps a sandbox from starting. */

export class SandboxError extends Error {
  override readonly name = 'SandboxError';
  /** How to fix it: one imperative sentence. */
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
