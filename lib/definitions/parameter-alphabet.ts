/**
 * A parameter's pattern, and the possible characters of its values.
 *
 * Only a subset of regular expressions is supported: enough to name releases, customers and paths, and small enough to
 * analyze. Any other pattern is rejected.
 */

import { largest, smallest } from '@leasehold/contract/any-length';
import { LONGEST_TAG_VALUE, PARAMETER_VALUE } from '@leasehold/contract/text';
import { decisive, type Part, PatternFault, readPattern } from './parameter-pattern';
import type { PatternProblem } from './pattern-problem';
import { tagCharacterIndex } from './tag-characters';

/**
 * A parameter's pattern, parsed once on demand. A pattern with a {@link problem} matches no value, and its methods
 * return the safe result that values may contain any character.
 */
export class ParameterPattern {
  #read: { readonly part: Part; readonly whole: RegExp } | { readonly problem: PatternProblem } | undefined;

  /** @param source the regular expression as written */
  constructor(readonly source: string) {}

  /** Why the pattern is rejected; undefined if the pattern is supported and fast to match. */
  get problem(): PatternProblem | undefined {
    const read = this.#understood();
    return 'problem' in read ? read.problem : undefined;
  }

  /** Whether the empty text matches. */
  get nullable(): boolean {
    const read = this.#understood();
    return 'problem' in read || minLength(read.part) === 0;
  }

  /** Length of the longest matching value in characters, at most {@link LONGEST_TAG_VALUE}. */
  get maxLength(): number {
    const read = this.#understood();
    return 'problem' in read ? LONGEST_TAG_VALUE : Math.min(maxLength(read.part), LONGEST_TAG_VALUE);
  }

  /** Whether a matching value can contain this character; true if uncertain. */
  canContain(char: string): boolean {
    const read = this.#understood();
    if ('problem' in read) return true;
    const index = tagCharacterIndex(char);
    return index !== undefined && ((charactersOf(read.part) >> BigInt(index)) & 1n) === 1n;
  }

  /** Whether the entire text matches; false for an unsupported pattern. */
  matches(text: string): boolean {
    const read = this.#understood();
    return 'whole' in read && read.whole.test(text);
  }

  /** The pattern as it was written, for use in JSON and messages. */
  toString(): string {
    return this.source;
  }

  toJSON(): string {
    return this.source;
  }

  #understood() {
    this.#read ??= readWhole(this.source);
    return this.#read;
  }
}

function readWhole(source: string) {
  try {
    const part = readPattern(source);
    decisive(part, source);
    return { part, whole: new RegExp(`^(?:${source})$`, 'u') };
  } catch (error) {
    if (error instanceof PatternFault) return { problem: error.problem };
    throw error;
  }
}

/**
 * Whether a value is permitted for a parameter: one of the listed values, or a text that its pattern matches entirely.
 * The empty text, texts of more than 256 characters, and texts with characters other than ASCII letters, digits, spaces
 * and tag punctuation are never permitted. False for an unsupported pattern.
 */
export function matchesParameter(
  { pattern, values }: { readonly pattern?: ParameterPattern; readonly values?: readonly string[] },
  value: string,
): boolean {
  if (!PARAMETER_VALUE.test(value)) return false;
  return values === undefined ? pattern?.matches(value) === true : values.includes(value);
}

function charactersOf(part: Part): bigint {
  switch (part.kind) {
    case 'set':
      return part.characters;
    case 'repeat':
      return charactersOf(part.part);
    default:
      return part.parts.reduce((all, inner) => all | charactersOf(inner), 0n);
  }
}

function minLength(part: Part): number {
  switch (part.kind) {
    case 'set':
      return 1;
    case 'repeat':
      return part.min * minLength(part.part);
    case 'sequence':
      return part.parts.reduce((sum, inner) => sum + minLength(inner), 0);
    case 'choice':
      return smallest(part.parts.map(minLength));
  }
}

function maxLength(part: Part): number {
  switch (part.kind) {
    case 'set':
      return 1;
    case 'repeat': {
      const longest = maxLength(part.part);
      return longest === 0 ? 0 : part.max * longest;
    }
    case 'sequence':
      return part.parts.reduce((sum, inner) => sum + maxLength(inner), 0);
    case 'choice':
      return largest(part.parts.map(maxLength));
  }
}
