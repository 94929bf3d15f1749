/** Assigns a number to each character of parameters, so that a set of characters can be a bit mask. */
import { ASCII_TAG_CHARACTERS } from '@leasehold/contract/text';

/** A character's index in {@link ASCII_TAG_CHARACTERS}; undefined for any other text. */
export function tagCharacterIndex(char: string): number | undefined {
  const index = char.length === 1 ? ASCII_TAG_CHARACTERS.indexOf(char) : -1;
  return index < 0 ? undefined : index;
}
