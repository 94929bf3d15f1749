/**
 * Patterns as rows of steps: the form in which languages of texts are compared.
 *
 * A policy variable is one opaque step. What it stands for is the same text wherever the same variable stands, and
 * nothing else is known of it.
 */
import { foldAscii, type GlobToken } from '../glob';

/** One step of a pattern. `colon` says whether it may stand for a `:`, which a step inside an ARN segment may not. */
export type Step =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'one'; readonly colon: boolean }
  | { readonly kind: 'any'; readonly colon: boolean }
  | VariableStep;

/** A variable: exactly its value; with `fold` any text that differs from it in the case of ASCII letters alone. */
export interface VariableStep {
  readonly kind: 'variable';
  readonly name: string;
  readonly fold: boolean;
  readonly colon: boolean;
}

/** Whether whatever the one variable step stands for, the other does too. */
export function standsFor(outer: VariableStep, inner: VariableStep): boolean {
  return outer.name === inner.name && (outer.fold || !inner.fold) && (outer.colon || !inner.colon);
}

/** A set of texts. */
export interface Pattern {
  readonly steps: readonly Step[];
  /** Whether ASCII letters match in either case; the characters of the steps are then lower case. */
  readonly fold: boolean;
  /** Equal for patterns that mean the same by construction. */
  readonly key: string;
  /** The one text that matches, when there is no wildcard and no variable and case matters. */
  readonly exact: string | undefined;
  /** What every matching text starts with, in lower case: enough to rule out most pairs. */
  readonly prefix: string;
  /** Names of the variables in it. */
  readonly variables: readonly string[];
}

/** A piece of a pattern before it is cut into steps: a glob token or a variable. */
export type Piece = GlobToken | { readonly kind: 'variable'; readonly name: string };

export interface PatternOptions {
  /** Whether ASCII letters match in either case. @default false */
  readonly fold?: boolean;
  /** Whether wildcards before the fifth `:` stay inside their ARN segment. @default false */
  readonly segments?: boolean;
}

/** The pattern of a row of pieces. */
export function toPattern(pieces: readonly Piece[], options: PatternOptions = {}): Pattern {
  const fold = options.fold === true;
  const steps = tidy(cut(pieces, fold, options.segments === true));
  let key = fold ? 'i' : 's';
  let head = '';
  let fixed = true;
  let variables = NO_VARIABLES;
  for (const step of steps) {
    key += stepKey(step);
    if (step.kind !== 'char') fixed = false;
    else if (fixed) head += step.char;
    if (step.kind === 'variable' && !variables.includes(step.name)) variables = [...variables, step.name];
  }
  return { steps, fold, key, exact: fixed && !fold ? head : undefined, prefix: foldAscii(head), variables };
}

/** Whether no text can be in both, judged by their fixed beginnings alone; false says nothing. */
export function startApart(left: Pick<Pattern, 'prefix'>, right: Pick<Pattern, 'prefix'>): boolean {
  return left.prefix.length < right.prefix.length
    ? !right.prefix.startsWith(left.prefix)
    : !left.prefix.startsWith(right.prefix);
}

const NO_VARIABLES: readonly string[] = [];

/** Steps are shared: a policy has many characters, and few different ones. */
const CHARS = new Map<string, Step>();
const ONE: Step = { kind: 'one', colon: true };
const ONE_IN_SEGMENT: Step = { kind: 'one', colon: false };
const ANY: Step = { kind: 'any', colon: true };
const ANY_IN_SEGMENT: Step = { kind: 'any', colon: false };

function charStep(char: string): Step {
  const known = CHARS.get(char);
  if (known !== undefined) return known;
  const step: Step = { kind: 'char', char };
  if (char < '\u0080') CHARS.set(char, step);
  return step;
}

function cut(pieces: readonly Piece[], fold: boolean, segments: boolean): Step[] {
  const steps: Step[] = [];
  let colons = 0;
  for (const piece of pieces) {
    const within = segments && colons < 5;
    if (piece.kind === 'variable') steps.push({ kind: 'variable', name: piece.name, fold, colon: !within });
    else if (piece.kind === 'one') steps.push(within ? ONE_IN_SEGMENT : ONE);
    else if (piece.kind === 'any') steps.push(within ? ANY_IN_SEGMENT : ANY);
    else {
      const text = fold ? foldAscii(piece.text) : piece.text;
      for (let index = 0; index < text.length; index++) {
        const char = text.charAt(index);
        if (char === ':') colons += 1;
        steps.push(charStep(char));
      }
    }
  }
  return steps;
}

/** `**` is `*`, and `*?` is `?*`: one spelling for one language. */
function tidy(raw: readonly Step[]): readonly Step[] {
  const clumsy = raw.some(({ kind }, index) => kind === 'any' && /^(any|one)$/.test(raw[index + 1]?.kind ?? ''));
  if (!clumsy) return raw;
  const steps: Step[] = [];
  for (const step of raw) {
    const last = steps[steps.length - 1];
    if (last?.kind === 'any' && step.kind === 'any' && last.colon === step.colon) continue;
    if (last?.kind === 'any' && step.kind === 'one' && last.colon === step.colon) steps.splice(-1, 0, step);
    else steps.push(step);
  }
  return steps;
}

/** Characters that mean something else in a key are marked. */
function stepKey(step: Step): string {
  switch (step.kind) {
    case 'char':
      return MARKED.includes(step.char) ? `\\${step.char}` : step.char;
    case 'one':
      return step.colon ? '?' : '!';
    case 'any':
      return step.colon ? '*' : '+';
    case 'variable':
      return `$${step.colon ? '' : '+'}${step.name.length}:${step.name}`;
  }
}

const MARKED = '?!*+$\\\n\u0000';

/** Matches every text. */
export const EVERYTHING: Pattern = toPattern([{ kind: 'any' }]);
