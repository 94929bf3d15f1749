/** A loaded and checked project. */
import type { Definitions, Finding } from '@leasehold/definitions';
import type { WaivedFinding } from '@leasehold/guardrails';

/** A project, and every finding of the rules and guardrails. */
export interface CheckedProject {
  /** Undefined if the definitions cannot be read. */
  readonly definitions: Definitions | undefined;
  /** Number of files read. */
  readonly files: number;
  readonly findings: readonly Finding[];
  /** Findings that a waiver in force today suppresses. */
  readonly waived: readonly WaivedFinding[];
}
