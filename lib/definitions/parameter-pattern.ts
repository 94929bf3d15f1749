/** Parses the subset of regular expressions for a parameter's pattern, and rejects patterns that are slow to match. */
import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { append } from '@leasehold/contract/any-length';
import { ASCII_TAG_CHARACTERS, ASCII_TAG_CHARACTERS_IN_WORDS } from '@leasehold/contract/text';
import type { PatternProblem } from './pattern-problem';
import { tagCharacterIndex } from './tag-characters';

/** The structure of a pattern: sets of characters, sequences and repeats. */
export type Part =
  /** One character from a set: bit n represents character n of {@link ASCII_TAG_CHARACTERS}. */
  | { readonly kind: 'set'; readonly characters: bigint }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Part[] }
  | { readonly kind: 'repeat'; readonly min: number; readonly max: number; readonly part: Part };

/** An error that is thrown only inside this package. It carries the problem to the code that catches the error. */
export class PatternFault extends Error {
  constructor(readonly problem: PatternProblem) {
    super(problem.message);
  }
}

/** Maximum length of a pattern in characters. */
const MAX_PATTERN_LENGTH = 256;
/** Maximum count of a counted repeat. A value with more characters is never valid. */
const MAX_REPEAT = 256;
/**
 * Maximum number of positions in a pattern, outside its repeats, at which the next character does not determine how
 * matching continues.
 */
const MAX_UNDECIDED = 3;

const READ = 'characters, classes such as `[a-z0-9]`, groups, `|`, and the repeats `?` `*` `+` `{2}` `{1,8}`';

/** @throws PatternFault for a pattern that is not entirely supported */
export function readPattern(pattern: string): Part {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw new PatternFault({
      message: `The pattern has ${pattern.length} characters; at most ${MAX_PATTERN_LENGTH} characters are permitted.`,
      hint: 'Write a shorter pattern.',
      piece: pattern,
    });
  }
  let parsed: AST.Pattern;
  try {
    parsed = new RegExpParser({ ecmaVersion: 2018 }).parsePattern(pattern, 0, pattern.length, { unicode: true });
  } catch (error) {
    const said =
      error instanceof Error ? error.message.replace(/^Invalid regular expression: .*: /s, '') : String(error);
    throw new PatternFault({
      message: `The pattern is not a valid regular expression: ${said.charAt(0).toLowerCase()}${said.slice(1)}.`,
      expected: READ,
      hint: 'Put a backslash only before a character with a special meaning, as in `\\.`.',
      piece: pattern,
    });
  }
  return alternatives(parsed.alternatives);
}

/**
 * Rejects a pattern on which a backtracking matcher could take very long. The rule is stricter than necessary: a
 * repeated part cannot be empty, and at most one alternative can; inside a repeat the next character determines how to
 * continue; and outside repeats there are at most three positions at which it does not. So `(a+)+`, `(a|ab)*` and
 * `a*a*a*a*` are rejected, while `[a-z]+(-[a-z]+)*` and `[a-z]([a-z-]*[a-z])?` are not.
 * @throws PatternFault
 */
export function decisive(part: Part, pattern: string): void {
  const graph = new Positions();
  const { first } = graph.add(part, pattern);
  const undecided = [first, ...graph.follow].filter((next) => graph.overlap(next));
  const looping = graph.follow.some((next, from) => graph.overlap(next.filter((to) => graph.reaches(to, from))));
  if (looping || undecided.length > MAX_UNDECIDED) {
    throw new PatternFault({
      message: looping
        ? 'In a repetition of this pattern, the next character does not determine how matching continues, so matching could take very long.'
        : `At more than ${MAX_UNDECIDED} positions of this pattern, the next character does not determine how matching continues, so matching could take very long.`,
      expected: 'repeats whose alternatives, and whose end, begin with different characters',
      hint: 'Separate the repeated parts by a character that they cannot contain, as in `[a-z]+(-[a-z]+)*`.',
      piece: pattern,
    });
  }
}

function alternatives(all: readonly AST.Alternative[]): Part {
  const parts = all.map(({ elements }): Part => ({ kind: 'sequence', parts: elements.map(element) }));
  return { kind: 'choice', parts };
}

function element(node: AST.Element): Part {
  switch (node.type) {
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
      return { kind: 'set', characters: characters(node) };
    case 'Group':
    case 'CapturingGroup':
      return alternatives(node.alternatives);
    case 'Quantifier':
      return quantifier(node);
    case 'Assertion':
      if (node.kind === 'start' || node.kind === 'end') {
        return refuse(node, 'is not needed', `Remove \`${node.raw}\`: a pattern always matches the whole value.`);
      }
      return refuse(
        node,
        'is a lookaround, which is not supported',
        'Use only characters, character classes and repetitions.',
      );
    default:
      return refuse(node, 'is not supported', 'Use only characters, character classes and repetitions.');
  }
}

function quantifier(node: AST.Quantifier): Part {
  if (!node.greedy) {
    return refuse(
      node,
      'is a lazy repeat, which is not supported',
      'Remove the second `?`: a pattern always matches the whole value.',
    );
  }
  if (node.max === 0) return refuse(node, 'stands for nothing', 'Remove it.');
  if (node.min > MAX_REPEAT || (node.max > MAX_REPEAT && node.max !== Number.POSITIVE_INFINITY)) {
    return refuse(
      node,
      `repeats more than ${MAX_REPEAT} times`,
      `Reduce the repetition to at most ${MAX_REPEAT} times, because no value can have more characters.`,
    );
  }
  return { kind: 'repeat', min: node.min, max: node.max, part: element(node.element) };
}

