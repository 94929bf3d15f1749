/**
 * Patterns as sequences of steps. Sets of texts are compared in this form.
 *
 * A policy variable is one opaque step. All occurrences of a variable have the same value, and nothing else is known
 * about the value.
 */
import { foldAscii, type GlobToken } from '../glob';

/**
 * One step of a pattern. `colon` is true if the step may match a `:`; a step inside an ARN segment must not match a
 * `:`.
 */
export type Step =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'one'; readonly colon: boolean }
  | { readonly kind: 'any'; readonly colon: boolean }
  | VariableStep;

/**
 * A variable, which matches exactly its value. With `fold`, the variable also matches texts that differ from the value
 * only in the case of ASCII letters.
 */
export interface VariableStep {
  readonly kind: 'variable';
  readonly name: string;
  readonly fold: boolean;
  readonly colon: boolean;
}

/** Whether the outer variable step matches every text that the inner variable step matches. */
export function standsFor(outer: VariableStep, inner: VariableStep): boolean {
  return outer.name === inner.name && (outer.fold || !inner.fold) && (outer.colon || !inner.colon);
}

/** A set of texts. */
export interface Pattern {
  readonly steps: readonly Step[];
  /** Whether ASCII letters match in either case. In this case, the characters of the steps are lower case. */
  readonly fold: boolean;
  /** A key that identifies the pattern. Patterns that are constructed in the same way have the same key. */
  readonly key: string;
  /** The only text that matches, if the pattern has no wildcard and no variable and is case-sensitive. */
  readonly exact: string | undefined;
  /** The start of every matching text, in lower case. A comparison of starts rules out most pairs quickly. */
  readonly prefix: string;
  /** Names of the pattern's variables. */
  readonly variables: readonly string[];
  /** Whether a `*` that matches `:` is followed by a wildcard that does not match `:`. */
  readonly mixed: boolean;
}

/** A piece of a pattern before it is split into steps: a glob token or a variable. */
export type Piece = GlobToken | { readonly kind: 'variable'; readonly name: string };

export interface PatternOptions {
  /** Whether ASCII letters match in either case. @default false */
  readonly fold?: boolean;
  /** Whether wildcards before the fifth `:` stay inside their ARN segment. @default false */
  readonly segments?: boolean;
  /** With `segments`: whether a `*` at the end of a segment may still match across colons. @default false */
  readonly runOn?: boolean;
}

/** Converts a sequence of pieces into a pattern. */
export function toPattern(pieces: readonly Piece[], options: PatternOptions = {}): Pattern {
  return fromSteps(cut(pieces, options), options.fold === true);
}

/** Replaces the variables of a pattern with texts. The map must contain every variable. */
export function substitute({ steps, fold }: Pattern, values: ReadonlyMap<string, string>): Pattern {
  const spelled = steps.flatMap((step) =>
    step.kind === 'variable' ? charSteps(values.get(step.name) ?? '', fold) : [step],
  );
  return fromSteps(spelled, fold);
}

function fromSteps(raw: readonly Step[], fold: boolean): Pattern {
  const steps = tidy(raw);
  let key = fold ? 'i' : 's';
  let head = '';
  let [fixed, crossed, mixed] = [true, false, false];
  let variables = NO_VARIABLES;
  for (const step of steps) {
    key += stepKey(step);
    if (step.kind !== 'char') fixed = false;
    else if (fixed) head += step.char;
    if (step.kind === 'variable' && !variables.includes(step.name)) variables = [...variables, step.name];
    if (step.kind === 'any' && step.colon) crossed = true;
    else if (step.kind !== 'char' && crossed && !step.colon) mixed = true;
  }
  return { steps, fold, key, exact: fixed && !fold ? head : undefined, prefix: foldAscii(head), variables, mixed };
}

/**
 * Whether the fixed starts of two patterns prove that no string matches both. The result `false` does not prove
 * anything.
 */
export function startApart(left: Pick<Pattern, 'prefix'>, right: Pick<Pattern, 'prefix'>): boolean {
  return left.prefix.length < right.prefix.length
    ? !right.prefix.startsWith(left.prefix)
    : !left.prefix.startsWith(right.prefix);
}

const NO_VARIABLES: readonly string[] = [];

/** Step objects are shared, because the same few characters occur many times in a policy. */
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

function charSteps(text: string, fold: boolean): Step[] {
  return (fold ? foldAscii(text) : text).split('').map(charStep);
}

function cut(pieces: readonly Piece[], { fold = false, segments = false, runOn = false }: PatternOptions): Step[] {
  const steps: Step[] = [];
  let colons = 0;
  for (const [index, piece] of pieces.entries()) {
    const within = segments && colons < 5;
    if (piece.kind === 'variable') steps.push({ kind: 'variable', name: piece.name, fold, colon: !within });
    else if (piece.kind === 'one') steps.push(within ? ONE_IN_SEGMENT : ONE);
    else if (piece.kind === 'any') steps.push(within && !(runOn && endsSegment(pieces, index)) ? ANY_IN_SEGMENT : ANY);
    else {
      const chars = charSteps(piece.text, fold);
      for (const step of chars) steps.push(step);
      colons += piece.text.split(':').length - 1;
    }
  }
  return steps;
}

function endsSegment(pieces: readonly Piece[], index: number): boolean {
  const next = pieces[index + 1];
  return next?.kind === 'literal' && next.text.startsWith(':');
}

/** Normalizes a pattern: `**` becomes `*`, and `*?` becomes `?*`, so that equal patterns have equal steps. */
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

/** The key of a step. Characters with another meaning in a key are escaped. */
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
