/** The error of a run that cannot continue. */
import { LeaseholdError } from '@leasehold/contract/error';

export type ConformanceCode =
  | 'account'
  | 'name'
  | 'other-account'
  | 'not-installed'
  | 'refused'
  | 'interrupted'
  | 'not-removed'
  | 'unknown-probe';

/** The error for a run that did not start or that ended early. */
export class ConformanceError extends LeaseholdError<ConformanceCode> {
  override readonly name = 'ConformanceError';

  constructor(code: ConformanceCode, message: string, hint: string, options?: ErrorOptions) {
    super({ code, message, hint }, options);
  }
}