function characters(node: AST.Character | AST.CharacterClass | AST.CharacterSet): bigint {
  for (const literal of literals(node)) {
    if (tagCharacterIndex(String.fromCodePoint(literal.value)) === undefined) {
      refuse(literal, 'is not valid in a session tag, so no value contains it', 'Remove it from the pattern.');
    }
  }
  // The character class is evaluated by the JavaScript engine, which also matches values, so that both always agree.
  const piece = new RegExp(`^${node.raw}$`, 'u');
  const found = [...ASCII_TAG_CHARACTERS].reduce(
    (all, char, index) => (piece.test(char) ? all | (1n << BigInt(index)) : all),
    0n,
  );
  if (found === 0n)
    refuse(node, 'matches no character that is valid in a value', 'Use characters that are valid in a value.');
  return found;
}

function literals(node: AST.Character | AST.CharacterClass | AST.CharacterSet): readonly AST.Character[] {
  if (node.type === 'Character') return [node];
  if (node.type !== 'CharacterClass' || node.negate || node.unicodeSets) return [];
  return node.elements.filter((member): member is AST.Character => member.type === 'Character');
}

function refuse(node: AST.Node, why: string, hint: string): never {
  const expected = why.includes('never stand') || why.includes('no character') ? ASCII_TAG_CHARACTERS_IN_WORDS : READ;
  throw new PatternFault({ message: `In the pattern \`${node.raw}\` ${why}.`, expected, hint, piece: node.raw });
}

/**
 * The positions of a pattern at which a character is read, and the positions that can follow each (Glushkov's
 * construction). If a position can follow another in two ways, as in `(a+)+`, it is listed twice.
 */
class Positions {
  private readonly sets: bigint[] = [];
  readonly follow: number[][] = [];

  /** Adds a part: its possible first and last positions, and whether it may be empty. */
  add(part: Part, pattern: string): { first: number[]; last: number[]; empty: boolean } {
    switch (part.kind) {
      case 'set': {
        const at = this.position(part.characters);
        return { first: [at], last: [at], empty: false };
      }
      case 'choice': {
        const all = part.parts.map((inner) => this.add(inner, pattern));
        if (all.filter(({ empty }) => empty).length > 1) {
          throw new PatternFault({
            message: 'More than one alternative of this pattern may be empty, so matching could take very long.',
            hint: 'Let only one alternative be empty, as in `(a|b)?` for `(a?|b?)`.',
            piece: pattern,
          });
        }
        return {
          first: all.flatMap(({ first }) => first),
          last: all.flatMap(({ last }) => last),
          empty: all.some(({ empty }) => empty),
        };
      }
      case 'sequence':
        return this.sequence(part.parts, pattern);
      case 'repeat':
        return this.repeat(part, pattern);
    }
  }

  /** Whether two of the positions share a character, so that the character does not determine the position. */
  overlap(places: readonly number[]): boolean {
    let seen = 0n;
    for (const place of places) {
      const set = this.sets[place] ?? 0n;
      if ((seen & set) !== 0n) return true;
      seen |= set;
    }
    return false;
  }

  /** Whether a position can follow another one directly or later, or is the same position. */
  reaches(from: number, to: number): boolean {
    const seen = new Set([from]);
    for (const place of seen) {
      if (place === to) return true;
      for (const next of this.follow[place] ?? []) seen.add(next);
    }
    return false;
  }

  private sequence(parts: readonly Part[], pattern: string): { first: number[]; last: number[]; empty: boolean } {
    let whole = { first: [] as number[], last: [] as number[], empty: true };
    for (const inner of parts) {
      const next = this.add(inner, pattern);
      this.link(whole.last, next.first);
      whole = {
        first: whole.empty ? [...whole.first, ...next.first] : whole.first,
        last: next.empty ? [...whole.last, ...next.last] : next.last,
        empty: whole.empty && next.empty,
      };
    }
    return whole;
  }

  private repeat(
    { min, max, part }: Extract<Part, { kind: 'repeat' }>,
    pattern: string,
  ): { first: number[]; last: number[]; empty: boolean } {
    // A counted repeat of one character is never ambiguous, so two consecutive positions represent all repetitions.
    if (part.kind === 'set' && min === max) {
      const start = this.position(part.characters);
      if (max === 1) return { first: [start], last: [start], empty: false };
      const end = this.position(part.characters);
      this.link([start], [end]);
      return { first: [start], last: [end], empty: false };
    }
    const once = this.add(part, pattern);
    if (max > 1) {
      if (once.empty) {
        throw new PatternFault({
          message: 'This pattern repeats an expression that may be empty, so matching could take very long.',
          hint: 'Repeat a part of at least one character, as in `(a+b)*` for `(a*b?)*`.',
          piece: pattern,
        });
      }
      this.link(once.last, once.first);
    }
    return { ...once, empty: once.empty || min === 0 };
  }

  private position(characters: bigint): number {
    this.sets.push(characters);
    this.follow.push([]);
    return this.sets.length - 1;
  }

  private link(from: readonly number[], to: readonly number[]): void {
    for (const place of from) append(this.follow[place] ?? [], to);
  }
}
