/**
 * What the values of a parameter can look like, read off its regular expression.
 *
 * Only a part of the language of regular expressions is read: enough to name releases, customers and paths, and small
 * enough to be decided. A pattern outside it is refused, never guessed at.
 */

import { LONGEST_TAG_VALUE, PARAMETER_VALUE } from '@leasehold/contract/text';
import type { Parameter } from './model';
import { decisive, type Part, PatternFault, readPattern } from './parameter-pattern';
import { type PatternProblem } from './pattern-problem';
import { tagCharacterIndex } from './tag-characters';

/** What the values that a pattern matches have in common. */
export interface ParameterAlphabet {
  /** Whether the empty text matches. */
  readonly nullable: boolean;
  /** Whether some matching value may hold this character; true when in doubt, false only when none can. */
  canContain(char: string): boolean;
  /** Characters of the longest matching value, at most {@link LONGEST_TAG_VALUE}. */
  readonly maxLength: number;
}

/**
 * What values of a pattern can look like. Total: of a pattern that {@link patternProblem} refuses it says that its
 * values may be anything, which is the safe answer for whoever asks.
 */
export function parameterAlphabet(pattern: string): ParameterAlphabet {
  const part = readable(pattern);
  if (part === undefined) return { nullable: true, canContain: () => true, maxLength: LONGEST_TAG_VALUE };
  const characters = charactersOf(part);
  return {
    nullable: minLength(part) === 0,
    canContain: (char) => {
      const index = tagCharacterIndex(char);
      return index !== undefined && ((characters >> BigInt(index)) & 1n) === 1n;
    },
    maxLength: Math.min(maxLength(part), LONGEST_TAG_VALUE),
  };
}

/** Why a pattern is refused, or undefined for one that is understood and quick to match. */
export function patternProblem(pattern: string): PatternProblem | undefined {
  try {
    decisive(readPattern(pattern), pattern);
    return undefined;
  } catch (error) {
    if (error instanceof PatternFault) return error.problem;
    throw error;
  }
}

/**
 * Whether a value may be given for a parameter: one of the listed values, or a text that its pattern matches as a
 * whole. Never the empty text, more than 256 characters, or a character that is not an ASCII letter, a digit, a space or
 * one of `_ . : / = + - @`. False for a pattern that is not understood.
 */
export function matchesParameter(parameter: Pick<Parameter, 'pattern' | 'values'>, value: string): boolean {
  if (!PARAMETER_VALUE.test(value)) return false;
  if (parameter.values !== undefined) return parameter.values.includes(value);
  return parameter.pattern !== undefined && wholeMatch(parameter.pattern)?.test(value) === true;
}

/** Patterns come from definitions, and are few; a broker holds values against the same ones again and again. */
const compiled = new Map<string, RegExp | undefined>();
const MOST_COMPILED = 10_000;

/** The expression of a pattern that is understood, compiled once. */
function wholeMatch(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  const expression = readable(pattern) === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'u');
  if (compiled.size < MOST_COMPILED) compiled.set(pattern, expression);
  return expression;
}

function readable(pattern: string): Part | undefined {
  try {
    const part = readPattern(pattern);
    decisive(part, pattern);
    return part;
  } catch (error) {
    if (error instanceof PatternFault) return undefined;
    throw error;
  }
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
      return Math.min(...part.parts.map(minLength));
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
      return Math.max(...part.parts.map(maxLength));
  }
}
