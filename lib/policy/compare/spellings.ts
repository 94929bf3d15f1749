/** The spelling of case-insensitive names in the policies, so that a witness uses the same spelling. */
import type { Policies } from '../evaluate/policies';
import { foldAscii } from '../glob';
import { statementsOf } from './sides';

/**
 * Maps the lower-case form of actions, condition keys and variables to their spelling in the policies.
 *
 * @param known Keys with a fixed spelling.
 */
export function spellings(sides: readonly Policies[], known: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const side of sides) {
    for (const { action, resource, conditions } of statementsOf(side)) {
      for (const pattern of action.patterns) names.set(foldAscii(pattern), pattern);
      for (const { text } of resource?.patterns ?? []) noteVariables(text, names);
      for (const { key, values } of conditions) {
        names.set(foldAscii(key), key);
        for (const value of values) noteVariables(value, names);
      }
    }
  }
  for (const key of known) names.set(foldAscii(key), key);
  return names;
}

function noteVariables(text: string, names: Map<string, string>): void {
  for (const [, key = ''] of text.matchAll(/\$\{([^},]+)/g)) names.set(foldAscii(key), key);
}
