/**
 * The characters that IAM and STS permit in session tags and names: the one definition. Regular expressions are made of
 * the alphabets by {@link textOf}.
 */

/**
 * Characters of a session tag's key and value.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
 */
export const TAG_ALPHABET = String.raw`\p{L}\p{Z}\p{N}_.:/=+\-@`;

/** The same without spaces, which a policy variable's name cannot have. */
export const TAG_ALPHABET_WITHOUT_SPACES = String.raw`\p{L}\p{N}_.:/=+\-@`;

/**
 * The part of {@link TAG_ALPHABET} that is ASCII, one character after the other. Parameters are limited to it: two texts
 * that look the same are then the same, and what a pattern matches can be counted.
 */
export const ASCII_TAG_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _.:/=+-@';

/** The punctuation of {@link TAG_ALPHABET}, for messages. */
export const TAG_PUNCTUATION = '_ . : / = + - @';

/** {@link ASCII_TAG_CHARACTERS} in words, for messages. */
export const ASCII_TAG_CHARACTERS_IN_WORDS = `ASCII letters, digits, spaces and \`${TAG_PUNCTUATION}\``;

/** Longest value of a session tag, in characters. */
export const LONGEST_TAG_VALUE = 256;

/** Longest key of a session tag, in characters. */
export const LONGEST_TAG_KEY = 128;

/**
 * Characters of the names of roles, users, policies and sessions, and of a source identity. The `-` comes last: what is added goes before it.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const NAME_ALPHABET = String.raw`\w+=,.@-`;

/** A regular expression for a whole text of `min` to `max` characters of an alphabet. */
export function textOf(alphabet: string, min: number, max: number): RegExp {
  return new RegExp(`^[${alphabet}]{${min},${max}}$`, 'u');
}

/** A value of a parameter: 1 to 256 of the {@link ASCII_TAG_CHARACTERS}. */
export const PARAMETER_VALUE = /^[A-Za-z0-9 _.:/=+\-@]{1,256}$/;

/** Whether a character can be part of a session tag's value. */
export function isTagCharacter(char: string): boolean {
  return TAG_CHARACTER.test(char);
}

const TAG_CHARACTER = new RegExp(`^[${TAG_ALPHABET}]$`, 'u');

/**
 * Whether a character is punctuation that a session tag's value can contain, and so can end a value inside a template
 * only if the trust policy keeps it out of the value.
 */
export function isTagPunctuation(char: string): boolean {
  return ASCII_TAG_CHARACTERS.includes(char) && /^[^A-Za-z0-9]$/.test(char);
}

/** Longest command that an approver is shown, in characters. */
export const LONGEST_COMMAND = 2048;
