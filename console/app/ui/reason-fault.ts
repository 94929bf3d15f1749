/** Checks the reason of a decision or a revocation. */
import { BECAUSE } from '@leasehold/contract/text';

/** What is wrong with a reason. Undefined for a reason that the broker accepts. */
export function reasonFault(because: string): string | undefined {
  return BECAUSE.test(because) ? undefined : 'Write one line of 3 to 500 characters.';
}
