/** A query string taken apart in the one way in which everybody reads it. */
import { decodeForm } from '../wire/read';
import { AuthRefusal } from './refusal';

/**
 * Names and values of a query string, decoded.
 * @throws {AuthRefusal} for a broken escape, and for a plus sign, which some readers take for a space.
 */
export function queryPairs(query: string): readonly (readonly [string, string])[] {
  if (query.includes('+')) throw new AuthRefusal('malformed-request', 'A space in the query string is written %20');
  try {
    return decodeForm(query);
  } catch {
    throw new AuthRefusal('malformed-request', 'The query string is wrongly encoded');
  }
}
