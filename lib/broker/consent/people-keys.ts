/** The passkey records that an administrator sees. Each person's record is verified up to the root. */
import type { RelyingParty } from '@leasehold/contract/consent';
import {
  administratorKeysAt,
  foldKeys,
  type KeyEvent,
  type PersonKeys,
  type RecordedKey,
  usableCode,
} from './key-record';
import { type TrustedKey, verifyKeys } from './verify-keys';

/** The record of a person's keys as it was received, unverified. */
export interface PersonRecord {
  readonly person: string;
  /** The events. Undefined if the broker cannot read the record. */
  readonly events: readonly unknown[] | undefined;
  readonly unauthentic?: readonly number[] | undefined;
}

/** The passkeys of one person. */
export type PersonPasskeys =
  | {
      readonly person: string;
      readonly kind: 'verified';
      readonly keys: readonly RecordedKey[];
      /** The one-time code that can be used now. */
      readonly code: PersonKeys['code'];
    }
  | { readonly person: string; readonly kind: 'broken'; readonly because: string };

/**
 * Verifies the records together, because administrators sign for other people. Never throws.
 * @param received Must contain the records of everybody who signed an event in one of the records.
 */
export async function verifyPeople(
  received: readonly PersonRecord[],
  environment: string,
  now: number,
): Promise<{ readonly people: readonly PersonPasskeys[]; readonly roots: readonly TrustedKey[] }> {
  const records = received.map((each) => ({ ...each, events: each.events ?? [] }));
  const { broken, roots } = await verifyKeys(records, environment);
  const people = received.map(({ person, events }): PersonPasskeys => {
    if (events === undefined) return { person, kind: 'broken', because: 'The broker cannot read the record.' };
    const because = broken.get(person);
    if (because !== undefined) return { person, kind: 'broken', because };
    const folded = foldKeys(person, environment, events as readonly KeyEvent[]);
    return { person, kind: 'verified', keys: folded.keys, code: usableCode(folded, now) };
  });
  return { people, roots };
}

/** Whether a person has a passkey that can sign one-time codes at this console. */
export function canSignCodes(passkeys: PersonPasskeys, relyingParty: RelyingParty): boolean {
  return passkeys.kind === 'verified' && administratorKeysAt(passkeys, relyingParty).length > 0;
}
