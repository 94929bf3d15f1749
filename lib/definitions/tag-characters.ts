/**
 * What the value of a session tag may hold, and so what a parameter may be.
 *
 * STS takes `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`, at most 256 characters. Parameters take the ASCII part of it: two texts that
 * look the same are then the same, and what a pattern can match can be counted out.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
 */

/** Characters of a session tag's value. */
export const MAX_VALUE_LENGTH = 256;

/** Every character that a parameter's value may hold. */
export const TAG_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _.:/=+-@';

/** In words, for messages. */
export const TAG_CHARACTERS_IN_WORDS = 'ASCII letters, digits, spaces and `_ . : / = + - @`';

/** A character's place in {@link TAG_CHARACTERS}; undefined when it is not one character or may not stand in a tag. */
export function tagCharacterIndex(char: string): number | undefined {
  const index = char.length === 1 ? TAG_CHARACTERS.indexOf(char) : -1;
  return index < 0 ? undefined : index;
}

/** A text that may be the value of a parameter: 1 to 256 of those characters. */
export const TAG_VALUE = /^[A-Za-z0-9 _.:/=+\-@]{1,256}$/;
