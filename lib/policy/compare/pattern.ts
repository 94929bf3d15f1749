/**
 * Patterns as rows of steps: the form in which languages of texts are compared.
 *
 * A policy variable is one opaque step. What it stands for is the same text wherever the same variable stands, and
 * nothing else is known of it.
 */
import { foldAscii, type GlobToken } from '../glob';

/** One step of a pattern. `colon` says whether a wildcard may stand for a `:`, which one inside an ARN segment may not. */
export type Step =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'one'; readonly colon: boolean }
  | { readonly kind: 'any'; readonly colon: boolean }
  | { readonly kind: 'variable'; readonly name: string };

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

/** Matches every text. */
export const EVERYTHING: Pattern = toPattern([{ kind: 'any' }]);

/** The pattern of a row of pieces. */
export function toPattern(pieces: readonly Piece[], options: PatternOptions = {}): Pattern {
  const fold = options.fold === true;
  return fromSteps(cut(pieces, fold, options.segments === true), fold);
}

/** Whether no text can match both, judged by their fixed beginnings alone; false says nothing. */
export function startApart(left: Pattern, right: Pattern): boolean {
  const length = Math.min(left.prefix.length, right.prefix.length);
  return left.prefix.slice(0, length) !== right.prefix.slice(0, length);
}

function fromSteps(raw: readonly Step[], fold: boolean): Pattern {
  const steps = tidy(raw);
  const fixed = steps.findIndex((step) => step.kind !== 'char');
  const head = fixed < 0 ? steps : steps.slice(0, fixed);
  const text = head.map((step) => (step.kind === 'char' ? step.char : '')).join('');
  return {
    steps,
    fold,
    key: (fold ? 'i' : 's') + steps.map(stepKey).join(''),
    exact: fixed < 0 && !fold ? text : undefined,
    prefix: foldAscii(text),
    variables: [...new Set(steps.flatMap((step) => (step.kind === 'variable' ? [step.name] : [])))],
  };
}

function cut(pieces: readonly Piece[], fold: boolean, segments: boolean): Step[] {
  const steps: Step[] = [];
  let colons = 0;
  for (const piece of pieces) {
    if (piece.kind === 'variable') steps.push(piece);
    else if (piece.kind !== 'literal') steps.push({ kind: piece.kind, colon: !segments || colons >= 5 });
    else {
      for (const char of (fold ? foldAscii(piece.text) : piece.text).split('')) {
        if (char === ':') colons += 1;
        steps.push({ kind: 'char', char });
      }
    }
  }
  return steps;
}

/** `**` is `*`, and `*?` is `?*`: one spelling for one language. */
function tidy(raw: readonly Step[]): Step[] {
  const steps: Step[] = [];
  for (const step of raw) {
    const last = steps[steps.length - 1];
    if (last?.kind === 'any' && step.kind === 'any' && last.colon === step.colon) continue;
    if (last?.kind === 'any' && step.kind === 'one' && last.colon === step.colon) steps.splice(-1, 0, step);
    else steps.push(step);
  }
  return steps;
}

function stepKey(step: Step): string {
  switch (step.kind) {
    case 'char':
      return `'${step.char}`;
    case 'one':
      return step.colon ? '?' : '!';
    case 'any':
      return step.colon ? '*' : '+';
    case 'variable':
      return `$${step.name.length}:${step.name}`;
  }
}
