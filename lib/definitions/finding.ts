/** The result of a check and its place. Every complaint of Leasehold has this shape. */

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

/** One complaint: where, what is wrong, what was expected, how to fix it. */
export interface Finding {
  /** Stable kebab-case id, for example `unknown-key` or a guardrail's id. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong: one sentence that names the offending value. */
  readonly message: string;
  /** What was expected, if that adds to the message. */
  readonly expected?: string;
  /** How to fix it: one imperative sentence. */
  readonly hint: string;
  readonly at: SourceRange;
  /** The environment in which it was found, unless it was found in all of them. */
  readonly environment?: string;
  /** The page that explains it, relative to the repository, for example `docs/guardrails/no-star.md`. */
  readonly page?: string;
}

/** Whether any finding is an error. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}
