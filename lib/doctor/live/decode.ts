/** Decodes policy documents in AWS responses. */
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
 * Parses JSON from a response; `undefined` if the JSON is missing, invalid or ambiguous. JSON with a duplicate key is
 * ambiguous, because AWS and this parser may use different values of the key.
 */
export function jsonIn(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : strictJson(text);
  } catch {
    return undefined;
  }
}

/** Parses a policy document from a response; `undefined` if the text is ambiguous or not a JSON object. */
export function documentIn(text: string): PolicyDocument | undefined {
  const value = jsonIn(text);
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  return isObject ? (value as PolicyDocument) : undefined;
}
