/** A finding of a check with its source position. All checks of definitions use this type. */

/** `error` stops synth and sets exit code 1; `warning` and `note` are only printed. */
export type Severity = 'error' | 'warning' | 'note';

/** A range in a source file. Lines and columns count from 1, columns in UTF-16 code units; the end is exclusive. */
export interface SourceRange {
  /** Path as the user named it, relative to the working directory, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The text of `line`, for the caret display. Undefined if the file could not be read. */
  readonly text?: string;
}

/** One finding: the position, the error, the expected value, and how to fix the error. */
export interface Finding {
  /** Stable kebab-case id, for example `unknown-key` or a guardrail's id. */
  readonly id: string;
  readonly severity: Severity;
  /** The error, as one sentence that contains the invalid value. */
  readonly message: string;
  /** The expected value, if the message does not contain it. */
  readonly expected?: string;
  /** How to fix the error, as one imperative sentence. */
  readonly hint: string;
  readonly at: SourceRange;
  /** The environment in which the error was found; undefined if it was found in all environments. */
  readonly environment?: string;
  /** The page that explains the finding, relative to the repository, for example `docs/guardrails/no-star.md`. */
  readonly page?: string;
}

/** Whether any finding is an error. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}
