/**
 * The characters that IAM and STS permit in session tags and names. They are defined only in this file. {@link textOf}
 * makes regular expressions from the alphabets.
 */

/**
 * Characters of a session tag's key and value.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
 */
export const TAG_ALPHABET = String.raw`\p{L}\p{Z}\p{N}_.:/=+\-@`;

/** The characters of a session tag except spaces, because the name of a policy variable cannot contain spaces. */
export const TAG_ALPHABET_WITHOUT_SPACES = String.raw`\p{L}\p{N}_.:/=+\-@`;

/**
 * The ASCII characters of {@link TAG_ALPHABET}. Parameter values are limited to these characters, so that two values
 * that look the same are equal, and the number of values that match a pattern can be computed.
 */
export const ASCII_TAG_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _.:/=+-@';

/** The punctuation of {@link TAG_ALPHABET}, for messages. */
export const TAG_PUNCTUATION = '_ . : / = + - @';

/** {@link ASCII_TAG_CHARACTERS} in words, for messages. */
export const ASCII_TAG_CHARACTERS_IN_WORDS = `ASCII letters, digits, spaces and \`${TAG_PUNCTUATION}\``;

/** Maximum length of a session tag value in characters. */
export const LONGEST_TAG_VALUE = 256;

/** Maximum length of a session tag key in characters. */
export const LONGEST_TAG_KEY = 128;

/**
 * Characters that are permitted in names of roles, users, policies and sessions, and in a source identity. In a
 * character class, `-` must be last. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const NAME_ALPHABET = String.raw`\w+=,.@-`;

/** A regular expression for a string of `min` to `max` characters, all from an alphabet. */
export function textOf(alphabet: string, min: number, max: number): RegExp {
  return new RegExp(`^[${alphabet}]{${min},${max}}$`, 'u');
}

/** A value of a parameter: 1 to 256 of the {@link ASCII_TAG_CHARACTERS}. */
export const PARAMETER_VALUE = /^[A-Za-z0-9 _.:/=+\-@]{1,256}$/;

/** Whether a session tag value can contain a character. */
export function isTagCharacter(char: string): boolean {
  return TAG_CHARACTER.test(char);
}

const TAG_CHARACTER = new RegExp(`^[${TAG_ALPHABET}]$`, 'u');

/**
 * Whether a character is punctuation that a session tag value can contain. Such a character can separate a value from
 * the rest of a template only if the trust policy forbids the character in the value.
 */
export function isTagPunctuation(char: string): boolean {
  return ASCII_TAG_CHARACTERS.includes(char) && /^[^A-Za-z0-9]$/.test(char);
}

/** Maximum length of a command that is shown to approvers, in characters. */
export const LONGEST_COMMAND = 2048;
