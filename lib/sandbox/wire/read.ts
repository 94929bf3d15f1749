/**
 * Reads a request's parameters so that no other server can interpret them differently. An ambiguous request is refused.
 */
import { repeatedKey } from '@leasehold/contract/strict-json';
import { type SignedRequest, UnmappedRequest } from '../service-mapping';
import { mediaType } from './protocol';

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * Parameters of the query protocols, from the query string and a form body. The object has no prototype, so every
 * name can be used as a key.
 * @throws {UnmappedRequest} if a name occurs twice, or the body is not a form.
 */
export function formParameters(
  request: Pick<SignedRequest, 'headers' | 'query' | 'body'>,
): Readonly<Record<string, string>> {
  const form = mediaType(request.headers) === 'application/x-www-form-urlencoded';
  if (request.body.length > 0 && !form) throw new UnmappedRequest('the body is not a form');
  return unique([...request.query, ...(form ? decodeForm(utf8(request.body)) : [])]);
}

/**
 * Query parameters by name. The object has no prototype, so every name can be used as a key.
 * @throws {UnmappedRequest} if a name occurs twice.
 */
export function queryParameters(request: SignedRequest): Readonly<Record<string, string>> {
  return unique(request.query);
}

/**
 * The JSON object in the body; an empty object for an empty body.
 * @throws {UnmappedRequest} if the body is not UTF-8 or not a JSON object, or if an object repeats a key.
 */
export function jsonParameters(request: SignedRequest): { readonly [name: string]: Json } {
  if (request.body.length === 0) return {};
  const text = utf8(request.body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UnmappedRequest('the body is not JSON', undefined, { cause });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new UnmappedRequest('the body is not a JSON object');
  }
  if (repeatedKey(text)) throw new UnmappedRequest('the body repeats a key in one object');
  return value as { readonly [name: string]: Json };
}

/** Name-value pairs in the format `application/x-www-form-urlencoded`. An invalid percent escape is refused. */
export function decodeForm(text: string): readonly (readonly [string, string])[] {
  if (text === '') return [];
  const decode = (part: string) => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '));
    } catch (cause) {
      throw new UnmappedRequest('a parameter has an invalid encoding', undefined, { cause });
    }
  };
  return text.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
  });
}

/** The text of a body. A body that is not UTF-8 is refused, because servers may replace invalid bytes differently. */
export function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new UnmappedRequest('the body is not UTF-8', undefined, { cause });
  }
}

function unique(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const found: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) {
    if (name in found) throw new UnmappedRequest(`the parameter ${name} occurs twice`);
    found[name] = value;
  }
  return found;
}
