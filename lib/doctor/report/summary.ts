/** Summarizes a diagnosis in numbers. */
import type { Diagnosis, Verified } from '../examine';

/** Number of verifications with the given result. */
export function countOf({ verified }: Diagnosis, result: Verified['result']): number {
  return verified.filter((each) => each.result === result).length;
}

/** Whether all data was read and no damage was found. Skipped verifications are ignored. */
export function isHealthy({ verified }: Diagnosis): boolean {
  return verified.every(({ result, unchecked }) => (result === 'ok' || result === 'skipped') && unchecked.length === 0);
}
