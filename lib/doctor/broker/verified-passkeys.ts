/** Types for the verification of passkeys, which the caller of the doctor implements. */

/** The result of the verification of all records of passkeys. */
export interface VerifiedPasskeys {
  /** Maps each person whose record is not trusted to the reason, as one sentence. */
  readonly broken: ReadonlyMap<string, string>;
  /** People with at least one verified passkey that was not removed. */
  readonly owners: readonly string[];
}

/**
 * Verifies the records of the given people, and of everybody who signed one of these records. `read` returns the stored
 * events of a person; an event that the broker would reject is `undefined`.
 */
export type VerifyPasskeys = (
  people: readonly string[],
  read: (person: string) => Promise<readonly unknown[]>,
) => Promise<VerifiedPasskeys>;
