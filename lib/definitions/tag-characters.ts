/** Numbers the characters of parameters, so that a set of them is a bit mask. */
import { ASCII_TAG_CHARACTERS } from '@leasehold/contract/text';

/** A character's index in {@link ASCII_TAG_CHARACTERS}; undefined for anything but one of these characters. */
export function tagCharacterIndex(char: string): number | undefined {
  const index = char.length === 1 ? ASCII_TAG_CHARACTERS.indexOf(char) : -1;
  return index < 0 ? undefined : index;
}
