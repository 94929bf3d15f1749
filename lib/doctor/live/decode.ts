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
 * Parses a JSON text from a response; `undefined` if the text is missing, invalid or ambiguous. Parsers handle
 * duplicate keys differently, so AWS may use a different value for such a key than this parser.
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
