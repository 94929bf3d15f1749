/** Parses a query string unambiguously. */
import { decodeForm } from '../wire/read';
import { AuthRefusal } from './refusal';

/**
 * Names and values of a query string, decoded.
 * @throws {AuthRefusal} for an invalid escape, and for a plus sign, which some parsers interpret as a space.
 */
export function queryPairs(query: string): readonly (readonly [string, string])[] {
  if (query.includes('+'))
    throw new AuthRefusal('malformed-request', 'A space in the query string must be written as %20');
  try {
    return decodeForm(query);
  } catch {
    throw new AuthRefusal('malformed-request', 'The query string has an invalid encoding');
  }
}
