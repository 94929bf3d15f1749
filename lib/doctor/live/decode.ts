/** Policy documents as AWS answers them. */
import { strictJson } from '@leasehold/contract/strict-json';
import type { PolicyDocument } from '@leasehold/policy';

/** The text of a document. IAM URL-encodes documents (RFC 3986); other services do not. */
export function documentText(answered: string | undefined): string {
  const text = (answered ?? '').trim();
  if (text === '' || text.startsWith('{')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A JSON value as it was answered; `undefined` if it is missing or ambiguous. JSON parsers differ on a key that occurs
 * twice, so AWS may read another value than this reader.
 */
export function jsonIn(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : strictJson(text);
  } catch {
    return undefined;
  }
}

/** A document as it was answered; `undefined` if it is not an object, or ambiguous. */
export function documentIn(text: string): PolicyDocument | undefined {
  const value = jsonIn(text);
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  return isObject ? (value as PolicyDocument) : undefined;
}
