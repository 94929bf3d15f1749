import { LeaseholdError } from '@leasehold/contract/error';

/** An error that prevents a sandbox from starting. */
export class SandboxError extends LeaseholdError {
  override readonly name = 'SandboxError';

  /** @param options.code @default 'cannot-start' */
  constructor(
    message: string,
    hint: string,
    { code = 'cannot-start', ...options }: ErrorOptions & { readonly code?: string } = {},
  ) {
    super({ code, message, hint }, options);
  }
}
