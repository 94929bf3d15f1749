/**
 * Identifiers in IAM's formats.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The prefix of a unique id: `AIDA` for a user, `AROA` for a role, `ANPA` for a managed policy. */
export type IdPrefix = 'AIDA' | 'AROA' | 'ANPA';

/**
 * The unique id for the resource with this ARN. The id is the same in every run of the sandbox, so that logs of
 * different runs can be compared.
 */
export function uniqueId(prefix: IdPrefix, arn: string): string {
  return prefix + base32(createHash('sha256').update(arn).digest().subarray(0, 11)).slice(0, 17);
}

/**
 * A new unique id for an identity that is created while the sandbox is running. An identity that is deleted and created
 * again gets a different id.
 */
export function newId(prefix: IdPrefix): string {
  return prefix + base32(randomBytes(11)).slice(0, 17);
}

/**
 * A new access key id in an account: `AKIA` for a long-term key or `ASIA` for a temporary key, followed by 16
 * characters.
 */
export function accessKeyId(prefix: 'AKIA' | 'ASIA', account: string): string {
  const bytes = randomBytes(10);
  const head = (BigInt(account) << 7n) | BigInt((bytes[5] ?? 0) & 0x7f);
  bytes.writeUIntBE(Number(head), 0, 6);
  return prefix + base32(bytes);
}

/**
 * The account that is encoded in an access key id, as in AWS's own ids; `undefined` for a string that is not such an
 * id.
 */
export function accountOf(keyId: string): string | undefined {
  const digits = /^A[KS]IA([A-Z2-7]{16})$/.exec(keyId)?.[1];
  if (digits === undefined) return undefined;
  let bits = 0n;
  for (const digit of digits.slice(0, 10)) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(digit));
  const account = ((bits >> 2n) & 0x7fffffffff80n) >> 7n;
  return account > 999_999_999_999n ? undefined : String(account).padStart(12, '0');
}

/** A new request id. */
export function requestId(): string {
  return crypto.randomUUID();
}

function base32(bytes: Buffer): string {
  let text = '';
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const length = Math.ceil((bytes.length * 8) / 5);
  bits <<= BigInt(length * 5 - bytes.length * 8);
  for (let index = length - 1; index >= 0; index--) text += ALPHABET[Number((bits >> BigInt(index * 5)) & 31n)];
  return text;
}
