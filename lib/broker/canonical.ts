/** Hashes of canonical JSON, so that equal values have equal hashes. */
import { canonicalJson } from '@leasehold/contract/canonical';
import type { Json } from '@leasehold/contract/event';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

export { canonicalJson } from '@leasehold/contract/canonical';
export type { Json } from '@leasehold/contract/event';

/** SHA-256 of the canonical text, in lower-case hexadecimal digits. */
export function hashOf(value: Json): string {
  return bytesToHex(digestOf(value));
}

/**
 * SHA-256 of the canonical text. This implementation works in Node and in a browser. It is synchronous because the
 * fold is synchronous.
 */
export function digestOf(value: Json): Uint8Array {
  return sha256(new TextEncoder().encode(canonicalJson(value)));
}
