/** Summarizes a diagnosis in numbers. */
import type { Diagnosis, Verified } from '../examine';

/** Number of verifications with the given result. */
export function countOf({ verified }: Diagnosis, result: Verified['result']): number {
  return verified.filter((each) => each.result === result).length;
}

/** Whether everything was read and nothing is damaged. Skipped verifications do not count. */
export function isHealthy({ verified }: Diagnosis): boolean {
  return verified.every(({ result, unchecked }) => (result === 'ok' || result === 'skipped') && unchecked.length === 0);
}
